from __future__ import annotations

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.formats.source_id import GitSource
from vetflow.model.packages import DependencyKind

FILE = "/ws/app/Cargo.toml"
PACKAGE = '[package]\nname = "app"\nversion = "0.1.0"\n'


def read(text: str) -> Manifest:
    return parse_manifest(text, FILE)


def dependency(value: str) -> ManifestDependency:
    (found,) = read(f"{PACKAGE}[dependencies]\ntiny = {value}\n").dependencies
    return found


def failure(text: str) -> WorkspaceError:
    with pytest.raises(WorkspaceError) as raised:
        read(text)
    return raised.value


def test_a_package_says_name_and_version() -> None:
    manifest = read(PACKAGE)
    assert manifest.package is not None
    assert (manifest.package.name, str(manifest.package.version)) == ("app", "0.1.0")
    assert (manifest.file, manifest.directory, manifest.workspace) == (FILE, "/ws/app", None)


@pytest.mark.parametrize(
    ("text", "version"),
    [("", "0.0.0"), ('version = " 1.2.3 "\n', "1.2.3"), ("version.workspace = true\n", "None")],
)
def test_a_version_may_be_missing_or_inherited(text: str, version: str) -> None:
    package = read(f'[package]\nname = "app"\n{text}').package
    assert package is not None
    assert str(package.version) == version


def test_old_manifests_say_project() -> None:
    package = read('[project]\nname = "app"\n').package
    assert package is not None
    assert package.name == "app"


def test_a_virtual_manifest_has_no_package() -> None:
    manifest = read('[workspace]\nmembers = ["a", "b/*"]\nexclude = ["c"]\n')
    assert manifest.package is None
    assert manifest.workspace is not None
    assert (manifest.workspace.members, manifest.workspace.exclude) == (("a", "b/*"), ("c",))


@pytest.mark.parametrize(
    ("value", "requirement"),
    [
        ('"1"', "^1"),
        ('{ version = "~1.2" }', "~1.2"),
        ('{ path = "x" }', "None"),
        ('{ git = "https://a.example" }', "None"),
    ],
)
def test_a_requirement_is_there_or_accepts_everything(value: str, requirement: str) -> None:
    assert str(dependency(value).requirement) == requirement


def test_a_plain_dependency_has_the_name_of_its_key() -> None:
    found = dependency('"1"')
    assert (found.key, found.package, found.kind, found.table) == (
        "tiny",
        "tiny",
        DependencyKind.NORMAL,
        ("dependencies",),
    )


def test_a_renamed_dependency_keeps_its_real_name() -> None:
    found = dependency('{ package = "small", version = "1" }')
    assert (found.key, found.package) == ("tiny", "small")


def test_paths_are_made_absolute() -> None:
    assert dependency('{ path = "../util/." }').directory == "/ws/util"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [("", ""), (', branch = "next"', "branch=next"), (', tag = "v1"', "tag=v1"), (', rev = "abc"', "rev=abc")],
)
def test_a_git_dependency_has_a_repository_and_a_reference(reference: str, expected: str) -> None:
    found = dependency(f'{{ git = "https://git.example/tiny.git"{reference} }}')
    assert found.git == GitSource("https://git.example/tiny", expected)


@pytest.mark.parametrize(
    ("value", "registry"),
    [
        ('registry = "ours"', "ours"),
        ('registry-index = "https://x.example"', "https://x.example"),
        ('registry = "crates-io"', None),
    ],
)
def test_a_registry_other_than_crates_io_is_told(value: str, registry: str | None) -> None:
    assert dependency(f'{{ version = "1", {value} }}').registry == registry


def test_features_and_flags() -> None:
    found = dependency('{ version = "1", optional = true, default-features = false, features = ["a"] }')
    assert (found.optional, found.default_features, found.features) == (True, False, ("a",))
    assert dependency('{ version = "1", default_features = false }').default_features is False
    assert dependency('"1"').default_features is None


@pytest.mark.parametrize("value", ["{ workspace = true }", "{ workspace = true, optional = true }"])
def test_an_inherited_dependency_is_marked(value: str) -> None:
    assert dependency(value).inherited
    assert dependency(value).optional is ("optional" in value)


def test_dependencies_come_in_cargos_order() -> None:
    text = """
[target."cfg(z)".dependencies]
t2 = "1"
[target.'cfg(a)'.dev-dependencies]
t1 = "1"
[build-dependencies]
b = "1"
[dev-dependencies]
d = "1"
[dependencies]
y = "1"
x = "1"
"""
    assert [(found.key, int(found.kind), found.table) for found in read(PACKAGE + text).dependencies] == [
        ("x", 1, ("dependencies",)),
        ("y", 1, ("dependencies",)),
        ("d", 4, ("dev-dependencies",)),
        ("b", 2, ("build-dependencies",)),
        ("t1", 4, ("target", "cfg(a)", "dev-dependencies")),
        ("t2", 1, ("target", "cfg(z)", "dependencies")),
    ]


def test_of_two_spellings_the_one_with_a_dash_counts() -> None:
    text = '[dev-dependencies]\na = "1"\n[dev_dependencies]\nb = "1"\n[build_dependencies]\nc = "1"\n'
    assert [found.key for found in read(PACKAGE + text).dependencies] == ["a", "c"]


def test_workspace_sections() -> None:
    workspace = read(
        '[workspace.package]\nversion = "2.0.0"\nedition = "2021"\n'
        '[workspace.dependencies]\nutil = { path = "util" }\n'
        '[workspace.metadata.vet]\nstore = { path = "x" }\n'
    ).workspace
    assert workspace is not None
    assert (str(workspace.version), workspace.edition, workspace.members) == ("2.0.0", "2021", None)
    assert workspace.dependencies["util"].directory == "/ws/app/util"
    assert workspace.vet == {"store": {"path": "x"}}


def test_features_are_read() -> None:
    assert read(PACKAGE + '[features]\ndefault = ["a"]\na = []\n').features == {"default": ("a",), "a": ()}


def test_patches_and_replacements() -> None:
    manifest = read(
        PACKAGE + '[patch.crates-io]\ntiny = { path = "../tiny" }\n[replace]\n"tiny:1.0.0" = { path = "tiny" }\n'
    )
    (patch,) = manifest.patches["crates-io"]
    assert (patch.package, patch.directory) == ("tiny", "/ws/tiny")
    (replacement,) = manifest.replacements
    assert (replacement.spec, replacement.dependency.directory) == ("tiny:1.0.0", "/ws/app/tiny")


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("[package]\n", "`package` has no `name`", 1, 1),
        ('[package]\nname = "app"\nversion = "1"\n', "`package.version` is not a version: ", 3, 11),
        ("[package]\nname = 1\n", "`package.name` must be a string", 2, 8),
        ('[package]\nname = "app"\nversion = 1\n', "`package.version` must be a string", 3, 11),
        ("package = 1\n", "`package` must be a table", 1, 11),
        (PACKAGE + "workspace = 1\n", "`package.workspace` must be a string", 4, 13),
        (PACKAGE + "[dependencies]\ntiny = 1\n", "`dependencies.tiny` must be a version requirement or a table", 5, 8),
        (
            PACKAGE + '[dependencies]\ntiny = "one"\n',
            "dependency `tiny` has an invalid version requirement `one`: ",
            5,
            8,
        ),
        (PACKAGE + "[dependencies]\ntiny = {}\n", "dependency `tiny` needs a version, a path, a git repository", 5, 8),
        (PACKAGE + '[dependencies.tiny]\npath = 1\nversion = "1"\n', "`dependencies.tiny.path` must be a string", 5, 8),
        (
            PACKAGE + '[dependencies.tiny]\nversion = "1"\noptional = 1\n',
            "`dependencies.tiny.optional` must be a boolean",
            6,
            12,
        ),
        (
            PACKAGE + '[dependencies.tiny]\nversion = "1"\nfeatures = [1]\n',
            "`dependencies.tiny.features` must be an array of strings",
            6,
            12,
        ),
        (
            PACKAGE + '[dependencies.tiny]\ngit = "https://a.example"\npath = "x"\n',
            "dependency `tiny` has both a path and a git repository",
            4,
            1,
        ),
        (
            PACKAGE + '[dependencies.tiny]\ngit = "https://a.example"\ntag = "x"\nrev = "y"\n',
            "dependency `tiny` has more than one of branch, tag and rev",
            4,
            1,
        ),
        ("lib = 1\n" + PACKAGE, "`lib` must be a table", 1, 7),
        ("[workspace]\nmembers = 1\n", "`workspace.members` must be an array", 2, 11),
        ("[workspace]\nmembers = [1]\n", "`workspace.members` must be an array of strings", 2, 11),
        ("[workspace]\ndependencies = 1\n", "`workspace.dependencies` must be a table", 2, 16),
        (PACKAGE + "[features]\nfull = 1\n", "`features.full` must be an array", 5, 8),
        (PACKAGE + "[target]\nx = 1\n", "`target.x` must be a table", 5, 5),
        (PACKAGE + "[patch]\ncrates-io = 1\n", "`patch.crates-io` must be a table", 5, 13),
        ("[package\n", "/ws/app/Cargo.toml is not valid TOML: ", 1, 9),
    ],
)
def test_what_is_malformed_is_told_with_its_place(text: str, message: str, line: int, column: int) -> None:
    error = failure(text)
    assert error.message.startswith(message)
    assert error.place == Place(FILE, line, column)


def test_all_problems_are_told_at_once() -> None:
    error = failure('[package]\nname = 1\n[dependencies]\na = 1\nb = "one"\n')
    assert error.message == f"{FILE} has 3 problems"
    assert [problem.place for problem in error.related] == [
        Place(FILE, line, column) for line, column in ((2, 8), (4, 5), (5, 5))
    ]


def test_a_package_may_claim_a_native_library_and_state_the_resolver() -> None:
    package = read(f'{PACKAGE}links = "z"\nresolver = "2"\n').package
    assert package is not None
    assert (package.links, package.resolver) == ("z", "2")


def test_a_workspace_may_state_the_resolver_and_what_is_built_by_default() -> None:
    workspace = read('[workspace]\nresolver = "3"\ndefault-members = ["a", "b/*"]\n').workspace
    assert workspace is not None
    assert (workspace.resolver, workspace.default_members) == ("3", ("a", "b/*"))
