from __future__ import annotations

from tests.unit.graph.workspaces import edges, entry, load, lock, members, package, refusal, told

APP = "/ws/app/Cargo.toml"


def files_of(root: str, *packages: str, **more: str) -> dict[str, str]:
    """A workspace whose packages, named after their folders, are all in the lock."""
    names = [path.rpartition("/")[2] for path in packages]
    return {
        "/ws/Cargo.toml": root,
        **{f"{path}/Cargo.toml": package(name) for path, name in zip(packages, names, strict=True)},
        "/ws/Cargo.lock": lock(*[entry(name) for name in names]),
        **more,
    }


def test_members_come_in_the_order_in_which_cargo_finds_them() -> None:
    files = files_of('[workspace]\nmembers = ["zed", "m/*"]\n', "/ws/zed", "/ws/m/b", "/ws/m/a", "/ws/late")
    files["/ws/zed/Cargo.toml"] = package("zed", body='[dependencies]\nlate = { path = "../late" }\n')
    files["/ws/Cargo.lock"] = lock(entry("a"), entry("b"), entry("late"), entry("zed", "0.1.0", "late"))
    assert members(load(files)) == ["zed", "late", "a", "b"]


def test_a_root_package_comes_after_the_listed_members() -> None:
    files = files_of(package("top", body='[workspace]\nmembers = ["app"]\n'), "/ws/app")
    files["/ws/Cargo.lock"] = lock(entry("app"), entry("top"))
    assert members(load(files)) == ["app", "top"]


def test_path_dependencies_below_the_root_become_members_with_all_their_kinds() -> None:
    files = files_of(package("top", body="[workspace]\n[dev-dependencies]\nnear = { path = 'near' }\n"), "/ws/near")
    files["/ws/near/Cargo.toml"] = package("near", body='[dev-dependencies]\ndeep = { path = "deep" }\n')
    files["/ws/near/deep/Cargo.toml"] = package("deep")
    files["/ws/Cargo.lock"] = lock(entry("deep"), entry("near", "0.1.0", "deep"), entry("top", "0.1.0", "near"))
    assert members(load(files)) == ["top", "near", "deep"]


def test_a_path_dependency_outside_is_no_member_unless_it_points_back() -> None:
    body = '[dependencies]\nnear = { path = "../../near" }\npointing = { path = "../../pointing" }\n'
    files = files_of('[workspace]\nmembers = ["app"]\n', "/ws/app", "/near", "/pointing")
    files[APP] = package("app", body=body)
    files["/pointing/Cargo.toml"] = package("pointing", extra='workspace = "../ws"\n')
    files["/ws/Cargo.lock"] = lock(entry("app", "0.1.0", "near", "pointing"), entry("near"), entry("pointing"))
    workspace = load(files)
    assert members(workspace) == ["app", "pointing"]
    assert edges(workspace)["app 0.1.0"] == {"near 0.1.0": 1, "pointing 0.1.0": 1}


def test_exclude_applies_to_matches_of_patterns_and_to_path_dependencies() -> None:
    root = '[workspace]\nmembers = ["m/*"]\nexclude = ["m/b", "out"]\n'
    files = files_of(root, "/ws/m/a", "/ws/m/b", "/ws/out")
    files["/ws/m/a/Cargo.toml"] = package("a", body='[dependencies]\nout = { path = "../../out" }\n')
    files["/ws/Cargo.lock"] = lock(entry("a", "0.1.0", "out"), entry("out"))
    assert members(load(files)) == ["a"]


def test_without_a_workspace_a_package_is_its_only_member() -> None:
    files = files_of(package("top", body='[dependencies]\nnear = { path = "near" }\n'), "/ws/near")
    files["/ws/Cargo.lock"] = lock(entry("near"), entry("top", "0.1.0", "near"))
    workspace = load(files)
    assert members(workspace) == ["top"]
    assert workspace.root == "/ws"


def test_default_members_have_no_effect() -> None:
    root = '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["a"]\n'
    assert members(load(files_of(root, "/ws/a", "/ws/b"))) == ["a", "b"]


def test_a_pattern_that_is_none() -> None:
    error = refusal(files_of('[workspace]\nmembers = ["a**"]\n'))
    assert told(error) == (
        "/ws/Cargo.toml:2:11: `a**` in `workspace.members` is not a valid pattern: "
        "`**` must stand alone between slashes"
    )


def test_a_hidden_folder_that_a_pattern_matches_needs_a_manifest() -> None:
    files = files_of('[workspace]\nmembers = ["m/*"]\n', "/ws/m/a", **{"/ws/m/.cache/x": ""})
    assert refusal(files).message == ("workspace member `m/*` has no manifest: /ws/m/.cache/Cargo.toml does not exist")


def test_a_member_with_its_own_workspace() -> None:
    files = files_of('[workspace]\nmembers = ["app"]\n', "/ws/app")
    files[APP] = package("app", body="[workspace]\n")
    assert told(refusal(files)) == (f"{APP}:4:1: a member of the workspace of /ws/Cargo.toml has its own [workspace]")


def test_a_member_that_points_to_another_workspace() -> None:
    files = files_of('[workspace]\nmembers = ["app"]\n', "/ws/app", **{"/far/Cargo.toml": "[workspace]\n"})
    files[APP] = package("app", extra='workspace = "../../far"\n')
    assert told(refusal(files)) == (
        f"{APP}: a member of the workspace of /ws/Cargo.toml is found to belong to /far/Cargo.toml"
    )


def test_a_listed_member_outside_has_to_point_back() -> None:
    files = files_of('[workspace]\nmembers = ["../near"]\n', "/near")
    assert told(refusal(files)) == (
        "/near/Cargo.toml: a member of the workspace of /ws/Cargo.toml is found to belong to no workspace"
    )


def test_two_members_of_one_name() -> None:
    files = files_of('[workspace]\nmembers = ["a", "b"]\n', "/ws/a", "/ws/b")
    files["/ws/b/Cargo.toml"] = package("a")
    assert told(refusal(files)) == (
        "/ws/b/Cargo.toml:2:8: two members are named `a`: the other one is /ws/a/Cargo.toml"
    )


def test_a_start_that_is_no_member() -> None:
    files = files_of('[workspace]\nmembers = ["a"]\n', "/ws/a", "/ws/b")
    error = refusal(files, "/ws/b/Cargo.toml")
    assert told(error) == (
        "/ws/b/Cargo.toml: /ws/b/Cargo.toml believes it is in the workspace of /ws/Cargo.toml, which does not list it"
    )
    assert "workspace.exclude" in str(error.help)


def test_all_inconsistencies_are_told_at_once() -> None:
    files = files_of('[workspace]\nmembers = ["a", "b"]\n', "/ws/a", "/ws/b")
    files["/ws/b/Cargo.toml"] = package("a", body="[workspace]\n")
    error = refusal(files)
    assert error.message == "the workspace is not consistent"
    assert len(error.related) == 2


def test_a_workspace_without_members() -> None:
    assert told(refusal({"/ws/Cargo.toml": "[workspace]\n"})) == (
        "/ws/Cargo.toml:1:1: /ws/Cargo.toml is virtual, and its workspace has no members"
    )


def test_a_manifest_that_is_neither_package_nor_workspace() -> None:
    assert told(refusal({"/ws/Cargo.toml": "[profile.dev]\n"})) == (
        "/ws/Cargo.toml: /ws/Cargo.toml has neither a [package] nor a [workspace]"
    )
