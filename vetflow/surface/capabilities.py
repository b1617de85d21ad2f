"""What the code of a unit can do: every rule of the table, looked for in names, strings and marks, then graded.

Evidence ranks and explains. Finding none says only that: what reading code cannot tell is listed by `undecided`.
Sources: shared spec behaviour B and C.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vetflow.surface.combinations import find_combinations
from vetflow.surface.evidence import Evidence
from vetflow.surface.grading import grade
from vetflow.surface.marks import find_marks
from vetflow.surface.named import find_named
from vetflow.surface.rules import Rules, Undecided
from vetflow.surface.sighting import Sighting
from vetflow.surface.unit_code import FileCode, UnitCode, read_unit
from vetflow.surface.units import CodeUnit, Role
from vetflow.surface.written import find_written

_PROGRAM_SEEN: Final = "process/"


def find_evidence(unit: CodeUnit, rules: Rules, *, every_place: bool = False) -> tuple[Evidence, ...]:
    """Return what the code of a unit can do, graded by where it runs, combinations among it.

    every_place: see `grading.grade`.

    Linear in the size of the code but for the values that are followed, whose steps are bounded. Nothing in a file
    makes it fail.
    """
    code = read_unit(unit, rules)
    sightings = {path: [*find_named(code, file), *find_marks(code, file)] for path, file in code.files.items()}
    builds_native = unit.links is not None or _sees(sightings, "native-build/crate")
    for path, file in code.files.items():
        sightings[path] += find_written(code, file, builds_native=builds_native)
    _settle_processes(code, sightings)
    for path in code.names.lost:
        sightings[path].append(Sighting("names/lost", "imports", 0))
    evidence = [
        each
        for path, file in code.files.items()
        for each in grade(code, file, sightings[path], every_place=every_place)
    ]
    return (*evidence, *find_combinations(evidence, unit.role, rules))


def _sees(sightings: Mapping[str, Sequence[Sighting]], *rules: str) -> bool:
    return any(each.rule in rules and not each.emitted for found in sightings.values() for each in found)


def _settle_processes(code: UnitCode, sightings: dict[str, list[Sighting]]) -> None:
    """Add what brings processes in where no use was found, and drop `.spawn()` where the start was found anyway."""
    found = {each.rule for rows in sightings.values() for each in rows if each.rule.startswith(_PROGRAM_SEEN)}
    if found - {"process/method"}:
        for path, rows in sightings.items():
            sightings[path] = [each for each in rows if each.rule != "process/method"]
        return
    for path, file in code.files.items():
        sightings[path] += _unseen(code, file)


def _unseen(code: UnitCode, file: FileCode) -> Iterator[Sighting]:
    for path, offset in file.names.imports:
        for meaning in code.names.meanings(file.path, path):
            kinds = {sink.kind for _, sink in code.rules.sinks.find((*meaning.path, "new"))}
            if "program" in kinds and not meaning.guessed:
                yield Sighting("process/unseen", "::".join(meaning.path), offset, meaning.chain)


def undecided(unit: CodeUnit, evidence: Sequence[Evidence], rules: Rules) -> tuple[Undecided, ...]:
    """Return what reading this unit cannot tell, in the table's order (shared spec behaviour B2)."""
    seen = {each.rule for each in evidence} | {each.capability for each in evidence}
    sources = [file.source for file in unit.files.values()]
    applies = {
        "dependencies": bool(unit.dependencies),
        "macros": bool(unit.dependencies) and any(b"!" in source for source in sources),
        "generated": any(b"include" in source and b"OUT_DIR" in source for source in sources),
        "run-time-values": bool(seen & _AT_RUN_TIME),
        "foreign-values": bool(unit.dependencies),
        "data-as-code": bool(seen & _DATA_AS_CODE) or any(b"include_bytes" in source for source in sources),
        "unsafe": "unsafe" in seen,
        "logic": True,
        "emitted": unit.role is Role.PROC_MACRO,
    }
    return tuple(each for name, each in rules.undecided.items() if applies[name])


_AT_RUN_TIME: Final = frozenset(
    {"process/unresolved", "env-read/unresolved", "fs-read/untraced", "fs-write/untraced", "network"}
)
_DATA_AS_CODE: Final = frozenset({"native-build", "linker", "dynamic-loading", "interpreter", "compiled", "blob"})
