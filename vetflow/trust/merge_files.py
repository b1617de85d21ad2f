"""Merging the texts of a store's files: canonical text out, or the places where somebody must decide.

Which of the merged entries still fit each other is not asked here: `check` says that afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import StoreError
from vetflow.formats.audits_toml import parse_audits, write_audits
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.formats.findings_toml import parse_findings, write_findings
from vetflow.formats.import_receipts import RECEIPTS, parse_receipts, write_receipts
from vetflow.formats.imports_lock import parse_imports_lock, write_imports_lock
from vetflow.formats.policy_baseline import BACKLOG, parse_backlog, write_backlog
from vetflow.formats.publishers_toml import PUBLISHERS, parse_publishers, write_publishers
from vetflow.formats.signatures_baseline import BASELINE, parse_baseline, write_baseline
from vetflow.formats.signatures_toml import SIGNATURES, parse_signatures, write_signatures
from vetflow.formats.store_files import AUDITS, CONFIG, IMPORTS
from vetflow.formats.surface_lock import parse_surface_lock, write_surface_lock
from vetflow.model.store import FINDINGS, SURFACE_LOCK
from vetflow.trust import merge_own, merge_store
from vetflow.trust.merge import Groups, MergeConflict, merge_groups

_LOGIN: Final = re.compile(r"^user-id = ([0-9]+) # (.*)$", re.MULTILINE)


class _File(NamedTuple):
    """How a file is read, taken apart, put together and written. way_out: what helps with a conflict."""

    parse: Callable[[str, str], Any]
    groups: Callable[[Any], Groups]
    of: Callable[[Groups], Any]
    write: Callable[[Any], str]
    way_out: str = "edit the file: keep what both sides meant, and take the marks out"


_ANEW: Final = "take either side, then write it anew: "
_FILES: Final[Mapping[str, _File]] = {
    CONFIG: _File(parse_config, merge_store.config_groups, merge_store.config_of, write_config),
    AUDITS: _File(
        parse_audits, merge_store.audits_groups, merge_store.audits_of, lambda audits: write_audits(audits, {})
    ),
    IMPORTS: _File(
        parse_imports_lock,
        merge_store.imports_groups,
        merge_store.imports_of,
        write_imports_lock,
        f"{_ANEW}`vetflow regenerate imports`",
    ),
    SIGNATURES: _File(parse_signatures, merge_own.signatures_groups, merge_own.signatures_of, write_signatures),
    BASELINE: _File(parse_baseline, merge_own.baseline_groups, merge_own.baseline_of, write_baseline),
    RECEIPTS: _File(
        parse_receipts,
        merge_own.receipts_groups,
        merge_own.receipts_of,
        write_receipts,
        f"{_ANEW}`vetflow imports accept`",
    ),
    FINDINGS: _File(parse_findings, merge_own.decisions_groups, merge_own.decisions_of, write_findings),
    SURFACE_LOCK: _File(
        parse_surface_lock,
        merge_own.surface_groups,
        merge_own.surface_of,
        write_surface_lock,
        f"{_ANEW}`vetflow baseline`",
    ),
    PUBLISHERS: _File(
        parse_publishers,
        merge_own.publishers_groups,
        merge_own.publishers_of,
        write_publishers,
        f"{_ANEW}`vetflow publishers`",
    ),
    BACKLOG: _File(
        parse_backlog,
        merge_own.backlog_groups,
        merge_own.backlog_of,
        lambda backlog: write_backlog(backlog.findings, backlog.until),
    ),
}

MERGED_FILES: Final = tuple(_FILES)
"""The names of the files that can be merged."""


class MergedText(NamedTuple):
    """A merged file.

    text: canonical, or with git's marks around what is in conflict. way_out: what helps then, None without conflicts.
    """

    text: str
    conflicts: tuple[MergeConflict, ...]
    way_out: str | None = None


def merge_texts(name: str, base: str, ours: str, theirs: str) -> MergedText:
    """Merge a file of a store; an empty text stands for a file that is not there.

    name: one of `MERGED_FILES`. Where a side cannot be understood, all of it is in conflict.
    """
    file = _FILES[name]
    if not ours and not theirs:
        return MergedText("", ())
    if not (ours and theirs):
        return _refused(name, ours, theirs, "one side removed it, and the other changed it")
    try:
        sides = [_groups(file, name, text) for text in (base, ours, theirs)]
        merged = merge_groups(*sides)
        mine, other = (_written(file, name, groups, (ours, theirs)) for groups in (merged.ours, merged.theirs))
    except StoreError as error:
        return _refused(name, ours, theirs, f"it cannot be merged: {error.message}")
    if merged.conflicts:
        return MergedText(_marked(mine, other), merged.conflicts, file.way_out)
    return MergedText(mine, ())


def _refused(name: str, ours: str, theirs: str, reason: str) -> MergedText:
    return MergedText(_marked(ours, theirs), (MergeConflict(name, reason),), _FILES[name].way_out)


def _groups(file: _File, name: str, text: str) -> Groups:
    return file.groups(file.parse(text, name)) if text else {}


def _written(file: _File, name: str, groups: Groups, sides: tuple[str, str]) -> str:
    """Return the text for groups, and see that it can be read again."""
    value = file.of(groups)
    text = write_audits(value, _logins(sides)) if name == AUDITS else file.write(value)
    file.parse(text, name)
    return text


def _logins(sides: tuple[str, str]) -> Mapping[int, str]:
    """Return whose ids are in comments, which come from imports.lock; where the sides differ `fmt` will know."""
    return {int(user): login for user, login in sorted(pair for text in sides for pair in _LOGIN.findall(text))}


def _marked(ours: str, theirs: str) -> str:
    """Return both texts in one, with the marks git leaves around lines that differ."""
    from difflib import SequenceMatcher  # noqa: PLC0415  few merges end so

    mine, other = (text.splitlines(keepends=True) for text in (ours, theirs))
    lines: list[str] = []
    for what, first, last, begin, end in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if what == "equal":
            lines += mine[first:last]
        else:
            lines += ("<<<<<<< ours\n", *mine[first:last], "=======\n", *other[begin:end], ">>>>>>> theirs\n")
    return "".join(lines)
