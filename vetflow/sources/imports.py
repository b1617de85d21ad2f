"""What peers publish: the audits files of imports, with the texts of criteria that stand elsewhere.

Each peer is taken by itself: one that cannot be had, or whose file is broken, does not hide the others, and
who asked decides what that means (an import of the store must be there; a publisher that is only looked at
need not). Mapping into the store's criteria is `formats.import_mapping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import SplitResult, urlsplit

from vetflow.errors import StoreError, UndecidedError, VetflowError
from vetflow.formats.foreign_audits import ForeignAudits, parse_foreign_audits
from vetflow.model.names import CriteriaName, ImportName
from vetflow.model.store import CriteriaEntry, Import
from vetflow.sources.answers import Answer, Ask, Fetcher, Found, Missing, Unavailable, shown_url, undecided

_WHAT: Final = "imported audits"
_SET: Final = "audits.toml"


class PeerFile(NamedTuple):
    """What stood at one address of an import, in the peer's own terms.

    Criteria that the import maps have their descriptions, also where the peer keeps the text at another
    address. text: the file itself, as it was published.
    """

    url: str
    foreign: ForeignAudits
    text: str


PeerFiles: TypeAlias = tuple[PeerFile, ...]
"""The files of one import, in the order of its addresses."""
_Text: TypeAlias = str | Missing | Unavailable


def fetch_imports(
    fetcher: Fetcher, imports: Mapping[ImportName, Import]
) -> Mapping[ImportName, PeerFiles | VetflowError]:
    """Fetch all addresses of `imports`, side by side, and then the texts their criteria refer to.

    An import that cannot be had is answered by the error that says why: UndecidedError for what could not be
    fetched, StoreError for an address or a content that makes no sense. Git's passwords may be used, but not
    at another server that a peer's file points to.
    """
    urls = [url for source in imports.values() for url in source.url if _web_address(url)]
    texts = _fetch_texts(fetcher, [Ask(url, credentials=True) for url in urls])
    peers = {name: _parsed(name, source, texts) for name, source in imports.items()}
    asks = [
        Ask(url, credentials=_is_same_server(url, file.url))
        for name, files in peers.items()
        if not isinstance(files, VetflowError)
        for file in files
        for _, url in _elsewhere(file, imports[name])
        if _web_address(url)
    ]
    descriptions = _fetch_texts(fetcher, asks)
    return {
        name: files if isinstance(files, VetflowError) else _described(name, files, imports[name], descriptions)
        for name, files in peers.items()
    }


class Beside(NamedTuple):
    """What a peer publishes beside its set: its signatures, and whose keys may make them; None where there is none."""

    signatures: str | None
    allowed: str | None


def fetch_beside(fetcher: Fetcher, urls: Iterable[str]) -> Mapping[str, Beside]:
    """Fetch the files of signatures that lie beside sets of audits; what cannot be had is taken as not there."""
    siblings = {
        url: [url.removesuffix(_SET) + name for name in ("signatures.toml", "allowed_signers")]
        for url in urls
        if _web_address(url) and url.endswith(f"/{_SET}")
    }
    texts = _fetch_texts(fetcher, [Ask(each, credentials=True) for pair in siblings.values() for each in pair])
    found = {each: text if isinstance(text, str) else None for each, text in texts.items()}
    return {url: Beside(*(found[each] for each in pair)) for url, pair in siblings.items()}


def require_imports(
    fetched: Mapping[ImportName, PeerFiles | VetflowError],
) -> Mapping[ImportName, PeerFiles]:
    """Return the imports when all of them are there; raises the error of the one that is not, or of all."""
    errors = [files for files in fetched.values() if isinstance(files, VetflowError)]
    if len(errors) == 1:
        raise errors[0]
    if errors:
        related = [part for error in errors for part in (error.related or (error,))]
        undecidable = any(isinstance(error, UndecidedError) for error in errors)
        kind = UndecidedError if undecidable else StoreError
        raise kind("several imports could not be fetched", help=errors[0].help, related=related)
    return {name: files for name, files in fetched.items() if not isinstance(files, VetflowError)}


def _parsed(name: ImportName, source: Import, texts: Mapping[str, _Text]) -> PeerFiles | VetflowError:
    files: list[PeerFile] = []
    lacking: list[Missing | Unavailable] = []
    try:
        for url in source.url:
            if not _web_address(url):
                return StoreError(
                    f"invalid URL for foreign import {name} @ {shown_url(url)}",
                    help=f"correct `url` of `[imports.{name}]`: only http and https are fetched",
                )
            text = texts[url]
            if isinstance(text, str):
                files.append(PeerFile(url, parse_foreign_audits(text, shown_url(url)), text))
            else:
                lacking.append(text)
    except StoreError as error:
        return error
    return undecided(f"the audits of '{name}'", lacking) if lacking else tuple(files)


def _elsewhere(file: PeerFile, source: Import) -> Iterator[tuple[CriteriaName, str]]:
    """Yield mapped criteria whose description stands at another address, with that address."""
    for criterion, entry in file.foreign.audits.criteria.items():
        if criterion in source.criteria_map and entry.description is None and entry.description_url:
            yield criterion, entry.description_url


def _described(
    name: ImportName, files: PeerFiles, source: Import, texts: Mapping[str, _Text]
) -> PeerFiles | VetflowError:
    lacking: list[Missing | Unavailable] = []
    described = []
    for file in files:
        criteria: dict[CriteriaName, CriteriaEntry] = dict(file.foreign.audits.criteria)
        for criterion, url in _elsewhere(file, source):
            if not _web_address(url):
                return StoreError(
                    f"{name}'s '{criterion}' criteria description address is invalid: {shown_url(url)}",
                    help=f"remove '{criterion}' from the criteria-map of '{name}' until the peer corrects it",
                )
            text = texts[url]
            if isinstance(text, str):
                criteria[criterion] = criteria[criterion]._replace(description=text)
            else:
                lacking.append(text)
        audits = file.foreign.audits._replace(criteria=criteria)
        described.append(file._replace(foreign=file.foreign._replace(audits=audits)))
    return undecided(f"descriptions of the criteria of '{name}'", lacking) if lacking else tuple(described)


def _fetch_texts(fetcher: Fetcher, asks: Iterable[Ask]) -> Mapping[str, _Text]:
    distinct = {ask.url: ask for ask in asks}
    return dict(zip(distinct, fetcher.fetch_all(list(distinct.values()), _WHAT, _text), strict=True))


def _text(answer: Answer) -> _Text:
    """Return an answer's content as text, out of base64 where the server is Gitiles."""
    if not isinstance(answer, Found):
        return answer
    try:
        text = (_from_base64(answer.content) if answer.gitiles else answer.content).decode()
    except UnicodeDecodeError:
        return Unavailable(answer.url, "what the server sent is not valid UTF-8")
    except ValueError:
        return Unavailable(answer.url, "what the server sent is not valid base64")
    return text


def _from_base64(content: bytes) -> bytes:
    import base64  # noqa: PLC0415  few servers are Gitiles

    return base64.b64decode(b"".join(content.split()), validate=True)


def _web_address(url: str) -> SplitResult | None:
    """Return the parts of an address that can be fetched, None for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def _is_same_server(url: str, other: str) -> bool:
    parts, others = _web_address(url), _web_address(other)
    return parts is not None and others is not None and parts[:2] == others[:2]
