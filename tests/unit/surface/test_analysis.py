from __future__ import annotations

import pytest

from tests.crates import contents_of
from tests.surfaces import STARTS_A_PROGRAM, analysed, graded, published, with_build_script, with_proc_macro
from vetflow.errors import VetflowError
from vetflow.surface.tiers import Grade, Tier

MAIN = "fn main() {}"


def tiers(files: dict[str, str], *, tables: str = "", host_library: bool = False, under_review: bool = True) -> object:
    found = analysed(published(files, tables=tables), host_library=host_library, under_review=under_review)
    return {file.path: file.tier.value for file in found.surface.files}


def test_each_file_has_the_first_tier_it_belongs_to() -> None:
    files = {"build.rs": 'mod shared; include_str!("a.txt");', "shared.rs": "", "a.txt": "", "src/lib.rs": "mod b;"}
    files |= {"src/b.rs": 'fn f() { read("c.txt"); }', "c.txt": "", "tests/t.rs": "", "README.md": ""}
    own = {"build.rs": "T1", "shared.rs": "T1", "a.txt": "T4"}
    assert tiers(files) == own
    assert tiers(files, host_library=True) == {**own, "src/lib.rs": "T3", "src/b.rs": "T3", "c.txt": "T4"}
    assert tiers(files, host_library=True, under_review=False) == own
    macro = tiers(files, tables="[lib]\nproc-macro = true", under_review=False)
    assert macro == {**own, "src/lib.rs": "T2", "src/b.rs": "T2", "c.txt": "T4"}


def test_a_library_is_read_at_run_time_grades_only_for_a_review() -> None:
    code = 'pub fn f() { if std::env::var("CI").is_ok() { std::net::TcpStream::connect("a.invalid:1").ok(); } }'
    files = published({"src/lib.rs": code})
    assert analysed(files).grade is Grade.ALERT
    assert analysed(files, under_review=False).evidence == ()
    assert analysed(files).surface.files == ()


@pytest.mark.parametrize("name", ["assets/logo.bin", "docs/CHANGELOG.md", "tests/data/x"])
def test_code_counts_whatever_its_file_is_called(name: str) -> None:
    analysis = analysed(with_build_script(f'#[path = "{name}"] mod a; {MAIN}', {name: STARTS_A_PROGRAM}))
    assert analysis.grade is Grade.ALERT
    assert analysis.evidence[0].path == name


def test_dependencies_of_the_right_tables_explain_names() -> None:
    files = {"build.rs": 'fn main() { tidy::get("x").call(); }', "src/lib.rs": ""}
    for table in ("build-dependencies", "target.'cfg(windows)'.build-dependencies"):
        renamed = f'[{table}]\ntidy = {{ package = "ureq", version = "2" }}'
        assert analysed(published(files, tables=renamed)).grade is Grade.ALERT
    elsewhere = '[dependencies]\ntidy = { package = "ureq", version = "2" }'
    assert analysed(published(files, tables=elsewhere)).grade is Grade.EXPECTED


def test_evidence_comes_with_the_most_serious_first() -> None:
    files = with_build_script('mod a; mod gone; fn main() { std::env::var("TARGET"); }', {"a.rs": STARTS_A_PROGRAM})
    grades = [each.grade for each in analysed(files).evidence]
    assert grades == sorted(grades, reverse=True)
    assert len(set(grades)) > 2


def test_paths_that_cannot_be_followed_are_evidence() -> None:
    assert graded(analysed(with_build_script(f"mod gone; {MAIN}")))["reach/missing-file"] == 1
    assert graded(analysed(with_build_script(f'#[path = "../x.rs"] mod x; {MAIN}')))["reach/outside-package"] == 3
    assert graded(analysed(with_build_script(f'include!(env!("X")); {MAIN}')))["reach/computed-path"] == 2
    assert graded(analysed(with_build_script("fn main( { ]")))["reach/not-understood"] == 1


GENERATED = 'include!(concat!(env!("OUT_DIR"), "/x.rs"));'
WRITES = 'fn main() { std::fs::write(format!("{}/x.rs", std::env::var("OUT_DIR").unwrap()), text()).unwrap(); }'


@pytest.mark.parametrize(
    ("script", "grade"),
    [
        (WRITES, 1),
        (WRITES + 'fn text() -> String { std::fs::read_to_string("words.txt").unwrap() }', 1),
        (WRITES + 'fn text() -> Vec<u8> { include_bytes!("blob.dat").to_vec() }', 2),
        (WRITES + 'fn text() -> Vec<u8> { std::fs::read("packed.gz").unwrap() }', 2),
        (WRITES + 'fn text() -> Vec<u8> { base64::decode("AAAA").unwrap() }', 2),
    ],
)
def test_generated_code_of_a_proc_macro_is_looked_at_when_its_source_cannot_be_read(script: str, grade: int) -> None:
    files: dict[str, str | bytes] = {"build.rs": script, "words.txt": "a", "blob.dat": "xxxx"}
    files["packed.gz"] = b"\x1f\x8b\x08"
    assert graded(analysed(with_proc_macro(GENERATED, files)))["reach/generated-code"] == grade


def test_generated_code_of_a_library_is_ordinary() -> None:
    analysis = analysed(published({"build.rs": WRITES, "src/lib.rs": GENERATED}))
    assert analysis.grade is Grade.EXPECTED


def test_the_digest_is_that_of_what_runs_by_itself() -> None:
    files = {"build.rs": 'mod a; fn main() { read("c.txt"); }', "a.rs": "", "c.txt": "", "src/lib.rs": ""}

    def digest(changed: dict[str, str], package: str = "", *, under_review: bool = False) -> str | None:
        return analysed(published(files | changed, package=package), under_review=under_review).digest

    first = digest({})
    assert first is not None
    assert first == digest({"src/lib.rs": "pub fn f() {}", "README.md": "new"})
    assert first == digest({}, under_review=True)
    others = [digest({path: "// new"}) for path in ("build.rs", "a.rs", "c.txt")]
    others += [digest({}, 'links = "wren"'), digest({"b.rs": files["build.rs"]}, 'build = "b.rs"')]
    assert len({first, *others}) == 6


def test_a_crate_without_code_of_its_own_at_build_time_has_no_digest() -> None:
    assert analysed(published({"src/lib.rs": ""}), host_library=True).digest is None


def test_both_roots_of_a_proc_macro_with_a_build_script_count() -> None:
    analysis = analysed(with_proc_macro("mod a;", {"build.rs": MAIN, "src/a.rs": ""}))
    assert analysis.surface.paths(Tier.BUILD_SCRIPT) == ("build.rs",)
    assert analysis.surface.paths(Tier.PROC_MACRO) == ("src/a.rs", "src/lib.rs")
    assert set(analysis.contents) == {"build.rs", "src/a.rs", "src/lib.rs"}


def test_a_manifest_that_cannot_be_read_is_an_error() -> None:
    for files in ({}, {"Cargo.toml": "["}, {"Cargo.toml": b"\xff"}, {"Cargo.toml": "[package]\nbuild = 1"}):
        with pytest.raises(VetflowError):
            analysed(contents_of(files))
