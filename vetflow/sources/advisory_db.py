"""Advisory databases on this machine: a checkout of RustSec's, or an archive of OSV records. Nothing is fetched.

Of a RustSec database only the folders of crates that are asked about are read: every advisory stands in the folder of
its crate. What cannot be read is named, never passed over: it might be about a crate in use.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.errors import NotFoundError, Place
from vetflow.formats.osv import parse_osv
from vetflow.formats.rustsec import parse_rustsec
from vetflow.model.advisories import Advisory, AdvisorySyntaxError
from vetflow.model.dates import Date
from vetflow.model.names import CrateName

_CRATES: Final = "crates"
_MARKDOWN: Final = ".md"
_JSON: Final = ".json"
_CRATE_NAME: Final = re.compile(r"[0-9A-Za-z_-]+\Z")
_LARGEST: Final = 4 * 1024 * 1024
"""No advisory is longer than this; a record that says to be is none."""
_MOST_RECORDS: Final = 200_000


class UnreadAdvisory(NamedTuple):
    """A file of a database that is no advisory anybody here understands. reason: half a sentence."""

    file: str
    reason: str


class AdvisoryDatabase(NamedTuple):
    """What a database says of some crates.

    folder: of a checkout, None for an archive. advisories: by crate, only those of crates that were asked about.
    updated: the day of its newest file or record, if there is any. unread: files that cannot be read.
    """

    path: str
    folder: str | None
    advisories: Mapping[CrateName, tuple[Advisory, ...]]
    updated: Date | None
    unread: tuple[UnreadAdvisory, ...] = ()


def read_advisory_db(path: str, crates: Collection[CrateName]) -> AdvisoryDatabase:
    """Read what the database at `path` says of crates.

    path: a folder with a `crates` folder in RustSec's layout, or a zip archive of OSV records. Raises NotFoundError
    when it is neither.
    """
    if os.path.isdir(os.path.join(path, _CRATES)):
        return _read_checkout(path, crates)
    if os.path.isfile(path):
        return _read_archive(path, crates)
    raise NotFoundError(
        f"there is no advisory database at {path}",
        help="name a checkout of RustSec's advisory-db, or an archive of OSV records; vetflow fetches neither",
        place=Place(path),
    )


def _read_checkout(path: str, crates: Collection[CrateName]) -> AdvisoryDatabase:
    found: dict[CrateName, list[Advisory]] = {}
    unread = []
    # What can be no crate's name, as a lock may have it, is made no path of.
    for crate in sorted(filter(_CRATE_NAME.match, crates)):
        for file in _markdown_files(os.path.join(path, _CRATES, crate)):
            try:
                with open(file, encoding="utf-8") as opened:
                    advisory = parse_rustsec(opened.read(_LARGEST), file)
            except (OSError, UnicodeDecodeError) as error:
                unread.append(UnreadAdvisory(file, f"it cannot be read: {error}"))
                continue
            except AdvisorySyntaxError as error:
                unread.append(UnreadAdvisory(file, str(error)))
                continue
            if advisory is not None and advisory.crate != crate:
                unread.append(UnreadAdvisory(file, f"it is about {advisory.crate}, and in another folder"))
            elif advisory is not None:
                found.setdefault(crate, []).append(advisory)
    newest = max(_modified(os.path.join(path, _CRATES)), default=None)
    return AdvisoryDatabase(path, path, _frozen(found), newest, tuple(unread))


def _markdown_files(folder: str) -> Iterable[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # no advisory is about this crate
        return
    for name in names:
        if name.endswith(_MARKDOWN) and not name.startswith("."):
            yield os.path.join(folder, name)


def _modified(folder: str) -> Iterator[Date]:
    """Yield the days on which the advisories below a folder were last written."""
    for top, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_MARKDOWN):
                moment = time.gmtime(os.lstat(os.path.join(top, name)).st_mtime)
                yield Date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def _read_archive(path: str, crates: Collection[CrateName]) -> AdvisoryDatabase:
    import zlib  # noqa: PLC0415  most databases are checkouts
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415

    found: dict[CrateName, list[Advisory]] = {}
    unread: list[UnreadAdvisory] = []
    days = []
    try:
        with ZipFile(path) as archive:
            members = [each for each in archive.infolist() if each.filename.endswith(_JSON)][:_MOST_RECORDS]
            for member in members:
                file = f"{path}/{member.filename}"
                if member.file_size > _LARGEST:
                    unread.append(UnreadAdvisory(file, f"it has {member.file_size} bytes"))
                    continue
                with archive.open(member) as opened:
                    content = opened.read(_LARGEST)
                try:
                    record = parse_osv(content, file)
                except AdvisorySyntaxError as error:
                    unread.append(UnreadAdvisory(file, str(error)))
                    continue
                days += [record.modified] if record.modified else []
                for advisory in record.advisories:
                    if advisory.crate in crates:
                        found.setdefault(advisory.crate, []).append(advisory)
    except (BadZipFile, OSError, EOFError, RuntimeError, zlib.error) as error:
        raise NotFoundError(
            f"{path} is no archive of OSV records",
            help="name an archive as OSV publishes it, or a checkout of RustSec's advisory-db",
            place=Place(path),
            causes=(str(error),),
        ) from None
    return AdvisoryDatabase(path, None, _frozen(found), max(days, default=None), tuple(unread))


def _frozen(found: Mapping[CrateName, list[Advisory]]) -> Mapping[CrateName, tuple[Advisory, ...]]:
    return {crate: tuple(advisories) for crate, advisories in found.items()}
