"""Files of a package that are one file on some disks: where neither case nor the way an accent is written matters.

Honest packages have such files (`README.md` beside `readme.md`), so they are read. But what cargo unpacks on such a
disk is one of them under the name of both, and a reviewer elsewhere sees two: where one takes part in a build, all of
them count as its build-time code (shared spec behaviour A5). A second manifest is refused, see `sources.crate_paths`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from vetflow.model.contents import CrateFiles
from vetflow.model.disk_names import Collision
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import CrateSurface, Grade, Tier

INSTEAD: Final = "in its place where the disk ignores case or accents"
"""How a file is reached that collides with one that is."""

_MOST_NAMED: Final = 2


def others_of(paths: Collection[str], collisions: Iterable[Collision]) -> Iterator[tuple[str, str]]:
    """Yield each path that collides with one of the given ones and is none of them, with that. Linear in collisions."""
    for collision in collisions:
        named = next((path for path in collision if path in paths), None)
        if named is not None:
            yield from ((path, named) for path in collision if path not in paths)


def check_collisions(
    collisions: Iterable[Collision],
    files: CrateFiles,
    surface: CrateSurface,
    compiled: Collection[str],
    *,
    whole: bool,
) -> Iterator[Evidence]:
    """Yield what each collision is worth: an alert where one of the files takes part in a build.

    compiled: the Rust code of all units that were walked. whole: whether all files are looked at, or only those of the
    surface. Copies of one content are a note, whatever they are for: it does not matter which of them is there.
    """
    tiers: Mapping[str, Tier] = {file.path: file.tier for file in surface.files}
    for collision in collisions:
        tier = next((tiers[path] for path in collision if path in tiers), None)
        more = f" and {len(collision) - _MOST_NAMED} more" if len(collision) > _MOST_NAMED else ""
        if len({(files[path].content, files[path].executable) for path in collision}) == 1:
            grade, sentence = Grade.NOTE, "one file where the disk ignores case or accents; their contents are the same"
        elif tier is not None:
            grade, sentence = Grade.ALERT, "where the disk ignores case or accents, another file is part of the build"
        elif any(path in compiled for path in collision):
            grade, sentence = Grade.REVIEW, "where the disk ignores case or accents, another file is compiled"
        else:
            grade, sentence = Grade.NOTE, "where the disk ignores case or accents, only one of them is there"
        if whole or tier is not None:
            detail = ", ".join(collision[:_MOST_NAMED]) + more
            yield finding(
                "package/name-collision", detail, grade, files[collision[0]], line=None, sentence=sentence, tier=tier
            )
