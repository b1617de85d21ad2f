"""Each rule by which a stale lock or an inconsistent workspace is refused: its cause, its place, the way out."""

from __future__ import annotations

import pytest

from tests.unit.graph.workspaces import edges, entry, load, lock, package, published, refusal, told
from vetflow.graph.stale import UPDATE
from vetflow.model.names import CRATES_IO

APP = "/ws/app/Cargo.toml"
ROOT = '[workspace]\nmembers = ["app", "util"]\n'


def workspace(app: str = "", locked: str = "", **more: str) -> dict[str, str]:
    """Two members, `app` depending on `util`; texts are added to the manifest of `app` and to the lock."""
    return {
        "/ws/Cargo.toml": ROOT,
        APP: package("app", body=f'[dependencies]\nutil = {{ path = "../util" }}\n{app}'),
        "/ws/util/Cargo.toml": package("util"),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "util"), entry("util"), locked),
        **more,
    }


def with_lock(*entries: str, app: str = "") -> dict[str, str]:
    return {**workspace(app), "/ws/Cargo.lock": lock(*entries)}


def test_a_lock_that_fits_is_accepted() -> None:
    assert edges(load(workspace())) == {"app 0.1.0": {"util 0.1.0": 1}, "util 0.1.0": {}}


# Rule 1: a member, or a path package a member reaches, has no entry of its name and version.


def test_a_member_that_the_lock_does_not_list() -> None:
    error = refusal(with_lock(entry("app", "0.1.0", "util")))
    assert told(error) == "/ws/Cargo.lock: Cargo.lock does not list `util 0.1.0` (/ws/util/Cargo.toml)"
    assert error.help == UPDATE


def test_a_member_that_the_lock_lists_with_another_version() -> None:
    error = refusal(with_lock(entry("app", "0.1.0", "util"), entry("util", "0.0.9")))
    assert told(error) == "/ws/Cargo.lock: Cargo.lock lists `util 0.0.9`, but /ws/util/Cargo.toml has version 0.1.0"


def test_a_path_package_outside_of_the_workspace_needs_an_entry_too() -> None:
    files = workspace('near = { path = "../../near" }\n') | {"/near/Cargo.toml": package("near")}
    assert told(refusal(files)) == "/ws/Cargo.lock: Cargo.lock does not list `near 0.1.0` (/near/Cargo.toml)"


# Rule 2: a dependency that no edge of the lock satisfies.


def test_a_new_dependency_that_the_lock_does_not_list() -> None:
    error = refusal(workspace('tiny = "1"\n'))
    assert told(error) == f"{APP}:6:8: `app` depends on `tiny ^1`, but Cargo.lock does not list it"
    assert error.help == UPDATE


@pytest.mark.parametrize(
    "table",
    [
        "[dev-dependencies]",
        "[build-dependencies]",
        "[dev_dependencies]",
        "[target.'cfg(any())'.dependencies]",
        "[target.'cfg(unix)'.build-dependencies]",
    ],
)
def test_dependencies_of_every_table_count(table: str) -> None:
    error = refusal(workspace(f'{table}\ntiny = "1"\n'))
    assert told(error) == f"{APP}:7:8: `app` depends on `tiny ^1`, but Cargo.lock does not list it"


def test_an_optional_dependency_of_a_member_counts() -> None:
    error = refusal(workspace('tiny = { version = "1", optional = true }\n'))
    assert error.message == "`app` depends on `tiny ^1`, but Cargo.lock does not list it"


def test_a_requirement_that_the_locked_version_does_not_satisfy() -> None:
    error = refusal(
        with_lock(entry("app", "0.1.0", "tiny", "util"), published("tiny", "1.4.0"), entry("util"), app='tiny = "2"\n')
    )
    assert told(error) == f"{APP}:6:8: `app` depends on `tiny ^2`, but Cargo.lock has 1.4.0 from {CRATES_IO}"


def test_a_crate_that_only_others_depend_on_in_the_lock() -> None:
    files = workspace('tiny = "1"\n') | {
        "/ws/util/Cargo.toml": package("util", body='[dependencies]\ntiny = "1"\n'),
        "/ws/Cargo.lock": lock(
            entry("app", "0.1.0", "util"), published("tiny", "1.4.0"), entry("util", "0.1.0", "tiny")
        ),
    }
    assert refusal(files).message == (
        f"`app` depends on `tiny ^1`, but Cargo.lock has 1.4.0 from {CRATES_IO} only for other packages"
    )


@pytest.mark.parametrize(
    ("declared", "accepted"),
    [('"*"', False), ('"1.0"', False), ('"=1.0.0-beta.2"', True), ('"1.0.0-alpha"', True)],
)
def test_pre_releases_have_to_be_asked_for(declared: str, accepted: bool) -> None:
    files = with_lock(
        entry("app", "0.1.0", "tiny", "util"),
        published("tiny", "1.0.0-beta.2"),
        entry("util"),
        app=f"tiny = {declared}\n",
    )
    if accepted:
        assert edges(load(files))["app 0.1.0"] == {"tiny 1.0.0-beta.2": 1, "util 0.1.0": 1}
    else:
        assert refusal(files).message.startswith("`app` depends on `tiny ")


def test_a_path_dependency_without_a_requirement_accepts_a_pre_release() -> None:
    files = workspace() | {
        "/ws/util/Cargo.toml": package("util", "1.0.0-rc.1"),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "util"), entry("util", "1.0.0-rc.1")),
    }
    assert edges(load(files))["app 0.1.0"] == {"util 1.0.0-rc.1": 1}


def test_a_path_dependency_whose_package_has_another_version_than_required() -> None:
    files = workspace()
    files[APP] = package("app", body='[dependencies]\nutil = { path = "../util", version = "2" }\n')
    assert told(refusal(files)) == (
        f"{APP}:5:8: `app` depends on `util ^2`, but the package at /ws/util has version 0.1.0"
    )


def test_a_path_dependency_that_leads_to_a_package_of_another_name() -> None:
    files = workspace()
    files[APP] = package("app", body='[dependencies]\nhelper = { path = "../util" }\n')
    error = refusal(files)
    assert [(str(problem.place), problem.message) for problem in error.related] == [
        (f"{APP}:5:10", "the package at /ws/util is named `util`, not `helper`"),
        (
            "/ws/Cargo.lock",
            f"in Cargo.lock `app` depends on `util 0.1.0`, which {APP} does not declare or not switch on",
        ),
    ]


@pytest.mark.parametrize(
    ("declared", "source"),
    [
        ('{ version = "1", registry = "ours" }', CRATES_IO),
        ('"1"', "registry+https://crates.example/index"),
        ('{ git = "https://git.example/tiny" }', CRATES_IO),
        ('{ git = "https://git.example/tiny", branch = "next" }', f"git+https://git.example/tiny#{'0' * 40}"),
        ('"1"', f"git+https://git.example/tiny#{'0' * 40}"),
    ],
)
def test_a_dependency_that_moved_to_another_kind_of_source(declared: str, source: str) -> None:
    files = with_lock(
        entry("app", "0.1.0", "tiny", "util"),
        entry("tiny", "1.4.0", source=source),
        entry("util"),
        app=f"tiny = {declared}\n",
    )
    assert refusal(files).message.endswith(f"but Cargo.lock has 1.4.0 from {source}")


@pytest.mark.parametrize(
    ("declared", "source"),
    [
        ('{ version = "1", registry = "ours" }', "registry+https://crates.example/index"),
        ('{ version = "1", registry = "ours" }', "sparse+https://crates.example/index/"),
        ('{ version = "1", registry = "crates-io" }', CRATES_IO),
        ('{ git = "https://git.example/tiny" }', f"git+https://git.example/tiny#{'0' * 40}"),
        ('{ git = "https://git.example/tiny.git/" }', f"git+https://git.example/tiny#{'0' * 40}"),
        ('{ git = "https://GitHub.com/An/Tiny" }', f"git+https://github.com/an/tiny.git#{'0' * 40}"),
        (
            '{ git = "https://git.example/tiny", branch = "a/b" }',
            f"git+https://git.example/tiny?branch=a%2Fb#{'0' * 40}",
        ),
        ('{ git = "https://git.example/tiny", tag = "v1" }', f"git+https://git.example/tiny?tag=v1#{'0' * 40}"),
    ],
)
def test_a_dependency_from_the_source_it_asks_for(declared: str, source: str) -> None:
    files = with_lock(
        entry("app", "0.1.0", "tiny", "util"),
        entry("tiny", "1.4.0", source=source),
        entry("util"),
        app=f"tiny = {declared}\n",
    )
    assert edges(load(files))["app 0.1.0"] == {"tiny 1.4.0": 1, "util 0.1.0": 1}


# Rule 3: an edge of the lock that nothing in the manifest asks for.


def test_an_edge_to_a_published_crate_that_is_no_longer_declared() -> None:
    files = with_lock(entry("app", "0.1.0", "tiny", "util"), published("tiny", "1.4.0"), entry("util"))
    assert told(refusal(files)) == (
        f"/ws/Cargo.lock: in Cargo.lock `app` depends on `tiny 1.4.0`, which {APP} does not declare or not switch on"
    )


def test_an_edge_between_members_that_is_no_longer_declared() -> None:
    files = with_lock(entry("app", "0.1.0", "util"), entry("util", "0.1.0", "app"))
    assert refusal(files).message == (
        "in Cargo.lock `util` depends on `app 0.1.0`, which /ws/util/Cargo.toml does not declare or not switch on"
    )


# Rule 4: an entry that no member reaches, and a reference that leads nowhere.


def test_an_entry_that_nothing_depends_on() -> None:
    error = refusal(workspace(locked=published("tiny", "1.4.0")))
    assert told(error) == "/ws/Cargo.lock: Cargo.lock lists `tiny 1.4.0`, on which nothing depends"
    assert error.help == UPDATE


def test_a_published_crate_that_depends_on_an_entry_that_is_gone() -> None:
    files = with_lock(
        entry("app", "0.1.0", "tiny", "util"), published("tiny", "1.4.0", "lost"), entry("util"), app='tiny = "1"\n'
    )
    assert told(refusal(files)) == ("/ws/Cargo.lock: in Cargo.lock `tiny 1.4.0` depends on `lost`, which is not there")


# Rule 5: manifests that are missing, members that disagree, patches that lead nowhere.


def test_a_path_dependency_without_a_manifest() -> None:
    error = refusal(workspace('gone = { path = "../gone" }\n'))
    assert told(error) == f"{APP}:6:8: path dependency `gone` has no manifest: /ws/gone/Cargo.toml does not exist"


def test_a_path_dependency_of_a_path_package_without_a_manifest() -> None:
    files = workspace('near = { path = "../../near" }\n') | {
        "/near/Cargo.toml": package("near", body='[dependencies]\ngone = { path = "gone" }\n'),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "near", "util"), entry("near"), entry("util")),
    }
    assert told(refusal(files)) == "/near/Cargo.toml:5:8: path dependency `gone` has no package at /near/gone"


def test_a_member_folder_without_a_manifest() -> None:
    files = workspace() | {"/ws/Cargo.toml": '[workspace]\nmembers = ["app", "util", "doc"]\n'}
    assert told(refusal(files)) == (
        "/ws/Cargo.toml:2:11: workspace member `doc` has no manifest: /ws/doc/Cargo.toml does not exist"
    )


def test_a_package_without_anything_to_compile() -> None:
    files = workspace() | {"/ws/util/src/notes.txt": ""}
    assert told(refusal(files)) == ("/ws/util/Cargo.toml: package `util` has no target: nothing in it can be compiled")


def test_a_patch_that_leads_to_no_package_of_its_name() -> None:
    files = workspace() | {"/ws/Cargo.toml": ROOT + '[patch.crates-io]\ntiny = { path = "util" }\n'}
    assert told(refusal(files)) == ("/ws/Cargo.toml:4:8: there is no package `tiny` that fits this patch at /ws/util")


# Rule 6: locks that cannot be read.


def test_a_lock_with_a_merge_conflict() -> None:
    files = workspace()
    files["/ws/Cargo.lock"] += "<<<<<<< ours\n=======\n>>>>>>> theirs\n"
    error = refusal(files)
    assert str(error.place) == "/ws/Cargo.lock:14:1"
    assert error.help == "this is a merge conflict: resolve it"


@pytest.mark.parametrize("version", [1, 2, 5, 99])
def test_a_lock_of_a_version_that_is_not_known(version: int) -> None:
    error = refusal(workspace() | {"/ws/Cargo.lock": lock(entry("app", "0.1.0", "util"), version=version)})
    assert told(error) == f"/ws/Cargo.lock:1:11: Cargo.lock has version {version}, which is not known here"


def test_no_lock_at_all() -> None:
    files = workspace()
    del files["/ws/Cargo.lock"]
    error = refusal(files)
    assert told(error) == "/ws/Cargo.lock: there is no Cargo.lock in /ws"
    assert error.help == "run `cargo generate-lockfile` and commit it"


# What cargo ignores, and so do we.


def test_an_entry_without_a_source_that_is_no_package_of_this_workspace_is_ignored() -> None:
    assert "zz 0.1.0" not in edges(load(workspace(locked=entry("zz"))))


def test_an_edge_of_a_member_to_a_name_without_an_entry_is_ignored() -> None:
    files = with_lock(entry("app", "0.1.0", "util", "zz"), entry("util"))
    assert edges(load(files))["app 0.1.0"] == {"util 0.1.0": 1}


def test_a_lock_without_a_version_key_is_read() -> None:
    files = workspace() | {"/ws/Cargo.lock": lock(entry("app", "0.1.0", "util"), entry("util"), version=None)}
    assert edges(load(files))["app 0.1.0"] == {"util 0.1.0": 1}


def path_package_with(body: str, requested: str = "") -> dict[str, str]:
    """A path package outside of the workspace whose manifest has more than the lock knows."""
    return workspace(f'near = {{ path = "../../near"{requested} }}\n') | {
        "/near/Cargo.toml": package("near", body=body),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "near", "util"), entry("near"), entry("util")),
    }


def test_dev_dependencies_of_a_package_that_is_no_member_are_ignored() -> None:
    assert edges(load(path_package_with('[dev-dependencies]\ntiny = "1"\n')))["near 0.1.0"] == {}


def test_an_optional_dependency_that_nothing_switches_on_is_ignored() -> None:
    files = path_package_with('[dependencies]\ntiny = { version = "1", optional = true }\n')
    assert edges(load(files))["near 0.1.0"] == {}


def test_an_optional_path_dependency_that_nothing_switches_on_needs_no_manifest() -> None:
    files = path_package_with('[dependencies]\ngone = { path = "gone", optional = true }\n')
    assert edges(load(files))["near 0.1.0"] == {}


def test_a_normal_dependency_of_a_package_that_is_no_member_counts() -> None:
    error = refusal(path_package_with('[build-dependencies]\ntiny = "1"\n'))
    assert told(error) == "/near/Cargo.toml:5:8: `near` depends on `tiny ^1`, but Cargo.lock does not list it"


OPTIONAL = '[dependencies]\ntiny = { version = "1", optional = true }\n'


def test_an_optional_dependency_that_the_default_feature_switches_on_counts() -> None:
    error = refusal(path_package_with(OPTIONAL + '[features]\ndefault = ["tiny"]\n'))
    assert error.message == "`near` depends on `tiny ^1`, but Cargo.lock does not list it"


def test_a_default_feature_that_nobody_asks_for_switches_nothing_on() -> None:
    body = OPTIONAL + '[features]\ndefault = ["tiny"]\n'
    assert edges(load(path_package_with(body, ", default-features = false")))["near 0.1.0"] == {}


def test_an_edge_to_an_optional_dependency_that_is_no_longer_on_is_stale() -> None:
    files = path_package_with(OPTIONAL) | {
        "/ws/Cargo.lock": lock(
            entry("app", "0.1.0", "near", "util"),
            entry("near", "0.1.0", "tiny"),
            published("tiny", "1.4.0"),
            entry("util"),
        )
    }
    assert refusal(files).message == (
        "in Cargo.lock `near` depends on `tiny 1.4.0`, which /near/Cargo.toml does not declare or not switch on"
    )


def test_an_excluded_path_dependency_may_have_its_own_workspace() -> None:
    files = {
        "/ws/Cargo.toml": '[workspace]\nmembers = ["app"]\nexclude = ["util"]\n',
        APP: package("app", body='[dependencies]\nutil = { path = "../util" }\n'),
        "/ws/util/Cargo.toml": package("util", body="[workspace]\n"),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "util"), entry("util")),
    }
    assert edges(load(files))["app 0.1.0"] == {"util 0.1.0": 1}


# How several problems are told.


def test_all_problems_are_told_at_once_and_the_shared_way_out_only_once() -> None:
    error = refusal(workspace('tiny = "1"\nsmall = "2"\n'))
    assert error.message == "Cargo.lock is out of date: it disagrees with the manifests in 2 places"
    assert (str(error.place), error.help) == ("/ws/Cargo.lock", UPDATE)
    assert [(problem.message, problem.help) for problem in error.related] == [
        ("`app` depends on `small ^2`, but Cargo.lock does not list it", None),
        ("`app` depends on `tiny ^1`, but Cargo.lock does not list it", None),
    ]


def test_what_follows_from_a_problem_is_not_told_as_another_one() -> None:
    files = with_lock(
        entry("app", "0.1.0", "tiny", "util"),
        published("tiny", "1.4.0", "deep"),
        published("deep", "1.0.0"),
        entry("util"),
        app='tiny = "2"\n',
    )
    assert told(refusal(files)).startswith(f"{APP}:6:8: `app` depends on `tiny ^2`")
