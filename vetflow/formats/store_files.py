"""The three files of a store together: from texts to values, and to the texts `cargo vet fmt` leaves.

What must fit between the files is the business of `consistency`. Where the texts come from (a folder, a git
revision) is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar, cast

from vetflow.errors import Place, StoreError
from vetflow.formats.audits_toml import parse_audits, write_audits
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.formats.imports_lock import login_comments, parse_imports_lock, write_imports_lock
from vetflow.formats.positions import KeyPath, locate
from vetflow.model.store import CURRENT_STORE, AuditsFile, ConfigFile, ImportsFile, StoreVersion

CONFIG: Final = "config.toml"
AUDITS: Final = "audits.toml"
IMPORTS: Final = "imports.lock"

_File = TypeVar("_File")


class StoreFiles(NamedTuple):
    """The files of a store as values, beside the texts they were read from.

    folder: what errors call the store's folder. texts: by file name, see `model.store.STORE_FILES`.
    """

    folder: str
    texts: Mapping[str, str]
    config: ConfigFile
    audits: AuditsFile
    imports: ImportsFile

    def place(self, name: str, *path: KeyPath) -> Place:
        """Return where in the file `name` the value at `path` stands; the file alone when it cannot be found.

        Several paths are tried in order: keys have more than one spelling.
        """
        return _place(self.folder, name, self.texts[name], *path)


def parse_store(
    folder: str, texts: Mapping[str, str], *, locked: bool, unread: Iterable[StoreError] = ()
) -> StoreFiles:
    """Read the three texts of a store, and refuse versions that a run cannot work with.

    unread: why texts are missing, for each one that is.

    Raises StoreError: every problem of every file at once, except that nothing else is said about a store of a
    newer version, whose format is not known.
    """
    problems: list[StoreError] = [*unread]
    config = _attempt(parse_config, folder, CONFIG, texts, problems)
    if config is not None:
        problems += _version_problems(config.version, folder, texts[CONFIG], locked=locked)
    audits = _attempt(parse_audits, folder, AUDITS, texts, problems)
    imports = _attempt(parse_imports_lock, folder, IMPORTS, texts, problems)
    if config is None or audits is None or imports is None or problems:
        raise _combined(problems)
    return StoreFiles(folder, texts, config, audits, imports)


def canonical_texts(files: StoreFiles) -> dict[str, str]:
    """Return the text of each file as `cargo vet fmt` writes it, with the current store version."""
    logins = login_comments(files.imports.publisher)
    return {
        CONFIG: write_config(files.config._replace(version=CURRENT_STORE)),
        AUDITS: write_audits(files.audits, logins),
        IMPORTS: write_imports_lock(files.imports),
    }


def _attempt(
    parse: Callable[[str, str], _File],
    folder: str,
    name: str,
    texts: Mapping[str, str],
    problems: list[StoreError],
) -> _File | None:
    if name not in texts:
        return None
    try:
        return cast("_File", _parsed(parse, texts[name], f"{folder}/{name}"))
    except StoreError as error:
        problems.append(error)
        return None


@lru_cache(maxsize=6)
def _parsed(parse: Callable[[str, str], object], text: str, file: str) -> object:
    """Read a text that is often read again in one run, for a proposal and its base; what is read never changes."""
    return parse(text, file)


def _combined(problems: list[StoreError]) -> StoreError:
    if len(problems) == 1:
        return problems[0]
    single = [part for problem in problems for part in (problem.related or (problem,))]
    return StoreError("The files of the store cannot be read as they are", related=single)


def _version_problems(version: StoreVersion, folder: str, text: str, *, locked: bool) -> Iterator[StoreError]:
    """Refuse an older store in a locked run; raises StoreError for a newer one (shared spec format 6)."""
    if version > CURRENT_STORE:
        raise StoreError(
            f"The {folder} store was created with a newer version of cargo-vet ({version})",
            help=f"update vetflow: this one reads stores up to version {CURRENT_STORE}",
            place=_place(folder, CONFIG, text, ("cargo-vet", "version")),
        )
    if locked and version < CURRENT_STORE:
        place = _place(folder, CONFIG, text, ("cargo-vet", "version"))
        missing = f"{CONFIG} names no cargo-vet version, and so counts as one of version {version}"
        yield StoreError(
            f"The {folder} store was created with an incompatible version of cargo-vet ({version})",
            help=f"run `vetflow fmt` to raise the store to version {CURRENT_STORE}",
            place=place,
            causes=() if place.line else (missing,),
        )


def _place(folder: str, name: str, text: str, *paths: KeyPath) -> Place:
    for path in paths:
        found = locate(text, path)
        if found is not None:
            return Place(f"{folder}/{name}", *found)
    return Place(f"{folder}/{name}")
