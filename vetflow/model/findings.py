"""One thing to look at, whoever found it: the value that human text, JSON, GitHub annotations and SARIF render."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from vetflow.errors import Place


class Level(Enum):
    """How much a finding weighs; the value is SARIF's word for it."""

    NOTE = "note"
    WARN = "warning"
    FAIL = "error"


class Finding(NamedTuple):
    """A finding. id: stable, `area/kind`. settle: the command that settles it, None where a person must decide."""

    id: str
    level: Level
    place: Place | None
    reason: str
    settle: str | None = None
