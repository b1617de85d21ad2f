"""`[patch]` and `[replace]`, in manifests and in cargo's configuration."""

from __future__ import annotations

import pytest

from tests.unit.graph.workspaces import HOME, edges, entry, load, lock, package, published, refusal, told
from vetflow.model.names import CRATES_IO

REV = "0" * 40
GIT = "git+https://git.example/tiny"
PATCHED = entry("tiny", "1.5.0")
USED = (entry("app", "0.1.0", "tiny"), PATCHED)


def files_of(patch: str, *locked: str, **more: str) -> dict[str, str]:
    return {
        "/ws/Cargo.toml": package("app", body=f'[dependencies]\ntiny = "1"\n{patch}'),
        "/ws/Cargo.lock": lock(*locked),
        "/fork/Cargo.toml": package("tiny", "1.5.0"),
        **more,
    }


PATCH = '[patch.crates-io]\ntiny = { path = "../fork" }\n'


@pytest.mark.parametrize(
    "patch",
    [
        PATCH,
        '[patch."https://github.com/rust-lang/crates.io-index"]\ntiny = { path = "../fork" }\n',
        '[patch.crates-io]\nours = { package = "tiny", path = "../fork" }\n',
    ],
)
def test_a_patched_package_has_no_source_and_is_no_member(patch: str) -> None:
    workspace = load(files_of(patch, *USED))
    assert edges(workspace) == {"app 0.1.0": {"tiny 1.5.0": 1}, "tiny 1.5.0": {}}
    assert [package.source for package in workspace.packages] == [None, None]
    assert [workspace.packages[number].name for number in workspace.members] == ["app"]


def test_what_users_of_the_published_crate_may_have_switched_on_is_accepted_and_not_demanded() -> None:
    fork = package("tiny", "1.5.0", '[dependencies]\naa = { version = "1", optional = true }\nbb = "1"\n')
    fork += '[build-dependencies]\nbb = { version = "1", optional = true }\n'
    plain = (entry("app", "0.1.0", "tiny"), published("bb", "1.0.0"), entry("tiny", "1.5.0", "bb"))
    files = files_of(PATCH, *plain, **{"/fork/Cargo.toml": fork})
    # The optional build dependency is not on: the normal one explains the edge.
    assert edges(load(files))["tiny 1.5.0"] == {"bb 1.0.0": 1}
    files["/ws/Cargo.lock"] = lock(published("aa", "1.0.0"), *plain[:2], entry("tiny", "1.5.0", "aa", "bb"))
    assert edges(load(files))["tiny 1.5.0"] == {"aa 1.0.0": 1, "bb 1.0.0": 1}


def test_a_patch_from_git() -> None:
    patch = '[patch.crates-io]\ntiny = { git = "https://git.example/tiny", tag = "v1" }\n'
    locked = entry("tiny", "1.5.0", source=f"{GIT}?tag=v1#{REV}")
    workspace = load(files_of(patch, entry("app", "0.1.0", "tiny"), locked))
    assert [package.version.text for package in workspace.packages] == ["0.1.0", f"1.5.0@git:{REV}"]


def test_a_patch_of_a_git_repository() -> None:
    files = files_of('[patch."https://git.example/tiny"]\ntiny = { path = "../fork" }\n', *USED)
    files["/ws/Cargo.toml"] = files["/ws/Cargo.toml"].replace('"1"', '{ git = "https://git.example/tiny.git" }')
    assert edges(load(files))["app 0.1.0"] == {"tiny 1.5.0": 1}


def test_a_patch_of_another_registry() -> None:
    files = files_of('[patch.ours]\ntiny = { path = "../fork" }\n', *USED)
    files["/ws/Cargo.toml"] = files["/ws/Cargo.toml"].replace('"1"', '{ version = "1", registry = "ours" }')
    assert edges(load(files))["app 0.1.0"] == {"tiny 1.5.0": 1}


def test_a_patch_of_one_source_does_not_serve_dependencies_on_another() -> None:
    files = files_of('[patch.ours]\ntiny = { path = "../fork" }\n', *USED)
    first, second = refusal(files).related
    assert first.message == "`app` depends on `tiny ^1`, but Cargo.lock has 1.5.0 from a path"
    assert second.message == "Cargo.lock does not have this patch of `tiny`"


def test_a_patch_in_cargos_configuration_is_relative_to_the_folder_that_holds_it() -> None:
    config = '[patch.crates-io]\ntiny = { path = "../fork" }\n'
    assert edges(load(files_of("", *USED, **{"/ws/.cargo/config.toml": config})))["app 0.1.0"] == {"tiny 1.5.0": 1}
    nested = files_of("", *USED, **{"/.cargo/config.toml": config.replace("../fork", "fork")})
    assert edges(load(nested))["app 0.1.0"] == {"tiny 1.5.0": 1}
    home = files_of("", *USED, **{f"{HOME}/config.toml": config.replace("../fork", "/fork")})
    assert edges(load(home))["app 0.1.0"] == {"tiny 1.5.0": 1}


def test_a_new_patch_that_the_lock_does_not_have() -> None:
    files = files_of(PATCH, entry("app", "0.1.0", "tiny"), published("tiny", "1.5.0"))
    assert told(refusal(files)) == "/ws/Cargo.toml:7:8: Cargo.lock does not have this patch of `tiny`"


def test_a_new_patch_from_git_that_the_lock_does_not_have() -> None:
    patch = '[patch.crates-io]\ntiny = { git = "https://git.example/tiny" }\n'
    files = files_of(patch, entry("app", "0.1.0", "tiny"), published("tiny", "1.5.0"))
    assert told(refusal(files)) == "/ws/Cargo.toml:7:8: Cargo.lock does not have this patch of `tiny`"


def test_a_removed_patch() -> None:
    assert refusal(files_of("", *USED)).message == "`app` depends on `tiny ^1`, but Cargo.lock does not list it"


UNUSED = '[[patch.unused]]\nname = "spare"\nversion = "2.0.0"\n'
SPARE = {"/spare/Cargo.toml": package("spare", "2.0.0")}
SPARE_PATCH = '[patch.crates-io]\nspare = { path = "../spare" }\n'
PLAIN = (entry("app", "0.1.0", "tiny"), published("tiny", "1.5.0"))


def test_an_unused_patch_has_to_be_listed_as_such() -> None:
    assert "spare 2.0.0" not in edges(load(files_of(SPARE_PATCH, *PLAIN, UNUSED, **SPARE)))
    error = refusal(files_of(SPARE_PATCH, *PLAIN, **SPARE))
    assert told(error) == "/ws/Cargo.toml:7:9: Cargo.lock does not have this patch of `spare`"


def test_an_unused_patch_that_nobody_declares_any_more() -> None:
    listed = f'[[patch.unused]]\nname = "spare"\nversion = "2.0.0"\nsource = "{GIT}#{REV}"\n'
    assert told(refusal(files_of("", *PLAIN, listed))) == (
        "/ws/Cargo.lock: Cargo.lock lists an unused patch `spare` that no manifest declares"
    )
    # Without a source, and without a package that it could be, it counts for nothing.
    assert "tiny 1.5.0" in edges(load(files_of("", *PLAIN, UNUSED)))


def test_patches_of_members_have_no_effect() -> None:
    files = {
        "/ws/Cargo.toml": '[workspace]\nmembers = ["app"]\n',
        "/ws/app/Cargo.toml": package("app", body=f'[dependencies]\ntiny = "1"\n{PATCH}'),
        "/ws/Cargo.lock": lock(*PLAIN),
    }
    assert edges(load(files))["app 0.1.0"] == {"tiny 1.5.0": 1}


REPLACE = '[replace]\n"tiny:1.5.0" = { path = "../fork" }\n'
REPLACED = published("tiny", "1.5.0", extra='replace = "tiny 1.5.0"\n')
WITH_REPLACED = (entry("app", "0.1.0", f"tiny 1.5.0 ({CRATES_IO})"), PATCHED, REPLACED)


@pytest.mark.parametrize(
    "spec", ["tiny:1.5.0", "tiny@1.5.0", "tiny:1.5", "https://github.com/rust-lang/crates.io-index#tiny:1.5.0"]
)
def test_edges_to_a_replaced_package_lead_to_its_replacement(spec: str) -> None:
    workspace = load(files_of(REPLACE.replace("tiny:1.5.0", spec), *WITH_REPLACED))
    assert edges(workspace) == {"app 0.1.0": {"tiny 1.5.0": 1}, "tiny 1.5.0": {}}
    assert [package.source for package in workspace.packages] == [None, None]


def test_a_replacement_that_the_lock_does_not_apply() -> None:
    files = files_of(REPLACE, entry("app", "0.1.0", "tiny"), published("tiny", "1.5.0"))
    assert told(refusal(files)) == "/ws/Cargo.toml:7:16: Cargo.lock does not replace `tiny 1.5.0` as asked here"


def test_a_replacement_that_nobody_asks_for() -> None:
    assert told(refusal(files_of("", *WITH_REPLACED))) == (
        "/ws/Cargo.lock: Cargo.lock replaces `tiny 1.5.0`, which no manifest asks for"
    )
