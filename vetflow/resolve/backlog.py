"""The backlog: what is still to be read, as a store without its exemptions shows it (shared spec resolver 10)."""

from __future__ import annotations

from vetflow.model.store import Store


def backlog_store(store: Store, *, live: bool) -> Store:
    """Return the store that `suggest` judges: without exemptions, except those it is told to leave alone.

    live: imports are the live state; unpublished rows that are in imports.lock already are then left out, too, so that
    what was published meanwhile is suggested.
    """
    exemptions = {
        name: kept
        for name, found in store.config.exemptions.items()
        if (kept := tuple(exemption for exemption in found if not exemption.suggest))
    }
    store = store._replace(config=store.config._replace(exemptions=exemptions))
    if not live:
        return store
    unpublished = {
        name: fresh
        for name, rows in store.imports.unpublished.items()
        if (fresh := tuple(row for row in rows if row.fresh))
    }
    return store._replace(imports=store.imports._replace(unpublished=unpublished))
