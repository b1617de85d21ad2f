"""The web API of crates.io: who published a version, when, and how a crate describes itself.

crates.io asks for one request a second, so this is asked as rarely as possible: an answer kept from an
earlier run is good as long as it knows every version the index has, because what it says of a version does
not change (cargo-vet's rule, shared spec format 11.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from vetflow.model.audits import Publisher, PublisherSource
from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.sources.answers import Answer, Ask, Fetcher, Found, Missing, Unavailable
from vetflow.sources.endpoints import API
from vetflow.sources.index import PublishedCrate
from vetflow.sources.timestamps import utc_day

_LARGEST_USER_ID: Final = 2**63 - 1
"""The largest number that cargo-vet's files can hold."""


class Release(NamedTuple):
    """A version as the web API tells of it.

    source: who published it, None where it does not say or names somebody cargo-vet's files have no word for.
    """

    version: VetVersion
    when: Date
    source: PublisherSource | None = None
    user_login: str | None = None
    user_name: str | None = None


class CrateFacts(NamedTuple):
    """What the web API says of a crate. releases: in ascending order, of versions that the index has.

    Some of those may be absent: the API lags behind the index, or forgot.
    """

    name: CrateName
    description: str | None
    repository: str | None
    releases: tuple[Release, ...]

    def publishers(self) -> tuple[Publisher, ...]:
        """Return what imports.lock can hold of this: a row for each version with a known publisher."""
        return tuple(
            Publisher(release.version, release.when, release.source, release.user_login, release.user_name)
            for release in self.releases
            if release.source is not None
        )


ApiAnswer: TypeAlias = CrateFacts | Missing | Unavailable
"""`Missing`: the API has no such crate, although the index does."""


def look_up_facts(fetcher: Fetcher, crates: Iterable[PublishedCrate]) -> Mapping[CrateName, ApiAnswer]:
    """Return what the web API says of each crate, asking only where a kept answer does not suffice."""
    crates = tuple(crates)
    facts: dict[CrateName, ApiAnswer] = {**kept_facts(fetcher, crates)}
    lacking = {crate.name: crate for crate in crates if crate.name not in facts}
    answers = fetcher.fetch_all([Ask(_url(name), paced=True) for name in lacking], "publishers", lambda answer: answer)
    for crate, answer in zip(lacking.values(), answers, strict=True):
        facts[crate.name] = _facts(answer, crate)
    return facts


def kept_facts(fetcher: Fetcher, crates: Iterable[PublishedCrate]) -> Mapping[CrateName, CrateFacts]:
    """Return what earlier runs kept of the web API, of the crates of which that knows all versions; asks nobody."""
    facts = {}
    for crate in crates:
        kept = fetcher.kept(_url(crate.name))
        known = None if kept is None else _facts(kept, crate)
        if isinstance(known, CrateFacts) and len(known.releases) == len(crate.versions):
            facts[crate.name] = known
    return facts


def _url(name: CrateName) -> str:
    return f"{API}crates/{name}"


def _facts(answer: Answer, crate: PublishedCrate) -> ApiAnswer:
    if not isinstance(answer, Found):
        return answer
    try:
        document = json.loads(answer.content)
        about, rows = document["crate"], document["versions"]
        releases = [_release(row) for row in rows]
        description, repository = about.get("description"), about.get("repository")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return Unavailable(answer.url, "the answer is none of crates.io's web API")
    by_version = {release.version: release for release in releases if release is not None}
    published = (by_version.get(row.version) for row in crate.versions)
    return CrateFacts(
        name=crate.name,
        description=description if isinstance(description, str) else None,
        repository=repository if isinstance(repository, str) else None,
        releases=tuple(release for release in published if release is not None),
    )


def _release(row: Mapping[str, Any]) -> Release | None:
    when = utc_day(row.get("created_at"))
    try:
        version = parse_version(row["num"])
    except VersionSyntaxError:
        return None
    if when is None or version.git:
        return None
    user = row.get("published_by")
    if isinstance(user, dict):
        return _published_by(Release(version, when), user)
    return Release(version, when, _trusted_publisher(row.get("trustpub_data")))


def _published_by(release: Release, user: Mapping[str, Any]) -> Release:
    identifier, login, name = user.get("id"), user.get("login"), user.get("name")
    is_id = type(identifier) is int and 0 <= identifier <= _LARGEST_USER_ID
    if not is_id or not isinstance(login, str):
        return release
    return release._replace(source=identifier, user_login=login, user_name=name if isinstance(name, str) else None)


def _trusted_publisher(data: object) -> str | None:
    """Return the signature of a trusted publisher; cargo-vet's files have words for GitHub alone."""
    if not isinstance(data, dict) or data.get("provider") != "github":
        return None
    repository = data.get("repository")
    return f"github:{repository}" if isinstance(repository, str) and repository else None
