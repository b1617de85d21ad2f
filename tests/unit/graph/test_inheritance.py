from __future__ import annotations

from tests.unit.graph.workspaces import edges, entry, load, lock, package, published, refusal, told

APP = "/ws/app/Cargo.toml"


def files_of(shared: str, app: str, *locked: str) -> dict[str, str]:
    return {
        "/ws/Cargo.toml": f'[workspace]\nmembers = ["app"]\n{shared}',
        APP: app,
        "/ws/Cargo.lock": lock(*locked),
    }


def test_a_version_is_inherited() -> None:
    app = '[package]\nname = "app"\nversion.workspace = true\n'
    workspace = load(files_of('[workspace.package]\nversion = "3.1.4"\n', app, entry("app", "3.1.4")))
    assert list(edges(workspace)) == ["app 3.1.4"]


def test_a_package_without_a_version_has_version_zero() -> None:
    assert list(edges(load(files_of("", '[package]\nname = "app"\n', entry("app", "0.0.0"))))) == ["app 0.0.0"]


def test_an_inherited_dependency_has_the_requirement_and_name_of_the_workspace_and_its_own_kind() -> None:
    shared = '[workspace.dependencies]\nsmall = { package = "tiny", version = "1" }\n'
    app = package("app", body="[dev-dependencies]\nsmall.workspace = true\n")
    locked = (entry("app", "0.1.0", "tiny"), published("tiny", "1.4.0"))
    assert edges(load(files_of(shared, app, *locked)))["app 0.1.0"] == {"tiny 1.4.0": 4}
    stale = files_of(shared.replace('"1"', '"2"'), app, *locked)
    assert refusal(stale).message.startswith("`app` depends on `tiny ^2`")


def test_an_inherited_path_is_relative_to_the_root() -> None:
    shared = '[workspace.dependencies]\nutil = { path = "lib/util" }\n'
    app = package("app", body="[dependencies]\nutil = { workspace = true, optional = true }\n")
    files = files_of(shared, app, entry("app", "0.1.0", "util"), entry("util"))
    files["/ws/lib/util/Cargo.toml"] = package("util")
    assert edges(load(files))["app 0.1.0"] == {"util 0.1.0": 1}


def test_features_of_workspace_and_member_are_joined() -> None:
    shared = '[workspace.dependencies]\nnear = { path = "../near", features = ["one"], default-features = false }\n'
    app = package("app", body='[dependencies]\nnear = { workspace = true, features = ["two"] }\n')
    near = package(
        "near",
        body='[dependencies]\naa = { version = "1", optional = true }\nbb = { version = "1", optional = true }\n'
        'cc = { version = "1", optional = true }\n[features]\none = ["aa"]\ntwo = ["bb"]\ndefault = ["cc"]\n',
    )
    locked = (
        published("aa", "1.0.0"),
        entry("app", "0.1.0", "near"),
        published("bb", "1.0.0"),
        entry("near", "0.1.0", "aa", "bb"),
    )
    files = files_of(shared, app, *locked) | {"/near/Cargo.toml": near}
    assert edges(load(files))["near 0.1.0"] == {"aa 1.0.0": 1, "bb 1.0.0": 1}
    files[APP] = files[APP].replace("workspace = true", "workspace = true, default-features = true")
    assert refusal(files).message == "`near` depends on `cc ^1`, but Cargo.lock does not list it"


def test_a_dependency_that_the_workspace_does_not_have() -> None:
    app = package("app", body="[dependencies]\nsmall.workspace = true\n")
    assert told(refusal(files_of("", app))) == f"{APP}:5:1: dependency `small` is not in `workspace.dependencies`"


def test_a_version_that_the_workspace_does_not_have() -> None:
    app = '[package]\nname = "app"\nversion.workspace = true\n'
    assert told(refusal(files_of("", app))) == (
        f"{APP}:3:1: the version is inherited, but there is no `workspace.package.version`"
    )


def test_inheriting_without_a_workspace() -> None:
    files = {
        "/ws/Cargo.toml": package("app", body="[dependencies]\nsmall.workspace = true\n"),
        "/ws/Cargo.lock": lock(entry("app")),
    }
    assert told(refusal(files)) == (
        "/ws/Cargo.toml:1:1: /ws/Cargo.toml inherits its dependencies from a workspace, but belongs to none"
    )
