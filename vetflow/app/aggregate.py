"""`aggregate`: several sets of audits as one file, for others to import."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from vetflow.app.live import ignored_entries
from vetflow.app.network import connect
from vetflow.app.request import Request
from vetflow.errors import Place, UsageError
from vetflow.formats.aggregation import aggregate_sources, write_aggregate
from vetflow.model.findings import Finding
from vetflow.model.store import Import
from vetflow.project.disk import DiskTree
from vetflow.sources.imports import fetch_imports, require_imports


class Aggregate(NamedTuple):
    """text: an audits.toml, as `cargo vet aggregate` prints it. notes: entries that were left aside."""

    text: str
    notes: tuple[Finding, ...]


def aggregate(request: Request, sources: str, progress: Callable[[str, int, int], None]) -> Aggregate:
    """Merge the audits that stand at the addresses listed in the file `sources`; needs no project.

    A line each; empty ones and those that begin with `#` do not count. Raises UsageError for a list that cannot be
    read, StoreError for audits that contradict each other, UndecidedError for what could not be fetched.
    """
    if request.frozen:
        raise UsageError("`aggregate` needs the network, and --frozen forbids it", help="leave --frozen out")
    urls = _read_list(os.path.join(request.cwd, sources), sources)
    with connect(request, DiskTree(), progress) as network:
        peers = require_imports(fetch_imports(network.fetcher, {url: Import((url,)) for url in urls}))
    merged = aggregate_sources([(url, file.foreign.audits) for url in urls for file in peers[url]])
    return Aggregate(write_aggregate(merged), ignored_entries(peers))


def _read_list(path: str, shown: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the list of sources '{shown}' cannot be read",
            help="name a file with the address of an audits.toml on each line",
            causes=(str(error),),
        ) from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    wrong = [_bad_address(line, Place(shown, number)) for number, line in numbered if _address(line) is None]
    if wrong:
        raise wrong[0] if len(wrong) == 1 else UsageError("lines of the list are no addresses", related=wrong)
    return [_address(line) or line for _, line in numbered]


def _address(line: str) -> str | None:
    """Return an address as cargo-vet spells it in `aggregated-from`, None for what cannot be fetched."""
    try:
        parts = urlsplit(line)
        is_address = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        return None
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl() if is_address else None


def _bad_address(line: str, place: Place) -> UsageError:
    return UsageError(f"failed to parse url: '{line}'", help="write an http or https address", place=place)
