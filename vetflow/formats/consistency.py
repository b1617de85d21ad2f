"""What must hold in and between the files of a store: cargo-vet's validation on opening one.

The rules and their order are cargo-vet's (shared spec format 6, resolver 13), so a store is refused exactly
when cargo-vet refuses it. Beyond that come the stores on which cargo-vet itself crashes as soon as it
resolves: they are errors here, with a place and a way out. Names that cargo-vet does not look at until the
verdict meets them (in `trusted`, in imports.lock) are left alone for the same reason; `undefined_criteria`
tells about them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from vetflow.errors import Place, StoreError
from vetflow.formats.positions import KeyPath
from vetflow.formats.store_files import AUDITS, CONFIG, IMPORTS, StoreFiles, canonical_texts
from vetflow.formats.unified import difference
from vetflow.model.audits import Audit, Exemption, TrustedEntry, WildcardAudit
from vetflow.model.criteria import MAX_CRITERIA, Criteria, CriteriaError
from vetflow.model.dates import Date
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName, ImportName
from vetflow.model.store import Import, Store

_Names: TypeAlias = tuple[CriteriaName, ...]
_NamedCriteria: TypeAlias = tuple[str, KeyPath, _Names]
"""Criteria names, and the file and key they stand at."""


def build_store(files: StoreFiles, *, today: Date, locked: bool) -> Store:
    """Return the store to resolve with; raises StoreError with everything that is wrong.

    locked: also require canonical texts and an imports.lock that fits config.toml.
    """
    problems = _problems(files, today=today, locked=locked)
    criteria = _build_criteria(files, problems)
    if criteria is None or problems:
        raise _inconsistent(files, problems)
    return Store(files.config, files.audits, files.imports, criteria)


def require_consistent(files: StoreFiles, *, today: Date, locked: bool) -> None:
    """Raise StoreError unless cargo-vet would open the store; resolving with it may still be impossible."""
    problems = _problems(files, today=today, locked=locked)
    if problems:
        raise _inconsistent(files, problems)


def undefined_criteria(files: StoreFiles) -> StoreError:
    """Return the error for a verdict that met criteria nobody defined, naming every place that may be meant.

    cargo-vet looks up the criteria of trusted entries, criteria maps and imports.lock only when it uses them,
    and then crashes; entries that are never used may say what they like.
    """
    known = _known_names(files)
    problems = [
        problem
        for name, path, names in _lists_used_unseen(files)
        for problem in _unknown(files, name, path, names, known)
    ]
    return _inconsistent(files, problems)


def _problems(files: StoreFiles, *, today: Date, locked: bool) -> list[StoreError]:
    """Find what cargo-vet finds, in its order."""
    known = _known_names(files)
    problems = [
        problem
        for name, path, names in _lists_seen(files)
        if not known.issuperset(names)
        for problem in _unknown(files, name, path, names, known)
    ]
    problems += _wildcard_problems(files, known, today.plus_months(12))
    if locked:
        problems += _format_problems(files)
        problems += _import_problems(files)
    return problems


def _inconsistent(files: StoreFiles, problems: list[StoreError]) -> StoreError:
    return StoreError(f"Your cargo-vet store ({files.folder}) has consistency errors", related=problems)


def _known_names(files: StoreFiles) -> frozenset[CriteriaName]:
    return frozenset((*files.audits.criteria, SAFE_TO_RUN, SAFE_TO_DEPLOY))


def _lists_seen(files: StoreFiles) -> Iterator[_NamedCriteria]:
    """Yield the lists of criteria names that cargo-vet looks at first, in its order."""
    yield from _of_entries(CONFIG, ("exemptions",), files.config.exemptions)
    yield from _of_policies(files)
    for criterion, entry in sorted(files.audits.criteria.items()):
        yield AUDITS, ("criteria", criterion, "implies"), entry.implies
    yield from _of_entries(AUDITS, ("audits",), files.audits.audits)


def _lists_used_unseen(files: StoreFiles) -> Iterator[_NamedCriteria]:
    """Yield the lists of criteria names that cargo-vet looks at only when it uses them."""
    for peer, source in sorted(files.config.imports.items()):
        for foreign, names in sorted(source.criteria_map.items()):
            yield CONFIG, ("imports", peer, "criteria-map", foreign), names
    yield from _of_entries(AUDITS, ("trusted",), files.audits.trusted)
    for peer, audits in sorted(files.imports.audits.items()):
        yield from _of_entries(IMPORTS, ("audits", peer, "wildcard-audits"), audits.wildcard_audits)
        yield from _of_entries(IMPORTS, ("audits", peer, "audits"), audits.audits)


def _of_entries(
    name: str,
    table: KeyPath,
    entries: Mapping[CrateName, tuple[Audit | WildcardAudit | TrustedEntry | Exemption, ...]],
) -> Iterator[_NamedCriteria]:
    for crate in sorted(entries):
        for index, entry in enumerate(entries[crate]):
            yield name, (*table, crate, index, "criteria"), entry.criteria


def _of_policies(files: StoreFiles) -> Iterator[_NamedCriteria]:
    for crate, versions in sorted(files.config.policy.by_name.items()):
        for version, policy in sorted(versions.items(), key=lambda item: (item[0] is not None, item[0])):
            table: KeyPath = ("policy", crate if version is None else f"{crate}:{version}")
            yield CONFIG, (*table, "criteria"), policy.criteria or ()
            yield CONFIG, (*table, "dev-criteria"), policy.dev_criteria or ()
            for dependency, names in sorted(policy.dependency_criteria.items()):
                yield CONFIG, (*table, "dependency-criteria", dependency), names


def _unknown(
    files: StoreFiles, name: str, path: KeyPath, names: _Names, known: frozenset[CriteriaName]
) -> Iterator[StoreError]:
    """Yield an error for each name that nobody defined."""
    for index, criterion in enumerate(names):
        if criterion not in known:
            yield StoreError(
                f"'{criterion}' is not a valid criteria name",
                help=_possible_criteria(criterion, known),
                place=_place(files, name, path, index),
            )


def _place(files: StoreFiles, name: str, path: KeyPath, index: int | None = None) -> Place:
    """Find a value in a file; a list of one may be spelled as a string, and exemptions have an old name."""
    paths = [path] if index is None else [(*path, index), path]
    if path[0] == "exemptions":
        paths += [("unaudited", *other[1:]) for other in paths]
    return files.place(name, *paths)


def _possible_criteria(wrong: CriteriaName, known: Iterable[CriteriaName]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  only after a mistake

    custom = sorted(set(known) - {SAFE_TO_RUN, SAFE_TO_DEPLOY})
    names = [*custom, SAFE_TO_RUN, SAFE_TO_DEPLOY]
    near = get_close_matches(wrong, names, n=1)
    guess = f"did you mean '{near[0]}'? " if near else ""
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{guess}the possible criteria are [{listed}]"


def _wildcard_problems(files: StoreFiles, known: frozenset[CriteriaName], latest: Date) -> Iterator[StoreError]:
    """Check the criteria and the end of the store's own wildcard audits; peers' may end at any time."""
    for crate, entries in sorted(files.audits.wildcard_audits.items()):
        for index, entry in enumerate(entries):
            path: KeyPath = ("wildcard-audits", crate, index)
            yield from _unknown(files, AUDITS, (*path, "criteria"), entry.criteria, known)
            if entry.end > latest:
                yield StoreError(
                    f"'{entry.end}' is more than a year in the future",
                    help=f"wildcard audits must end at most a year in the future ({latest})",
                    place=_place(files, AUDITS, (*path, "end")),
                )


def _format_problems(files: StoreFiles) -> Iterator[StoreError]:
    """Compare each file with its canonical text; white space at the end of a file is free."""
    for name, canonical in canonical_texts(files).items():
        text, wanted = files.texts[name].rstrip(), canonical.rstrip()
        if text == wanted:
            continue
        line, diff = difference(text, wanted, name)
        windows = "the file has Windows line ends: add `supply-chain/** text eol=lf` to .gitattributes"
        yield StoreError(
            "\n".join(("A file in the store is not correctly formatted:", *diff)),
            help="run `vetflow fmt` to reformat files in the store",
            place=Place(files.place(name).file, line),
            causes=(windows,) if "\r\n" in text else (),
        )


def _import_problems(files: StoreFiles) -> Iterator[StoreError]:
    """Check that imports.lock holds exactly the imports of config.toml, without what they exclude."""
    configured, stored = files.config.imports, files.imports.audits
    for peer in sorted(configured.keys() | stored.keys()):
        if peer not in stored:
            yield _outdated(f"it has nothing from import '{peer}'", files.place(CONFIG, ("imports", peer)))
        elif peer not in configured:
            what = f"it has audits from '{peer}', which {CONFIG} does not import"
            yield _outdated(what, files.place(IMPORTS, ("audits", peer)))
        else:
            yield from _excluded_problems(files, peer, configured[peer])


def _excluded_problems(files: StoreFiles, peer: ImportName, source: Import) -> Iterator[StoreError]:
    for crate in sorted(set(source.exclude) & files.imports.audits[peer].audits.keys()):
        what = f"it has audits of {crate} from '{peer}', and {CONFIG} excludes that crate"
        yield _outdated(what, files.place(IMPORTS, ("audits", peer, "audits", crate)))


def _outdated(what: str, place: Place) -> StoreError:
    return StoreError(
        f"{IMPORTS} is out-of-date with respect to configuration: {what}",
        help="run `cargo vet` without --locked to update imports",
        place=place,
    )


def _build_criteria(files: StoreFiles, problems: list[StoreError]) -> Criteria | None:
    """Build the criteria; add to `problems` what cargo-vet crashes on as soon as it resolves."""
    known = _known_names(files)
    implies = {
        name: [implied for implied in entry.implies if implied in known]
        for name, entry in files.audits.criteria.items()
    }
    while True:
        try:
            return Criteria(implies)
        except CriteriaError as error:
            problems.append(_contradiction(files, error))
            wrong = error.name
        if wrong is None:
            return None
        implies = {
            name: [implied for implied in names if implied != wrong] for name, names in implies.items() if name != wrong
        }


def _contradiction(files: StoreFiles, error: CriteriaError) -> StoreError:
    if error.name is None:
        way_out = f"remove criteria until at most {MAX_CRITERIA} are left"
    elif error.name in (SAFE_TO_RUN, SAFE_TO_DEPLOY):
        way_out = "give your criterion another name"
    else:
        way_out = "remove an `implies` of the circle"
    return StoreError(
        str(error),
        help=way_out,
        place=_place(files, AUDITS, ("criteria",) if error.name is None else ("criteria", error.name)),
        causes=("cargo-vet crashes on such a store as soon as it resolves",),
    )
