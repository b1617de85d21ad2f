"""What the walk could not follow, or should not have had to: said where it stands, never passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.model.contents import CrateFiles
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.rust import first_error
from vetflow.surface.tiers import Grade
from vetflow.surface.units import Role
from vetflow.surface.walk import Walk

_NOWHERE: Final = dict.fromkeys(Role, Grade.EXPECTED)
_OUTSIDE: Final = dict.fromkeys(Role, Grade.ALERT)
_COMPUTED: Final = _NOWHERE | {
    Role.BUILD_SCRIPT: Grade.REVIEW,
    Role.PROC_MACRO: Grade.REVIEW,
    Role.HOST_LIBRARY: Grade.NOTE,
}
_MISSING: Final = _NOWHERE | {Role.BUILD_SCRIPT: Grade.NOTE, Role.PROC_MACRO: Grade.NOTE}
_GENERATED: Final = _NOWHERE | dict.fromkeys((Role.BUILD_SCRIPT, Role.PROC_MACRO, Role.HOST_LIBRARY), Grade.NOTE)
_DECODED: Final = _NOWHERE | dict.fromkeys((Role.BUILD_SCRIPT, Role.PROC_MACRO, Role.HOST_LIBRARY), Grade.REVIEW)


def check_reach(walked: Walk, role: Role, files: CrateFiles, *, made_from_data: bool) -> Iterator[Evidence]:
    """Yield evidence of where the walk of a unit ended otherwise than at the end of a file.

    made_from_data: whether the crate's build script could make code of data that nobody can read.
    """
    kinds = (
        (walked.escaping, "outside-package", _OUTSIDE, "compiles or reads what is not in the package"),
        (walked.computed, "computed-path", _COMPUTED, "compiles a file whose name is put together"),
        (walked.unresolved, "missing-file", _MISSING, "names a file that is not there; all beside it were taken"),
    )
    for rows, kind, grades, sentence in kinds:
        for row in rows:
            file = files[row.path]
            yield finding(
                f"reach/{kind}", row.what, grades[role], file, line=row.line, sentence=sentence, tier=role.tier
            )
    for path, parsed in walked.parsed.items():
        line = first_error(parsed)
        if line is not None:
            sentence, grade = "not understood as Rust from here on: read it with your own eyes", _MISSING[role]
            yield finding(
                "reach/not-understood", path, grade, files[path], line=line, sentence=sentence, tier=role.tier
            )
    sentence = "compiles code that the crate's build script writes"
    if made_from_data:
        sentence += ", which has data at hand that nobody can read"
    for row in walked.generated:
        grade, file = (_DECODED if made_from_data else _GENERATED)[role], files[row.path]
        yield finding("reach/generated-code", row.what, grade, file, line=row.line, sentence=sentence, tier=role.tier)
