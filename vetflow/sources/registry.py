"""Known publishers of audit sets: what vetflow ships, brought up to date from cargo-vet's public list.

The list says who is registered and at which address; who they are, and that an address is stale, only our
file says.
"""

from __future__ import annotations

from collections.abc import Mapping

from vetflow.errors import StoreError, VetflowError
from vetflow.formats.registry_toml import AuditPublisher, parse_registry
from vetflow.model.names import ImportName
from vetflow.sources.answers import Ask, Fetcher, Found, undecided
from vetflow.sources.endpoints import REGISTRY_LIST


def shipped_registry(path: str) -> Mapping[ImportName, AuditPublisher]:
    """Read the registry that vetflow ships, at `path`; raises VetflowError when it is damaged."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse_registry(file.read(), path)
    except (OSError, UnicodeDecodeError, StoreError) as error:
        raise VetflowError(
            f"{path}, which vetflow ships, cannot be read", help="install vetflow again", causes=(str(error),)
        ) from None


def fetch_registry(
    fetcher: Fetcher, shipped: Mapping[ImportName, AuditPublisher]
) -> Mapping[ImportName, AuditPublisher]:
    """Return cargo-vet's list as it stands now, with what `shipped` knows besides.

    Raises UndecidedError when the list cannot be fetched, StoreError when it is of a kind vetflow cannot
    read.
    """
    answer = fetcher.fetch(Ask(REGISTRY_LIST))
    if not isinstance(answer, Found):
        raise undecided("the list of publishers of audits", [answer])
    return refreshed(shipped, parse_registry(answer.content.decode(errors="replace"), REGISTRY_LIST))


def refreshed(
    shipped: Mapping[ImportName, AuditPublisher], listed: Mapping[ImportName, AuditPublisher]
) -> Mapping[ImportName, AuditPublisher]:
    """Return the publishers `listed`, each with what `shipped` says of it; those no longer listed are gone.

    A listed address is the right one: a successor is only named while the list still has what it succeeds.
    """
    publishers = {}
    for name, entry in listed.items():
        known = shipped.get(name)
        if known is None:
            publishers[name] = entry
        elif known.urls == entry.urls:
            publishers[name] = known
        else:  # the list was brought up to date, and what was measured at the old address holds no more
            publishers[name] = known._replace(urls=entry.urls, successor=None, newest_entry=None)
    return publishers
