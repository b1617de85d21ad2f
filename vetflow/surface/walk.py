"""The files that are compiled together from one root: `mod`, `#[path]` and `include!` followed to their ends.

Every condition is followed but "only for tests", because it may hold on somebody's machine. Where something cannot be
followed, all Rust files beside it are taken: too much to read rather than too little (shared spec behaviour A2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from posixpath import basename, dirname, join
from typing import Final, NamedTuple, TypeAlias

from vetflow.model.contents import CrateFiles
from vetflow.model.disk_names import Collision
from vetflow.surface.collisions import INSTEAD
from vetflow.surface.const_paths import GENERATED_FOLDER, PACKAGE_FOLDER, ConstPath
from vetflow.surface.references import (
    INCLUDING_MACROS,
    Inclusion,
    ModuleDeclaration,
    ModulePlace,
    find_references,
    including_aliases,
)
from vetflow.surface.roots import leaves_package, package_path
from vetflow.surface.rust import RustSources, find_strings, line_of, string_value
from vetflow.surface.tiers import Reached, Unresolved
from vetflow.surface.units import ParsedFile

MANIFEST: Final = "Cargo.toml"

_PlaceOf: TypeAlias = Callable[[str], ModulePlace]


class Walk(NamedTuple):
    """What one root reaches.

    code, data: how each file was first reached; a file may be both. unresolved: modules without a file.
    computed: files that are named by more than literals. generated: inclusions of what the crate's own build script
    wrote. escaping: paths that lead out of the package.
    """

    code: Mapping[str, Reached]
    data: Mapping[str, Reached]
    parsed: Mapping[str, ParsedFile]
    unresolved: tuple[Unresolved, ...]
    computed: tuple[Unresolved, ...]
    generated: tuple[Unresolved, ...]
    escaping: tuple[Unresolved, ...]


def walk(root: str, files: CrateFiles, sources: RustSources, collisions: Iterable[Collision] = ()) -> Walk:
    """Return what is compiled from a root, which the manifest names; linear in the size of the files reached.

    collisions: of the files; some disk gives the compiler one of them for another, so all of them are taken as code.
    """
    aliases = dict(INCLUDING_MACROS)
    while True:
        walker = _Walker(files, sources, aliases, collisions)
        walker.run(root)
        found = {alias: name for path in walker.code for alias, name in walker.aliases_of(path).items()}
        if found.keys() <= aliases.keys():
            return walker.result()
        # A file may use the name that another one gives to `include!`: once more, knowing it.
        aliases |= found


class _Walker:
    """Goes breadth first from file to file; each file counts once for each place its modules are looked for in."""

    def __init__(
        self,
        files: CrateFiles,
        sources: RustSources,
        including: Mapping[str, str],
        collisions: Iterable[Collision],
    ) -> None:
        self.code: dict[str, Reached] = {}
        self._files = files
        self._sources = sources
        self._including = including
        self._colliding = {path: collision for collision in collisions for path in collision}
        self._root_place: tuple[ModulePlace, ...] = ()
        self._data: dict[str, Reached] = {}
        self._unresolved: dict[Unresolved, None] = {}
        self._computed: dict[Unresolved, None] = {}
        self._generated: dict[Unresolved, None] = {}
        self._escaping: dict[Unresolved, None] = {}
        self._queue: deque[tuple[str, ModulePlace]] = deque()
        self._seen: set[tuple[str, ModulePlace]] = set()
        self._beside: set[str] = set()

    def result(self) -> Walk:
        return Walk(
            code=self.code,
            data=self._data,
            parsed={path: self._sources.parsed(path) for path in self.code},
            unresolved=tuple(self._unresolved),
            computed=tuple(self._computed),
            generated=tuple(self._generated),
            escaping=tuple(self._escaping),
        )

    def aliases_of(self, path: str) -> Mapping[str, str]:
        return including_aliases(self._files[path].content)

    def run(self, root: str) -> None:
        if leaves_package(root):
            self._escaping[Unresolved(MANIFEST, 1, f"a root outside the package: {root}")] = None
        elif root not in self._files:
            self._unresolved[Unresolved(MANIFEST, 1, f"the root {root} is not in the package")] = None
        else:
            self._root_place = (_in_its_folder(root),)
            self._take(root, Reached(MANIFEST, None, "root"), *self._root_place)
        self._follow_all()
        if self._computed:
            self._take_named_files()
            self._follow_all()
        if self._unresolved:
            self._take_files_beside()
            self._follow_all()

    def _follow_all(self) -> None:
        while self._queue:
            path, place = self._queue.popleft()
            callers = (_in_its_folder(path), *self._root_place)
            references = find_references(self._sources.parsed(path), place, self._including, callers)
            for module in references.modules:
                self._follow_module(path, module)
            for inclusion in references.inclusions:
                self._follow_inclusion(path, inclusion)

    def _take(self, path: str, reached: Reached, place: ModulePlace) -> None:
        """Add a file of code, with all that collides with it; `place`: where its own modules are."""
        self.code.setdefault(path, reached)
        if (path, place) not in self._seen:
            self._seen.add((path, place))
            self._queue.append((path, place))
        collision = self._colliding.pop(path, ())
        for other in collision:
            self._colliding.pop(other, None)  # each collision is taken once: there may be thousands of names in it
        for other in collision:
            self._take(other, Reached(path, None, INSTEAD), place)

    def _follow_module(self, source: str, module: ModuleDeclaration) -> None:
        found = False
        for path in module.paths:
            found |= self._follow_path(source, module, path)
        if module.has_default and module.name is not None:
            for place in module.places:
                for name in (f"{module.name}.rs", f"{module.name}/mod.rs"):
                    text = join(place.directory, place.relative, name)
                    found |= self._take_module(source, module, text, _beside_its_file)
        if not found and not (module.optional and module.name is not None):
            what = f"mod {module.name}" if module.name is not None else "a module that a macro names"
            self._note(self._unresolved, source, module.line, f"no file for {what}")

    def _follow_path(self, source: str, module: ModuleDeclaration, path: ConstPath) -> bool:
        """Add the files that an attribute names; whether there are any."""
        if path.variable == GENERATED_FOLDER:
            self._note(self._generated, source, module.line, "a module that the build script writes")
            return True
        if path.text is None or path.variable is not None:
            self._note(self._computed, source, module.line, "the path of a module is computed")
            return False
        found = False
        for place in module.places:
            found |= self._take_module(source, module, join(place.directory, path.text), _in_its_folder)
        return found

    def _take_module(self, source: str, module: ModuleDeclaration, text: str, place_of: _PlaceOf) -> bool:
        """Add the file of a module if there is one; `place_of` tells where its own modules are."""
        path = package_path(text, self._files)
        how = f"mod {module.name or '…'}"
        if leaves_package(path):
            if not module.optional:
                self._note(self._escaping, source, module.line, f"{how} is outside the package: {path}")
            return True
        if path not in self._files:
            return False
        self._take(path, Reached(source, module.line, how), place_of(path))
        return True

    def _follow_inclusion(self, source: str, inclusion: Inclusion) -> None:
        is_code = inclusion.macro == "include"
        text = inclusion.path.in_package(source)
        if text is None:
            self._cannot_follow(source, inclusion, is_code=is_code)
            return
        path = package_path(text, self._files)
        how = f"{inclusion.macro}!"
        if leaves_package(path):
            if not inclusion.optional:
                self._note(self._escaping, source, inclusion.line, f"{how} reads outside the package: {path}")
        elif path in self._files:
            reached = Reached(source, inclusion.line, how)
            if is_code:
                self._take(path, reached, _in_its_folder(path))
            else:
                self._data.setdefault(path, reached)
        elif is_code and not inclusion.optional:
            self._note(self._unresolved, source, inclusion.line, f"no file for {how} of {path}")

    def _cannot_follow(self, source: str, inclusion: Inclusion, *, is_code: bool) -> None:
        variable, how = inclusion.path.variable, f"{inclusion.macro}!"
        if variable == GENERATED_FOLDER:
            if is_code:
                self._note(self._generated, source, inclusion.line, f"{how} of code that the build script writes")
        elif variable not in {None, PACKAGE_FOLDER}:
            self._note(self._computed, source, inclusion.line, f"{how} of a path that begins with ${variable}")
        elif is_code:
            self._note(self._computed, source, inclusion.line, f"{how} of a computed path")

    def _note(self, rows: dict[Unresolved, None], source: str, line: int, what: str) -> None:
        # What was taken only because it lies beside something gives no reason to take or to report more.
        if source not in self._beside:
            rows[Unresolved(source, line, what)] = None

    def _take_named_files(self) -> None:
        """Take the files that literals name as code: one of them may be what a computed path stands for."""
        for path in tuple(self.code):
            for node in find_strings(self._sources.parsed(path)):
                text, line = string_value(node), line_of(node)
                for named in (ConstPath(None, text).in_package(path), text):
                    target = package_path(named or ".", self._files)
                    if target in self._files and target != MANIFEST:
                        reached = Reached(path, line, "named where a path is computed")
                        self._take(target, reached, _in_its_folder(target))

    def _take_files_beside(self) -> None:
        folders = {dirname(each.path) for each in self._unresolved}
        prefixes = tuple(f"{folder}/" if folder else "" for folder in folders)
        first = next(iter(self._unresolved))
        for path in sorted(self._files):
            if path.endswith(".rs") and path.startswith(prefixes) and path not in self.code:
                self._beside.add(path)
                reached = Reached(first.path, first.line, "beside code that could not be followed")
                self._take(path, reached, _beside_its_file(path))


def _in_its_folder(path: str) -> ModulePlace:
    """Return where the modules of a file are that was named by its path: beside it."""
    return ModulePlace(dirname(path))


def _beside_its_file(path: str) -> ModulePlace:
    """Return where the modules of a file are that was found by its name: in a folder of that name."""
    name = basename(path)
    return ModulePlace(dirname(path), "" if name == "mod.rs" else name.removesuffix(".rs"))
