"""What an author can vary freely does not change what is found: names, comments, layout, files nobody compiles."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.crates import contents_of
from tests.surfaces import analysed, published
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Tier

STATEMENTS = (
    'let local_a = std::process::Command::new("curl").arg("x").output();',
    'let local_b = std::env::var("GITHUB_TOKEN").unwrap();',
    'let local_c = std::net::TcpStream::connect("c2.invalid:443");',
    'let local_d = "cu".to_string() + "rl"; std::process::Command::new(local_d).spawn().ok();',
    "for local_e in std::env::vars() { helper_f(local_e.0); }",
    'std::fs::write("/etc/hosts", "x").ok();',
    'println!("cargo:rustc-link-arg=-Wl,--wrap=open");',
    'let local_g = std::env::var("OUT_DIR").unwrap(); std::fs::write(local_g + "/x", "y").ok();',
    'let local_h = std::fs::read("data/blob.bin").unwrap();',
    'let local_i = include_bytes!("data/blob.bin");',
    "unsafe { std::hint::unreachable_unchecked() }",
    "inner_j::act_k();",
)
INNER = 'pub fn act_k() { let local_l = std::process::Command::new("sh"); local_l.status().ok(); }'

statements = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6, unique=True)
insertions = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from([" ", "\n", "\t", "/* a */", "// a\n", "/* /* b */ */", "\r\n"])),
    max_size=12,
)
suffixes = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
others = st.dictionaries(
    st.sampled_from(["tests/a.rs", "benches/b.rs", "docs/c.txt", "examples/d.rs", "src/lib.rs", "notes"]),
    st.sampled_from(["", "fn main() {}", 'fn f() { std::process::Command::new("curl"); }', "mod gone;", "\x00"]),
)


def package(code: str, inner: str = INNER) -> CrateFiles:
    return published({"build.rs": code, "inner_j.rs": inner, "src/lib.rs": "", "data/blob.bin": b"\x1f\x8b\x08\0"})


def script(body: list[str]) -> str:
    return "mod inner_j;\nfn helper_f<T>(_: T) {}\nfn main() {\n" + "\n".join(body) + "\n}\n"


def what(evidence: tuple[Evidence, ...]) -> set[tuple[str, int]]:
    return {(each.rule, int(each.grade)) for each in evidence}


def between_tokens(code: str, places: list[tuple[int, str]]) -> str:
    """Return the code with blanks and comments put where blanks are already, outside of strings."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', code)
    gaps = [(index, found.start()) for index in range(0, len(pieces), 2) for found in re.finditer(r"\s", pieces[index])]
    put = {gaps[number % len(gaps)]: text for number, text in places}
    for (index, offset), text in sorted(put.items(), reverse=True):
        pieces[index] = pieces[index][:offset] + " " + text + pieces[index][offset:]
    return "".join(pieces)


@given(statements, insertions)
def test_comments_and_layout_change_nothing(body: list[str], places: list[tuple[int, str]]) -> None:
    code = script(body)
    assert what(analysed(package(between_tokens(code, places))).evidence) == what(analysed(package(code)).evidence)


@given(statements, suffixes)
def test_other_names_never_lower_a_grade(body: list[str], suffix: str) -> None:
    code = script(body)
    renamed, inner = (re.sub(r"\b(local|helper|act)_(\w)\b", rf"\1_\2_{suffix}", text) for text in (code, INNER))
    assert what(analysed(package(renamed, inner)).evidence) >= what(analysed(package(code)).evidence)


@given(statements, others)
def test_files_that_nothing_reaches_change_nothing_of_the_build(body: list[str], more: dict[str, str]) -> None:
    files = package(script(body))
    added = {**files, **contents_of(more)}
    before, after = analysed(files), analysed(added)
    tiers = {Tier.BUILD_SCRIPT, Tier.PROC_MACRO}
    assert [each for each in after.evidence if each.tier in tiers] == [
        each for each in before.evidence if each.tier in tiers
    ]
    assert after.surface == before.surface
    assert after.digest == before.digest


@given(
    st.binary(max_size=300), st.sampled_from(["build.rs", "inner_j.rs", "data/blob.bin", "Cargo.lock", "src/lib.rs"])
)
def test_no_bytes_make_it_fail(content: bytes, path: str) -> None:
    files = dict(package(script(list(STATEMENTS))))
    files[path] = CrateFile(path, executable=True, content=content)
    assert analysed(files, host_library=True).grade >= 0


@given(st.text(alphabet='mod includ!_strbyes()[]{};#="./*\\ax\n', max_size=120))
def test_no_text_makes_it_fail(text: str) -> None:
    assert analysed(package(text + script(["inner_j::act_k();"]))).grade >= 0
