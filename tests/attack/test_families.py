"""One crate of a family of twenty hides a change among nineteen that are alike: it always comes to light.

Each of them changes the same things from 1.0.0 to 1.1.0. The hidden change is one byte, a mode, a file, a name; the
family is put side by side, and the one that differs has to be the outlier, with what differs in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deltas import shape
from vetflow.review.families import Family, Shape, family

NAMES: Final = [f"kiln-{letter}" for letter in "abcdefghijklmnopqrst"]
SCRIPT: Final = 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n}\n'


def files(name: str, version: str) -> dict[str, str | bytes]:
    """What each of them holds in a version."""
    is_new = version == "1.1.0"
    library = name.replace("-", "_")
    return {
        "Cargo.toml": f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\n',
        ".cargo_vcs_info.json": f'{{\n  "git": {{ "sha1": "{version}" }},\n  "path_in_vcs": "crates/{name}"\n}}',
        "build.rs": SCRIPT.replace("}\n", '    println!("cargo:rustc-check-cfg=cfg(hot)");\n}\n') if is_new else SCRIPT,
        "src/lib.rs": "pub fn fire() {}\n\npub fn cool() {}\n" + ("pub fn smoke() {}\n" if is_new else ""),
        "examples/e.rs": f"fn main() {{\n    {library}::fire();\n"
        + (f"    {library}::smoke();\n" if is_new else "")
        + "}\n",
        "data.bin": b"\0\1\2" + (b"\3" if is_new else b""),
        "README.md": "fires\n",
    }


OTHERS: Final = {name: shape(name, files(name, "1.0.0"), files(name, "1.1.0")) for name in NAMES}


def side_by_side(hidden: Shape) -> Family:
    return family([hidden if name == hidden.member.pair.crate else each for name, each in OTHERS.items()])


def surfaces(hidden: Shape) -> bool:
    """Whether the one that differs is the only outlier, and something of it is shown."""
    found = side_by_side(hidden)
    (outlier,) = found.outliers
    alike = {found.representative.crate, *(pair.crate for pair, _ in found.same)}
    return (
        outlier.pairs == (hidden.member.pair,)
        and alike == set(NAMES) - {hidden.member.pair.crate}
        and bool(outlier.extra or outlier.lacking)
    )


def test_twenty_that_are_alike_have_no_outlier() -> None:
    found = side_by_side(OTHERS["kiln-c"])
    assert (found.representative.crate, found.outliers) == ("kiln-a", ())
    assert [pair.crate for pair, _ in found.same] == NAMES[1:]


def test_every_line_that_differs_from_the_one_that_is_read_is_shown() -> None:
    (_, named), *_ = side_by_side(OTHERS["kiln-c"]).same
    assert [(each.path, each.line.text) for each in named] == [("examples/e.rs", "    kiln_b::smoke();")]


@given(data=st.data())
def test_one_changed_byte(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    new = files(name, "1.1.0")
    path = data.draw(st.sampled_from(sorted(new)))
    content = new[path]
    whole = content.encode() if isinstance(content, str) else content
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    assert surfaces(shape(name, files(name, "1.0.0"), {**new, path: changed}))


def hide(change: Callable[[str, dict[str, str | bytes]], None]) -> Callable[[str], Shape]:
    def made(name: str) -> Shape:
        new = files(name, "1.1.0")
        change(name, new)
        return shape(name, files(name, "1.0.0"), new)

    return made


def _add(path: str, content: str | bytes) -> Callable[[str, dict[str, str | bytes]], None]:
    return lambda _, new: new.update({path: content})


def _remove(path: str) -> Callable[[str, dict[str, str | bytes]], None]:
    def change(_: str, new: dict[str, str | bytes]) -> None:
        del new[path]

    return change


def _replace(path: str, old: str, replacement: str) -> Callable[[str, dict[str, str | bytes]], None]:
    def change(name: str, new: dict[str, str | bytes]) -> None:
        text = new[path]
        assert isinstance(text, str)
        assert old in text
        words = replacement.replace("{name}", name).replace("{lib}", name.replace("-", "_"))
        new[path] = text.replace(old, words)

    return change


@pytest.mark.parametrize("name", ["kiln-a", "kiln-k", "kiln-t"])
@pytest.mark.parametrize(
    "hidden",
    [
        hide(_add("src/helper.so", b"\x7fELF\0")),
        hide(_add("data.bin", b"\0\1\2\4")),
        hide(_add("src/other.rs", "")),
        hide(_remove("README.md")),
        hide(_replace("build.rs", "cfg(hot)", "cfg({name})")),
        hide(_replace("build.rs", "cfg(hot)", "cfg({lib}::hot)")),
        hide(_replace("build.rs", "    println", '    get("https://{name}.example.org");\n    println')),
        hide(_replace("build.rs", "    println", '    std::process::Command::new("{name}").status();\n    println')),
        hide(_replace("build.rs", "    println", "    {lib}();\n    println")),
        hide(_replace("Cargo.toml", "edition", 'build = "src/lib.rs"\nedition')),
        hide(
            _replace(
                "Cargo.toml", 'edition = "2021"\n', 'edition = "2021"\n\n[dependencies.{name}]\nversion = "1.1.0"\n'
            )
        ),
        hide(_replace("build.rs", "}\n", "}")),
        hide(_replace("build.rs", "\n", "\r\n")),
        hide(_replace("src/lib.rs", "smoke() {}", "smoke() {}\u200b")),
        hide(_replace("README.md", "fires", "\0vetflow:name\0")),
    ],
)
def test_a_hidden_change(name: str, hidden: Callable[[str], Shape]) -> None:
    assert surfaces(hidden(name))


def test_a_file_that_may_be_executed() -> None:
    assert surfaces(shape("kiln-k", files("kiln-k", "1.0.0"), files("kiln-k", "1.1.0"), executable=["README.md"]))
    assert surfaces(shape("kiln-k", files("kiln-k", "1.0.0"), files("kiln-k", "1.1.0"), executable=["build.rs"]))


def test_a_file_that_was_renamed() -> None:
    old, new = files("kiln-k", "1.0.0"), files("kiln-k", "1.1.0")
    new["build2.rs"] = new.pop("build.rs")
    assert surfaces(shape("kiln-k", old, new, renamed={"build.rs": "build2.rs"}))


@pytest.mark.parametrize(
    ("before", "after", "options"),
    [
        ("notes.txt", "build.rs", {"renamed": {"notes.txt": "build.rs"}}),
        ("run.sh", "run.sh", {"executable": ["run.sh"]}),
        ("run.sh", "run.sh", {"recast": ["run.sh"]}),
    ],
)
def test_what_a_file_held_before_it_was_put_to_use(before: str, after: str, options: dict[str, Any]) -> None:
    """Not one of its lines changed, or one that changed everywhere: what differs was there, and did nothing."""

    def member(name: str) -> Shape:
        held = f"run({'evil' if name == 'kiln-k' else 'good'})\n" + "let a = 1;\n" * 9
        added = "" if before != after or "executable" in options else "more()\n"
        old, new = ({"Cargo.toml": files(name, version)["Cargo.toml"]} for version in ("1.0.0", "1.1.0"))
        return shape(name, {**old, before: held}, {**new, after: held + added}, **options)

    found = family(map(member, NAMES))
    assert [pair.crate for outlier in found.outliers for pair in outlier.pairs] == ["kiln-k"]


def test_the_same_words_in_a_crate_whose_old_code_is_other_code() -> None:
    old, new = files("kiln-k", "1.0.0"), files("kiln-k", "1.1.0")
    far = "    let a = 1;\n" * 5
    for side in (old, new):
        text = side["build.rs"]
        assert isinstance(text, str)
        side["build.rs"] = text.replace("fn main() {\n", f"fn main() {{\n    evil();\n{far}")
    assert surfaces(shape("kiln-k", old, new))


def test_a_crate_that_takes_the_name_of_a_program() -> None:
    """Nineteen name themselves in a string; the twentieth, called like a program, does so with another meaning."""
    names = (*NAMES[:-1], "curl")
    found = family(
        shape(name, files(name, "1.0.0"), {**files(name, "1.1.0"), "build.rs": f'fn main() {{ run("{name}") }}\n'})
        for name in names
    )
    assert found.same == ()
    outliers = {pair.crate for outlier in found.outliers for pair in outlier.pairs}
    assert outliers == {*names} - {found.representative.crate}


def test_a_majority_that_hides_shows_the_minority_and_is_read_itself() -> None:
    hidden = [
        shape(name, files(name, "1.0.0"), {**files(name, "1.1.0"), "build.rs": "fn main() { evil(); }\n"})
        for name in NAMES[:15]
    ]
    found = family([*hidden, *(OTHERS[name] for name in NAMES[15:])])
    assert found.representative == hidden[0].member.pair
    assert [pair.crate for pair in found.outliers[0].pairs] == NAMES[15:]
