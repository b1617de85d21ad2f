"""Several sets of audits as one, for `aggregate` (shared spec format 7.6). Nothing is mapped and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vetflow.errors import StoreError
from vetflow.formats.audits_toml import audits_tables
from vetflow.formats.canonical import write_tables
from vetflow.formats.import_mapping import credited, joined
from vetflow.model.names import CriteriaName
from vetflow.model.store import AuditsFile, CriteriaEntry


def aggregate_sources(sources: Sequence[tuple[str, AuditsFile]]) -> AuditsFile:
    """Join audits files, each given with its address, which every entry then names as where it comes from.

    Criteria of the same name must say the same; the first source is named for them. Raises StoreError with all those
    that do not.
    """
    files = [credited(audits, url) for url, audits in sources]
    criteria: dict[CriteriaName, CriteriaEntry] = {}
    problems: list[StoreError] = []
    for file in files:
        for name, entry in file.criteria.items():
            problems += _differences(name, criteria.setdefault(name, entry), entry)
    if problems:
        raise StoreError(
            "there were errors aggregating source audit files",
            help="criteria of one name must mean one thing: leave one of the sources out, or rename its criteria",
            related=problems,
        )
    return AuditsFile(
        criteria,
        joined(file.wildcard_audits for file in files),
        joined(file.audits for file in files),
        joined(file.trusted for file in files),
    )


def write_aggregate(audits: AuditsFile) -> str:
    """Return the text `cargo vet aggregate` prints: an audits file without its heading."""
    return write_tables(audits_tables(audits, {}))


def _differences(name: CriteriaName, first: CriteriaEntry, second: CriteriaEntry) -> Iterator[StoreError]:
    where = f"{first.aggregated_from[-1]} and {second.aggregated_from[-1]} differ"
    if (first.description, first.description_url) != (second.description, second.description_url):
        yield StoreError(f"criteria description mismatch for {name}: {where}")
    if first.implies != second.implies:
        yield StoreError(f"criteria implies mismatch for {name}: {where}")
