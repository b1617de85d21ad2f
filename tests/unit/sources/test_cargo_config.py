"""cargo's configuration says what stands for crates.io and how the network is reached; vetflow listens too."""

from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from vetflow.sources.cargo_config import CratesIo, crates_io, crates_io_folder, read_cargo_config

VENDORED = '[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "vendor"\n'


def folder(files: dict[str, bytes | str], start: str = "/home/dev/project/member") -> str | None:
    return crates_io_folder(MemoryTree(files), start, "/home/dev/.cargo")


def test_without_configuration_crates_io_is_itself() -> None:
    assert folder({}) is None


def test_a_relative_folder_belongs_to_where_the_configuration_lies() -> None:
    assert folder({"/home/dev/project/.cargo/config.toml": VENDORED}) == "/home/dev/project/vendor"


def test_an_absolute_folder_is_taken_as_it_is() -> None:
    assert folder({"/.cargo/config.toml": VENDORED.replace("vendor", "/srv/crates")}) == "/srv/crates"


def test_a_local_registry_is_a_folder_too() -> None:
    text = VENDORED.replace("directory", "local-registry")
    assert folder({"/home/dev/project/member/.cargo/config.toml": text}) == "/home/dev/project/member/vendor"


def test_the_cargo_home_comes_last() -> None:
    files: dict[str, bytes | str] = {"/srv/cargo/config.toml": VENDORED.replace("vendor", "/srv/far")}
    assert crates_io_folder(MemoryTree(files), "/work/project", "/srv/cargo") == "/srv/far"
    files["/work/.cargo/config.toml"] = VENDORED.replace("vendor", "/srv/near")
    assert crates_io_folder(MemoryTree(files), "/work/project", "/srv/cargo") == "/srv/near"


def test_files_are_merged_key_by_key_and_the_nearer_wins() -> None:
    near = '[source.crates-io]\nreplace-with = "mirror"\n'
    far = VENDORED + '[source.mirror]\ndirectory = "mirrored"\n'
    files: dict[str, bytes | str] = {
        "/home/dev/project/.cargo/config.toml": near,
        "/home/dev/.cargo/config.toml": far,
    }
    assert folder(files) == "/home/dev/mirrored"


def test_the_file_without_an_extension_wins_over_the_one_beside_it() -> None:
    files: dict[str, bytes | str] = {
        "/home/dev/project/.cargo/config": VENDORED.replace("vendor", "old"),
        "/home/dev/project/.cargo/config.toml": VENDORED,
    }
    assert folder(files) == "/home/dev/project/old"


def test_replacements_are_followed_from_name_to_name() -> None:
    text = '[source.crates-io]\nreplace-with = "a"\n[source.a]\nreplace-with = "b"\n'
    text += '[source.b]\ndirectory = "v"\n'
    assert folder({"/.cargo/config.toml": text}) == "/v"


@pytest.mark.parametrize(
    "text",
    [
        '[source.crates-io]\nreplace-with = "a"\n[source.a]\nreplace-with = "crates-io"\n',
        '[source.crates-io]\nreplace-with = "nowhere"\n',
        '[source.crates-io]\nreplace-with = "a"\n[source.a]\nregistry = "https://mirror.invalid/index"\n',
        "[source.crates-io]\nreplace-with = 7\n",
        "[source]\ncrates-io = 7\n",
        "source = 7\n",
        "[source.crates-io\n",
        b"\xff",
    ],
    ids=["circle", "unknown", "registry", "number", "no table", "no tables", "no TOML", "no UTF-8"],
)
def test_a_configuration_that_names_no_folder_names_none(text: bytes | str) -> None:
    assert folder({"/.cargo/config.toml": text}) is None


def test_all_files_are_merged_table_by_table() -> None:
    files: dict[str, bytes | str] = {
        "/home/dev/project/.cargo/config.toml": "[http]\ntimeout = 5\n[net]\nretry = 1\n",
        "/home/dev/.cargo/config.toml": '[http]\ntimeout = 9\nproxy = "p.invalid:80"\ncainfo = "ca.pem"\n',
    }
    assert read_cargo_config(MemoryTree(files), "/home/dev/project", "/home/dev/.cargo") == {
        "http": {"timeout": 5, "proxy": "p.invalid:80", "cainfo": "/home/dev/ca.pem"},
        "net": {"retry": 1},
    }


def test_a_table_and_a_value_of_one_name_do_not_mix() -> None:
    files: dict[str, bytes | str] = {
        "/home/dev/project/.cargo/config.toml": "http = 1\n",
        "/home/dev/.cargo/config.toml": "[http]\ntimeout = 9\n",
    }
    assert read_cargo_config(MemoryTree(files), "/home/dev/project", "/home/dev/.cargo") == {"http": 1}


def test_included_files_come_after_the_file_that_includes_them_the_last_one_first() -> None:
    files: dict[str, bytes | str] = {
        "/work/.cargo/config.toml": 'include = ["a.toml", { path = "more/b.toml" }]\n[net]\nretry = 1\n',
        "/work/.cargo/a.toml": 'include = "config.toml"\n[net]\nretry = 2\noffline = true\n',
        "/work/.cargo/more/b.toml": "[net]\nretry = 3\noffline = false\n[http]\ntimeout = 7\n",
    }
    config = read_cargo_config(MemoryTree(files), "/work", "/srv/cargo")
    assert config["net"] == {"retry": 1, "offline": False}
    assert config["http"] == {"timeout": 7}


def replacement(text: str, environ: dict[str, str] | None = None) -> CratesIo:
    return crates_io(read_cargo_config(MemoryTree({"/.cargo/config.toml": text}), "/", "/cargo"), environ or {})


MIRRORED = '[source.crates-io]\nreplace-with = "mirror"\n'


def test_a_sparse_index_can_stand_for_crates_io() -> None:
    text = MIRRORED + '[source.mirror]\nregistry = "sparse+https://mirror.invalid/index"\n'
    assert replacement(text) == CratesIo(sparse_index="https://mirror.invalid/index/")


def test_a_named_registry_can_stand_for_crates_io() -> None:
    text = MIRRORED + '[registries.mirror]\nindex = "sparse+https://mirror.invalid/"\n'
    assert replacement(text) == CratesIo(sparse_index="https://mirror.invalid/")


def test_a_registry_may_be_named_by_a_variable() -> None:
    environ = {"CARGO_REGISTRIES_OUR_MIRROR_INDEX": "sparse+https://mirror.invalid/"}
    text = MIRRORED.replace("mirror", "our-mirror")
    assert replacement(text, environ) == CratesIo(sparse_index="https://mirror.invalid/")


def test_an_index_in_git_is_nothing_vetflow_can_read() -> None:
    assert replacement(MIRRORED + '[source.mirror]\nregistry = "https://mirror.invalid/index"\n') == CratesIo()


def test_a_source_that_is_itself_replaced_says_nothing_of_its_own() -> None:
    text = '[source.crates-io]\nreplace-with = "a"\n[source.a]\nreplace-with = "b"\ndirectory = "one"\n'
    assert replacement(text + '[source.b]\ndirectory = "two"\n') == CratesIo(folder="/two")


def test_all_tables_are_merged_and_paths_are_absolute() -> None:
    files: dict[str, bytes | str] = {
        "/home/dev/project/.cargo/config.toml": '[http]\ntimeout = 5\ncainfo = "ca.pem"\n',
        "/home/dev/.cargo/config.toml": '[http]\ntimeout = 7\nproxy = "p"\n[net]\noffline = true\n',
    }
    config = read_cargo_config(MemoryTree(files), "/home/dev/project", "/home/dev/.cargo")
    assert config["http"] == {"timeout": 5, "cainfo": "/home/dev/project/ca.pem", "proxy": "p"}
    assert config["net"] == {"offline": True}


def test_a_value_does_not_merge_with_a_table() -> None:
    files: dict[str, bytes | str] = {
        "/work/.cargo/config.toml": "http = 7\n",
        "/.cargo/config.toml": '[http]\nproxy = "p"\n',
    }
    assert read_cargo_config(MemoryTree(files), "/work", "/cargo")["http"] == 7


def test_included_files_come_after_the_one_that_includes_them_and_the_last_wins() -> None:
    including = 'include = ["a.toml", { path = "../b.toml", optional = true }]\n'
    files: dict[str, bytes | str] = {
        "/work/.cargo/config.toml": including + '[http]\nproxy = "1"\n',
        "/work/.cargo/a.toml": '[http]\nproxy = "2"\ntimeout = 2\ncainfo = "a.pem"\n',
        "/work/b.toml": "[http]\ntimeout = 3\n",
        "/.cargo/config.toml": "[http]\ntimeout = 4\n",
    }
    config = read_cargo_config(MemoryTree(files), "/work", "/cargo")
    assert config["http"] == {"proxy": "1", "timeout": 3, "cainfo": "/work/a.pem"}


def test_files_that_include_each_other_end() -> None:
    files: dict[str, bytes | str] = {
        "/.cargo/config.toml": 'include = ["b.toml"]\n',
        "/.cargo/b.toml": 'include = "config.toml"\n[net]\nretry = 1\n',
    }
    assert read_cargo_config(MemoryTree(files), "/", "/cargo")["net"] == {"retry": 1}
