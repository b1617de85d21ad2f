from __future__ import annotations

import pytest

from tests.surfaces import analysed, published, with_build_script, with_proc_macro
from vetflow.surface.tiers import Tier


def inputs(code: str, *paths: str) -> set[str]:
    surface = analysed(with_build_script(code, dict.fromkeys(paths, "")), under_review=False).surface
    return set(surface.paths(Tier.INPUT))


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ('fn main() { std::fs::read("data/x.bin"); }', "data/x.bin"),
        ('fn main() { println!("cargo:rerun-if-changed=data/x.bin"); }', "data/x.bin"),
        ('fn main() { println!("cargo::rerun-if-changed=./data/x.bin"); }', "data/x.bin"),
        ('fn main() { read(format!("{}/data/x.bin", root())); }', "data/x.bin"),
        ('fn main() { read(format!("{root}/data/x.bin")); }', "data/x.bin"),
        ('fn main() { read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/x.bin")); }', "data/x.bin"),
        ('fn main() { read(concat!("data", "/x", ".bin")); }', "data/x.bin"),
        ('fn main() { read(root().join("data").join("x.bin")); }', "data/x.bin"),
        ('fn main() { read(Path::new("data").join("x.bin").canonicalize()); }', "data/x.bin"),
        ('fn main() { read(["data", "x.bin"].iter().collect::<PathBuf>()); }', "data/x.bin"),
        ('fn main() { read(r"data\\x.bin"); }', "data/x.bin"),
        ('fn main() { for i in 0..3 { read(format!("data/part{}.bin", i)); } }', "data/part2.bin"),
        ('fn main() { glob("data/*.bin"); }', "data/x.bin"),
        ('fn main() { std::fs::read_dir("data"); }', "data/x.bin"),
        ('const A: &[u8] = include_bytes!("data/x.bin");', "data/x.bin"),
    ],
)  # fmt: skip
def test_a_string_that_names_a_file_of_the_package_is_an_input(code: str, path: str) -> None:
    assert inputs(code, path, "data2/other.txt") == {path}


@pytest.mark.parametrize(
    "code",
    [
        '// "data/x.bin"',
        '#[cfg(test)] fn f() { std::fs::read("data/x.bin"); }',
        'fn main() { f(""); f("."); f("/"); f("{}"); f("{}/{}"); f("*"); f("no such file"); }',
        'fn main() { println!("{} is {}", 1, 2); }',
    ],
)
def test_other_strings_name_nothing(code: str) -> None:
    assert inputs(code, "data/x.bin", "x.bin") == set()


def test_a_folder_stands_for_its_files_that_are_no_rust() -> None:
    assert inputs('fn main() { watch("src"); }', "src/grammar.txt", "src/a.rs") == {"src/grammar.txt"}


def test_a_build_script_that_compiles_could_compile_all_native_code() -> None:
    files = {"build.rs": "fn main() { compile(); }", "src/lib.rs": "", "c/a.c": "", "c/a.h": "", "c/notes.txt": ""}
    for dependency in ('cc = "1"', 'tidy = { package = "cc", version = "1" }'):
        table = f"[target.'cfg(unix)'.build-dependencies]\n{dependency}"
        surface = analysed(published(files, tables=table), under_review=False).surface
        assert {file.path for file in surface.files if file.compiled} == {"c/a.c", "c/a.h"}
    surface = analysed(published(files), under_review=False).surface
    assert surface.paths(Tier.INPUT) == ()


def test_naming_one_native_file_is_compiling() -> None:
    assert inputs('fn main() { run("c/a.c"); }', "c/a.c", "c/b.c") == {"c/a.c", "c/b.c"}


def test_what_a_proc_macro_names_is_an_input_too() -> None:
    surface = analysed(with_proc_macro('fn f() { read("words.txt"); }', {"words.txt": "", "other.txt": ""})).surface
    assert surface.paths(Tier.INPUT) == ("words.txt",)


def test_what_a_library_names_at_run_time_is_none() -> None:
    files = published({"src/lib.rs": 'fn f() { read("words.txt"); }', "words.txt": ""})
    assert analysed(files).surface.files == ()
    assert analysed(files, host_library=True).surface.paths() == ("src/lib.rs", "words.txt")
