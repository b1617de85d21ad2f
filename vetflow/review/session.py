"""What a reviewer did so far, as a list of records and the state these add up to.

Marks are keyed by what was seen, the pair of contents, and never by versions: a file seen between two versions counts
between any two that hold the same pair, and stops counting by itself once a byte changes (shared spec ux 6.7). The
records are lines of JSON in a file that only grows (`project.session_file`); this module knows no file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar


class SeenFile(NamedTuple):
    """A file of a crate as it was shown. old, new: sha-256 of its two contents, None where it did not exist."""

    crate: str
    path: str
    old: str | None
    new: str | None


class Pair(NamedTuple):
    """What is under review: a version, or the way to it from `base`."""

    crate: str
    base: str | None
    version: str


class Viewed(NamedTuple):
    """A file was marked as viewed, or the mark was taken back. at: RFC 3339, UTC."""

    file: SeenFile
    viewed: bool
    at: str


class HunksRead(NamedTuple):
    """What a file's mark means beyond the file: the identities of its hunks (`review.hunk_identity`), and who read it.

    It holds as long as the mark does.
    """

    file: SeenFile
    pair: Pair
    hunks: tuple[str, ...]
    who: str
    at: str


class LineNote(NamedTuple):
    """What somebody wrote about a line of the new file, of the old one if it is gone. An empty text takes it back."""

    file: SeenFile
    line: int
    text: str


class Draft(NamedTuple):
    """A certification that was begun: nothing of it is recorded in the store."""

    pair: Pair
    criteria: tuple[str, ...]
    notes: str


class Recorded(NamedTuple):
    """An audit was written to the store; its draft is done with."""

    pair: Pair
    criteria: tuple[str, ...]
    at: str


class CriteriaShown(NamedTuple):
    """The whole text of a criterion was on screen for a person. digest: sha-256 of that text."""

    who: str
    digest: str


class Verdict(Enum):
    """What a person makes of a place, or of an item of a checklist; the value is the record's word."""

    CONSIDERED = "considered"
    CONCERN = "concern"
    OPEN = "open"
    """Nothing yet, or not any more."""


class Tick(NamedTuple):
    """A person answered an item of a checklist, or one place of it. words: what they said, needed for a concern.

    key: what was answered, by its content (`review.checklist`). Only keys that a person presses make ticks.
    """

    crate: str
    item: str
    key: str
    verdict: Verdict
    words: str
    at: str


class Position(NamedTuple):
    """Where the reviewer was: the file, and the row of the cursor, counted from 0; -1 is the first that changed."""

    pair: Pair
    path: str | None
    top: int


Record: TypeAlias = Viewed | HunksRead | LineNote | Draft | Recorded | CriteriaShown | Tick | Position

_KINDS: Final[Mapping[str, type[Record]]] = {
    "viewed": Viewed,
    "hunks-read": HunksRead,
    "note": LineNote,
    "draft": Draft,
    "recorded": Recorded,
    "criteria-shown": CriteriaShown,
    "tick": Tick,
    "position": Position,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


class Session(NamedTuple):
    """The state that records add up to; begin with `Session()`."""

    viewed: Mapping[SeenFile, str] = {}
    read: Mapping[SeenFile, HunksRead] = {}
    notes: Mapping[tuple[SeenFile, int], str] = {}
    drafts: Mapping[Pair, Draft] = {}
    recorded: tuple[Recorded, ...] = ()
    criteria_shown: frozenset[CriteriaShown] = frozenset()
    ticks: Mapping[tuple[str, str, str], Tick] = {}
    """By crate, item and key."""
    positions: Mapping[Pair, Position] = {}
    """Where each review was left that nothing was recorded of since, the last one at the end."""

    @property
    def position(self) -> Position | None:
        """Where the review was that was left last."""
        return next(reversed(tuple(self.positions.values())), None)

    def after(self, record: Record) -> Session:
        """Return the state with one more record. Linear in the state: a session holds hundreds of records."""
        if isinstance(record, Viewed):
            marks = {**self.viewed, record.file: record.at} if record.viewed else _without(self.viewed, record.file)
            return self._replace(viewed=marks, read=_without(self.read, record.file))
        if isinstance(record, HunksRead):
            is_viewed = record.file in self.viewed
            return self._replace(read={**self.read, record.file: record}) if is_viewed else self
        if isinstance(record, LineNote):
            place = (record.file, record.line)
            notes = {**self.notes, place: record.text} if record.text else _without(self.notes, place)
            return self._replace(notes=notes)
        if isinstance(record, Draft):
            return self._replace(drafts={**self.drafts, record.pair: record})
        if isinstance(record, Recorded):
            return self._replace(
                drafts=_without(self.drafts, record.pair),
                recorded=(*self.recorded, record),
                positions=_without(self.positions, record.pair),
            )
        if isinstance(record, CriteriaShown):
            return self._replace(criteria_shown=self.criteria_shown | {record})
        if isinstance(record, Tick):
            is_open = record.verdict is Verdict.OPEN
            left = _without(self.ticks, record[:3])
            return self._replace(ticks=left if is_open else {**left, record[:3]: record})
        return self._replace(positions={**_without(self.positions, record.pair), record.pair: record})

    def records(self) -> tuple[Record, ...]:
        """Return the fewest records that add up to this state."""
        return (
            *(Viewed(file, viewed=True, at=at) for file, at in self.viewed.items()),
            *self.read.values(),
            *(LineNote(file, line, text) for (file, line), text in self.notes.items()),
            *self.recorded,
            *self.drafts.values(),
            *sorted(self.criteria_shown),
            *self.ticks.values(),
            *self.positions.values(),
        )


def session_of(records: Iterable[Record]) -> Session:
    """Return the state that records add up to, in their order."""
    session = Session()
    for record in records:
        session = session.after(record)
    return session


def encode(record: Record) -> str:
    """Return a record as one line of JSON, without its end; what was typed keeps every character."""
    return json.dumps({"kind": _NAMES[type(record)], **_fields(record)}, ensure_ascii=True)


def decode(line: str) -> Record | None:
    """Return the record a line holds; None for one that is torn, damaged or of a kind this version does not know."""
    try:
        fields = json.loads(line)
        return _record(_KINDS[fields.pop("kind")], fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _fields(record: Record | SeenFile | Pair) -> dict[str, Any]:
    return {name: _plain(value) for name, value in record._asdict().items()}


def _plain(value: object) -> object:
    if isinstance(value, SeenFile | Pair):
        return _fields(value)
    return value.value if isinstance(value, Verdict) else value


def _record(kind: type[Record], fields: dict[str, Any]) -> Record:
    """Build a record of checked types; raises TypeError or KeyError."""
    if kind is Viewed:
        return Viewed(_file(fields["file"]), _of(bool, fields["viewed"]), _of(str, fields["at"]))
    if kind is HunksRead:
        return HunksRead(
            _file(fields["file"]),
            _pair(fields["pair"]),
            _texts(fields["hunks"]),
            _of(str, fields["who"]),
            _of(str, fields["at"]),
        )
    if kind is LineNote:
        return LineNote(_file(fields["file"]), _of(int, fields["line"]), _of(str, fields["text"]))
    if kind is Draft:
        return Draft(_pair(fields["pair"]), _texts(fields["criteria"]), _of(str, fields["notes"]))
    if kind is Recorded:
        return Recorded(_pair(fields["pair"]), _texts(fields["criteria"]), _of(str, fields["at"]))
    if kind is CriteriaShown:
        return CriteriaShown(_of(str, fields["who"]), _of(str, fields["digest"]))
    if kind is Tick:
        crate, item, key, words, at = (_of(str, fields[name]) for name in ("crate", "item", "key", "words", "at"))
        return Tick(crate, item, key, Verdict(fields["verdict"]), words, at)
    return Position(_pair(fields["pair"]), _optional(fields["path"]), _of(int, fields["top"]))


def _file(fields: dict[str, Any]) -> SeenFile:
    return SeenFile(
        _of(str, fields["crate"]), _of(str, fields["path"]), _optional(fields["old"]), _optional(fields["new"])
    )


def _pair(fields: dict[str, Any]) -> Pair:
    return Pair(_of(str, fields["crate"]), _optional(fields["base"]), _of(str, fields["version"]))


_Value = TypeVar("_Value", str, int, bool)
_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")


def _of(kind: type[_Value], value: object) -> _Value:
    if type(value) is not kind:
        raise TypeError(value)
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _of(str, value)


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(_of(str, value) for value in values)


def _without(entries: Mapping[_Key, _Kept], key: _Key) -> dict[_Key, _Kept]:
    return {known: kept for known, kept in entries.items() if known != key}
