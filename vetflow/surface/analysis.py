"""All of it for one crate: what runs at build time, and what stands out in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.formats.toml import decode_utf8
from vetflow.model.contents import CrateFiles
from vetflow.model.disk_names import Collision, find_collisions
from vetflow.model.packages import DependencyKind
from vetflow.surface.blobs import Blob
from vetflow.surface.capabilities import find_evidence, undecided
from vetflow.surface.collisions import INSTEAD, check_collisions, others_of
from vetflow.surface.evidence import Evidence
from vetflow.surface.inputs import Input, Name, find_inputs, find_mentioned, find_names, is_native_source
from vetflow.surface.native_code import check_native_code
from vetflow.surface.package_checks import check_blobs, check_package, check_spelling, find_blobs
from vetflow.surface.reach import check_reach
from vetflow.surface.roots import find_roots, hidden_build_scripts
from vetflow.surface.rules import Rules, Undecided
from vetflow.surface.rust import RustSources
from vetflow.surface.source_checks import Tests
from vetflow.surface.tiers import CrateSurface, Grade, Reached, Roots, SurfaceFile, Tier
from vetflow.surface.units import CodeUnit, Role
from vetflow.surface.vcs_info import VcsClaim, read_vcs_info
from vetflow.surface.walk import MANIFEST, Walk, walk

_OWN_ROLES: Final = frozenset({Role.BUILD_SCRIPT, Role.PROC_MACRO})
_UNREADABLE: Final = frozenset({"encoded", "compression"})


class Analysis(NamedTuple):
    """What one look at a crate found.

    evidence: highest grades first, then by place. digest: of all that runs at build time by itself (build script and
    proc macro with the files they name), None where nothing does; equal digests mean the same build-time code. blobs:
    the files of the package that are no text, where it was looked for them. contents: sha-256 of each file of the
    surface. undecided: what reading the code of its units cannot tell, each thing once.
    """

    manifest: Manifest
    surface: CrateSurface
    evidence: tuple[Evidence, ...]
    digest: str | None
    blobs: Mapping[str, Blob]
    contents: Mapping[str, str]
    vcs: VcsClaim | None
    undecided: tuple[Undecided, ...] = ()

    @property
    def grade(self) -> Grade:
        """The highest grade of its evidence."""
        return max((each.grade for each in self.evidence), default=Grade.EXPECTED)


class _Part(NamedTuple):
    """A unit with what was found by walking it."""

    unit: CodeUnit
    walked: Walk
    names: tuple[Name, ...]
    inputs: Mapping[str, Input]

    @property
    def builds(self) -> bool:
        return self.unit.role is not Role.RUNTIME


def analyse(
    files: CrateFiles,
    rules: Rules,
    *,
    host_library: bool = False,
    under_review: bool = True,
    every_place: bool = False,
) -> Analysis:
    """Look at a crate.

    host_library: whether its library is linked into something that runs during the build. under_review: whether its
    library and all other files are looked at, too, and not only what runs at build time by itself; that takes longer.
    every_place: evidence names each place, of what is expected, too (`grading.grade`).
    Raises WorkspaceError or TomlError for a manifest that cannot be read.
    """
    manifest = read_manifest(files)
    roots = find_roots(manifest, files)
    hidden = hidden_build_scripts(manifest, files)
    sources = RustSources(files)
    collisions = find_collisions(files)
    parts = [
        _walk_unit(role, root, manifest, sources, collisions)
        for role, root in _units(roots, hidden, host_library=host_library, under_review=under_review)
    ]
    surface = _surface(roots, parts)
    blobs = find_blobs(files, files) if under_review or surface.files else {}
    found = [find_evidence(part.unit, rules, every_place=every_place) for part in parts]
    evidence = [
        *_unit_evidence(parts, found, blobs),
        *_blob_evidence(files, blobs, surface, parts, whole=under_review),
        *check_package(files, surface, _test_ranges(parts), whole=under_review),
        *check_spelling(files, hidden),
        *check_collisions(
            collisions, files, surface, {path for part in parts for path in part.walked.code}, whole=under_review
        ),
        *_native_evidence(files, surface),
    ]
    contents = {file.path: sha256(files[file.path].content).hexdigest() for file in surface.files}
    return Analysis(
        manifest=manifest,
        surface=surface,
        evidence=tuple(sorted(dict.fromkeys(evidence), key=_order)),
        digest=_digest(roots, parts, contents),
        blobs=blobs,
        contents=contents,
        vcs=read_vcs_info(files),
        undecided=tuple(
            dict.fromkeys(
                each for part, seen in zip(parts, found, strict=True) for each in undecided(part.unit, seen, rules)
            )
        ),
    )


def read_manifest(files: CrateFiles) -> Manifest:
    """Return the published manifest of a crate. Raises WorkspaceError or TomlError."""
    file = files.get(MANIFEST)
    if file is None:
        raise WorkspaceError("the package has no Cargo.toml", place=Place(MANIFEST))
    return parse_manifest(decode_utf8(file.content, MANIFEST), f"/{MANIFEST}")


def _units(
    roots: Roots, hidden: Iterable[str], *, host_library: bool, under_review: bool
) -> Iterator[tuple[Role, str]]:
    for root in (*roots.build_scripts, *hidden):
        yield Role.BUILD_SCRIPT, root
    if roots.library is None:
        return
    if roots.proc_macro:
        yield Role.PROC_MACRO, roots.library
    elif under_review:
        yield (Role.HOST_LIBRARY if host_library else Role.RUNTIME), roots.library


def _walk_unit(
    role: Role, root: str, manifest: Manifest, sources: RustSources, collisions: Sequence[Collision]
) -> _Part:
    files = sources.files
    walked = walk(root, files, sources, collisions)
    kind = DependencyKind.BUILD if role is Role.BUILD_SCRIPT else DependencyKind.NORMAL
    dependencies: dict[str, tuple[str, ...]] = {}
    for each in manifest.dependencies:
        name = each.key.replace("-", "_")
        if each.kind is kind and each.package not in dependencies.get(name, ()):
            dependencies[name] = (*dependencies.get(name, ()), each.package)
    links = manifest.package.links if manifest.package is not None else None
    unit = CodeUnit(role, root, walked.parsed, dependencies, links, files)
    # What a library names at run time says nothing about the build.
    names = () if role is Role.RUNTIME else find_names(unit)
    inputs = dict(find_inputs(unit, names))
    for path, named in others_of(walked.data.keys() | inputs.keys(), collisions):
        if path not in walked.code:
            inputs[path] = Input(path, Reached(named, None, INSTEAD), is_native_source(path))
    return _Part(unit, walked, names, inputs)


def _surface(roots: Roots, parts: Iterable[_Part]) -> CrateSurface:
    """Join the parts that run at build time; a file counts for the first tier it belongs to."""
    files: dict[str, SurfaceFile] = {}
    building = [part for part in parts if part.builds]
    for part in building:
        tier = part.unit.role.tier or Tier.INPUT
        for path, reached in part.walked.code.items():
            files.setdefault(path, SurfaceFile(path, tier, reached, is_code=True))
    for part in building:
        for path, reached, compiled in _inputs(part):
            is_code = path.endswith(".rs")
            files.setdefault(path, SurfaceFile(path, Tier.INPUT, reached, is_code=is_code, compiled=compiled))
    return CrateSurface(
        roots=roots,
        files=tuple(sorted(files.values(), key=lambda file: (file.tier.value, file.path))),
        unresolved=tuple(row for part in building for row in (*part.walked.unresolved, *part.walked.computed)),
        escaping=tuple(row for part in building for row in part.walked.escaping),
    )


def _inputs(part: _Part) -> Iterator[tuple[str, Reached, bool]]:
    for path, reached in part.walked.data.items():
        yield path, reached, False
    for each in part.inputs.values():
        yield each.path, each.reached, each.compiled


def _unit_evidence(
    parts: Iterable[_Part], seen: Iterable[Sequence[Evidence]], blobs: Mapping[str, Blob]
) -> Iterator[Evidence]:
    made_from_data = False
    for part, found in zip(parts, seen, strict=True):  # build scripts come first
        unit = part.unit
        yield from found
        yield from check_reach(part.walked, unit.role, unit.package, made_from_data=made_from_data)
        if unit.role is Role.BUILD_SCRIPT:
            made_from_data |= _reads_unreadable_data(part, found, blobs)


def _reads_unreadable_data(part: _Part, found: Iterable[Evidence], blobs: Mapping[str, Blob]) -> bool:
    """Whether a build script holds data as bytes, unpacks or decodes it: what it makes of that cannot be reviewed."""
    return (
        any(reached.how == "include_bytes!" for reached in part.walked.data.values())
        or not blobs.keys().isdisjoint(part.inputs)
        or any(each.capability in _UNREADABLE for each in found)
    )


def _blob_evidence(
    files: CrateFiles, blobs: Mapping[str, Blob], surface: CrateSurface, parts: Iterable[_Part], *, whole: bool
) -> Iterator[Evidence]:
    named: set[str] = set()
    for part in parts:
        named.update(part.walked.code, part.walked.data, find_mentioned(part.names, blobs))
        named.update(path for path, each in part.inputs.items() if each.directly)
    near = named.union(surface.paths())
    seen = blobs if whole else {path: blob for path, blob in blobs.items() if path in near}
    yield from check_blobs(seen, files, surface, named)


def _test_ranges(parts: Iterable[_Part]) -> Mapping[str, Tests]:
    return {path: file.test_only for part in parts for path, file in part.unit.files.items()}


def _native_evidence(files: CrateFiles, surface: CrateSurface) -> Iterator[Evidence]:
    for file in surface.files:
        if file.compiled:
            yield from check_native_code(files[file.path])


def _order(evidence: Evidence) -> tuple[int, str, str, int, str, str]:
    tier = evidence.tier.value if evidence.tier is not None else "T9"
    return -evidence.grade, tier, evidence.path, evidence.line or 0, evidence.rule, evidence.detail


def _digest(roots: Roots, parts: Iterable[_Part], contents: Mapping[str, str]) -> str | None:
    """Return a digest of what runs by itself, the same whether or not the library was looked at."""
    own = [part for part in parts if part.unit.role in _OWN_ROLES]
    if not own:
        return None
    rows = {f"root {part.unit.role.value} {part.unit.root}" for part in own}
    rows.add(f"links {roots.links}")
    for part in own:
        for path in (*part.walked.code, *part.walked.data, *part.inputs):
            rows.add(f"file {contents[path]} {path}")
    return sha256("\n".join(sorted(rows)).encode()).hexdigest()
