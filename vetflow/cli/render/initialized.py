"""What a new store says, in five lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.init import Initialized
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled

_MOST_SETS: Final = 3


def initialized_lines(made: Initialized) -> Iterator[Line]:
    """Yield what was written, what it vouches for, what of that runs, who may settle it, what comes next."""
    policies = f" (policies: {made.audited_as})" if made.audited_as else ""
    yield ("wrote ", Styled(made.folder, Style.TITLE), f": {', '.join(made.written.changed)}{policies}")
    yield (f"exempted crates: {len(made.exempted)}; `check` passes, and nobody has read them",)
    yield (f"of those run code when you build: {_build_time(made)}",)
    others = f"others have read them: the audits of {_best(made)}" if made.importable else "others may have read them"
    yield (f"{others}; ", Styled("vetflow imports coverage", Style.COMMAND), " says who settles what")
    yield ("next: commit the folder; ", Styled("vetflow suggest", Style.COMMAND), " lists what to read, least first")


def _best(made: Initialized) -> str:
    """Return the sets that settle most, and how much that is."""
    best = made.importable[:_MOST_SETS]
    return enumerate_words([f"{name} settle {count}" for name, count in best])


def _build_time(made: Initialized) -> str:
    unknown = len(made.exempted) - made.known
    if not unknown:
        return str(made.running)
    if not made.known:
        return "not known, their archives are not on this machine"
    return f"{made.running}; not known of {unknown}, whose archives are not on this machine"
