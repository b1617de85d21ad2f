"""Random Cargo workspaces: what people do with paths, globs, renames, targets, patches and sources.

Most draws describe a project that cargo accepts; some do not: what cargo refuses vetflow must refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.compat.workspaces import GIT_REVISION, Crate, Dependency, PathPackage, Section, Source, Workspace

T = TypeVar("T")

CRATES = (
    "anvil", "bramble", "cobalt", "dovetail", "ember-ash", "ember_glow", "fathom", "gimlet", "Hollow",
    "i18n-x", "juniper-derive", "kestrel", "lantern", "b64x", "dependency-criteria",
)  # fmt: skip
PACKAGES = ("app", "core-lib", "helper_x", "tooling", "Widget", "zeta", "anvil", "mid")
VERSIONS = (
    "1.0.0", "1.0.1", "1.2.0", "2.0.0", "0.1.0", "0.1.5", "0.2.0", "3.1.4", "1.10.0", "2.0.0-rc.1",
    "1.0.0+b.5",
)  # fmt: skip
TARGETS = (
    "cfg(unix)",
    "cfg(windows)",
    "x86_64-pc-windows-msvc",
    'cfg(any(target_os = "none"))',
    "cfg(any())",
)


def chance(draw: DrawFn, percent: int) -> bool:
    """Draw True in about `percent` of all cases; shrinks to False."""
    return draw(st.integers(0, 99)) >= 100 - percent


def rarely(draw: DrawFn) -> bool:
    """Draw True once in about 800 cases: for what is asked of every entry of a store.

    In two draws, because hypothesis favours the ends of a wide range.
    """
    return chance(draw, 4) and chance(draw, 3)


def pick(draw: DrawFn, *weighted: tuple[int, T]) -> T:
    """Draw one of the values by weight; shrinks to the first."""
    return draw(st.sampled_from([value for weight, value in weighted for _ in range(weight)]))


@st.composite
def workspaces(draw: DrawFn) -> Workspace:
    """Draw a workspace."""
    reference = draw(
        st.sampled_from([None, ("rev", GIT_REVISION), ("branch", "main"), ("tag", "v1.0"), ("branch", "feat/a b")]),
    )
    crates = draw(third_party())
    layout = pick(draw, (5, "virtual"), (4, "root"), (1, "single"))
    folders = draw(_folders(layout))
    version = draw(st.sampled_from([None, None, "0.3.0", "1.0.0-alpha.2"])) if layout != "single" else None
    packages = draw(_path_packages(folders, crates, version))
    shared: tuple[Dependency, ...] = ()
    if layout != "single":
        packages, shared = _share(draw, packages)
    patches, packages = _patches(draw, crates, packages)
    return Workspace(
        packages=packages,
        crates=crates,
        members=draw(_members(folders)) if layout != "single" else (),
        exclude=draw(st.sampled_from([("excluded",), ("excluded", "crates/left"), ("./excluded/",)])),
        has_table=layout != "single",
        shared_version=version,
        shared=shared,
        git_reference=reference,
        patches=patches,
        spelling=draw(st.integers(0, 10**6)),
    )


@st.composite
def third_party(draw: DrawFn) -> tuple[Crate, ...]:
    """Draw crates of crates.io, a few of another registry and of git; each depends only on later names."""
    names = draw(st.lists(st.sampled_from(CRATES), min_size=5, max_size=12, unique=True))
    published = {name: draw(st.lists(st.sampled_from(VERSIONS), min_size=1, max_size=3, unique=True)) for name in names}
    crates = []
    for position, name in enumerate(names):
        below = {later: published[later] for later in names[position + 1 :]}
        for version in published[name]:
            wanted = draw(_registry_dependencies(below, most=3))
            optional = [d.key for d in wanted if d.optional]
            features = {"extra": tuple(f"dep:{key}" for key in optional)}
            if chance(draw, 30):
                features["default"] = ("extra",)
            library = not chance(draw, 2)
            crates.append(Crate(name, version, "crates-io", wanted, features, library))
    others: list[tuple[Source, str]] = [("alternate", "quartz"), ("git", "gittool"), ("git", "gitlib")]
    for source, name in others:
        if chance(draw, 20):
            taken = names[0] if chance(draw, 10) else name
            wanted = draw(_registry_dependencies(published, most=2))
            version = draw(st.sampled_from(VERSIONS))
            crates.append(Crate(taken, version, source, tuple(d for d in wanted if not d.optional)))
    return tuple(crates)


@st.composite
def _registry_dependencies(draw: DrawFn, published: Mapping[str, Sequence[str]], most: int) -> tuple[Dependency, ...]:
    wanted = []
    for name in draw(st.lists(st.sampled_from(sorted(published)), max_size=most, unique=True)) if published else ():
        dependency = Dependency(
            name,
            "crates-io",
            _section(draw),
            requirement=_requirement(draw, draw(st.sampled_from(published[name]))),
            target=_target(draw),
        )
        optional = chance(draw, 10) and dependency.section != "dev-dependencies"
        features = ("extra",) if chance(draw, 15) else ()
        wanted.append(dependency._replace(optional=optional, features=features, default_features=not chance(draw, 10)))
    return tuple(wanted)


def _section(draw: DrawFn, *, backwards: bool = False) -> Section:
    if backwards:  # cargo forbids cycles, except through dev-dependencies
        return "dev-dependencies"
    return pick(draw, (14, "dependencies"), (4, "build-dependencies"), (2, "dev-dependencies"))


def _target(draw: DrawFn) -> str | None:
    return draw(st.sampled_from(TARGETS)) if chance(draw, 15) else None


def _requirement(draw: DrawFn, version: str) -> str:
    """Draw a requirement that `version` meets, in one of the ways people write it."""
    release = version.partition("+")[0]
    if "-" in release:
        return draw(st.sampled_from([release, f"={release}", f">={release}"]))
    major, minor, _ = release.split(".")
    loose = [
        release,
        f"{major}.{minor}",
        f"^{release}",
        f"~{major}.{minor}",
        f">={release}",
        f"{major}.{minor}.*",
    ]
    if major != "0":
        loose += [major, major, f"{major}.*"]
    return draw(st.sampled_from([*loose * 3, f"={release}", "*", f">={release}, <{int(major) + 1}"]))


@st.composite
def _folders(draw: DrawFn, layout: str) -> tuple[tuple[str, str], ...]:
    """Draw (name, folder) of the path packages; the root package comes first where there is one."""
    names = draw(st.lists(st.sampled_from(PACKAGES), min_size=1, max_size=6, unique=True))
    homes = st.sampled_from(
        ["ws/crates", "ws/crates", "ws/crates", "ws/lib", "ws/lib/deep", "ws/excluded", "ext", "ext"],
    )
    placed = [(name, f"{draw(homes)}/{name}") for name in names]
    if layout == "virtual":
        placed[0] = (names[0], f"ws/crates/{names[0]}")
    else:
        placed[0] = (names[0], "ws")
    return tuple(placed)


def _is_inside(folder: str) -> bool:
    """Whether a package in `folder` may inherit from the workspace."""
    return folder.startswith("ws") and not folder.startswith("ws/excluded")


@st.composite
def _members(draw: DrawFn, folders: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    glob = draw(st.sampled_from(["crates/*", "crates/*", "crates/*", "./crates/*", "crates/*/", "cr*s/[!.]*"]))
    in_glob = any(folder.startswith("ws/crates/") for _, folder in folders)
    members = [glob] if in_glob or chance(draw, 20) else []
    for name, folder in folders:
        if folder.startswith("ws/lib") and chance(draw, 60):
            members.append(folder.removeprefix("ws/") + draw(st.sampled_from(["", "", "/"])))
        if folder.startswith("ext/") and chance(draw, 5):
            members.append(f"../ext/{name}")
        if folder.startswith("ws/excluded") and chance(draw, 10):
            members.append(f"excluded/{name}")
    return tuple(members)


@st.composite
def _path_packages(
    draw: DrawFn,
    folders: tuple[tuple[str, str], ...],
    crates: tuple[Crate, ...],
    shared_version: str | None,
) -> tuple[PathPackage, ...]:
    heirs = {name for name, folder in folders if shared_version and _is_inside(folder) and chance(draw, 30)}
    versions = {
        name: shared_version
        if shared_version and name in heirs
        else draw(st.sampled_from(["0.1.0", "0.1.0", "1.0.0", "1.2.0-beta.1"]))
        for name, _ in folders
    }
    packages = []
    for position, (name, folder) in enumerate(folders):
        paths = draw(_path_dependencies(position, folders, versions))
        third = draw(_crate_dependencies(crates, fewest=1 if position else 4))
        kept = _one_source_each([*paths, *third])
        optional = [d.key for d in kept if d.optional]
        features: dict[str, tuple[str, ...]] = {}
        if optional and chance(draw, 50):
            features["default"] = tuple(f"dep:{key}" for key in optional[:1])
        outside = folder.startswith("ext/")
        packages.append(
            PathPackage(
                name,
                versions[name],
                folder,
                kept,
                features,
                library=not chance(draw, 4),
                inherits_version=name in heirs,
                workspace="../../ws" if outside and chance(draw, 12) else None,
            ),
        )
    return tuple(packages)


def _one_source_each(dependencies: Sequence[Dependency]) -> tuple[Dependency, ...]:
    """Drop what cargo would refuse: a key twice in one table, or with two sources in one manifest."""
    by_key = {d.key: d for d in dependencies}
    by_place = {(d.section, d.target, d.key): d for d in dependencies}
    return tuple(
        d
        for d in by_place.values()
        if (d.source, d.package, d.folder) == (by_key[d.key].source, by_key[d.key].package, by_key[d.key].folder)
    )


@st.composite
def _path_dependencies(
    draw: DrawFn,
    position: int,
    folders: tuple[tuple[str, str], ...],
    versions: Mapping[str, str],
) -> list[Dependency]:
    """Draw dependencies on other path packages: forwards any kind, backwards and to itself only dev."""
    wanted = []
    for other, (name, folder) in enumerate(folders):
        if not chance(draw, 45 if other > position else 8):
            continue
        section = _section(draw, backwards=other <= position)
        wanted.append(
            Dependency(
                name,
                "path",
                section,
                requirement=_requirement(draw, versions[name]) if chance(draw, 30) else None,
                folder=folder,
                alias=f"{name}-renamed" if chance(draw, 8) else None,
                target=_target(draw),
                optional=section != "dev-dependencies" and chance(draw, 10),
            ),
        )
    return wanted


@st.composite
def _crate_dependencies(draw: DrawFn, crates: tuple[Crate, ...], fewest: int) -> list[Dependency]:
    names: dict[tuple[str, str], str | None] = {}
    wanted = []
    for crate in draw(st.lists(st.sampled_from(crates), min_size=fewest, max_size=9)):
        line = (crate.name, _compatible_line(crate.version))
        if line not in names:
            # Cargo refuses two names for what becomes one package, and one name for two packages.
            taken = any(name == crate.name for name, _ in names)
            names[line] = f"{crate.name}-{line[1]}x" if taken or chance(draw, 15) else None
        sections: list[tuple[int, Section]] = [
            (5, "dependencies"),
            (2, "build-dependencies"),
            (3, "dev-dependencies"),
        ]
        section = pick(draw, *sections)
        wanted.append(
            Dependency(
                crate.name,
                crate.source,
                section,
                requirement=None if crate.source == "git" else _requirement(draw, crate.version),
                alias=names[line],
                target=_target(draw),
                optional=section != "dev-dependencies" and chance(draw, 12),
                features=("extra",) if crate.features and chance(draw, 15) else (),
                default_features=not chance(draw, 10),
            ),
        )
    return wanted


def _compatible_line(version: str) -> str:
    """Return what versions have in common that cargo never keeps side by side."""
    major, minor, *_ = version.split(".")
    return major if major != "0" else f"0-{minor}"


def _share(
    draw: DrawFn,
    packages: tuple[PathPackage, ...],
) -> tuple[tuple[PathPackage, ...], tuple[Dependency, ...]]:
    """Let some dependencies of packages below the root be inherited from `[workspace.dependencies]`."""
    shared: dict[str, Dependency] = {}
    changed = []
    for package in packages:
        dependencies = []
        for dependency in package.dependencies:
            own = dependency
            if _is_inside(package.folder) and chance(draw, 20):
                plain = dependency._replace(section="dependencies", target=None, optional=False)
                known = shared.setdefault(dependency.key, plain)
                if known == plain:
                    own = dependency._replace(inherited=True)
            dependencies.append(own)
        changed.append(package._replace(dependencies=tuple(dependencies)))
    return tuple(changed), tuple(shared.values())


def _patches(
    draw: DrawFn,
    crates: tuple[Crate, ...],
    packages: tuple[PathPackage, ...],
) -> tuple[tuple[tuple[str, str], ...], tuple[PathPackage, ...]]:
    if not chance(draw, 7):
        return (), packages
    crate = draw(st.sampled_from([crate for crate in crates if crate.source == "crates-io"]))
    folder = draw(st.sampled_from(["ext/patched", "ws/patched", "ws/excluded/patched"]))
    patch = PathPackage(crate.name, crate.version, folder, features={"extra": ()})
    return ((crate.name, folder),), (*packages, patch)
