"""From parsed options to the `Request` that use cases take."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from vetflow.app.request import CargoFlags, MetadataDocument, Request
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.dates import Date

if TYPE_CHECKING:
    from datetime import datetime


def request_of(options: argparse.Namespace, world: World) -> Request:
    """Return what the shared options ask for; reads the metadata document. Raises UsageError."""
    return Request(
        cwd=world.cwd,
        cargo_home=world.cargo_home,
        today=today(options, world),
        manifest_path=options.manifest_path,
        store_path=options.store_path,
        rev=options.rev,
        metadata=_metadata(options.cargo_metadata, world),
        graph=options.graph,
        cargo=CargoFlags(
            options.no_all_features,
            options.no_default_features,
            tuple(options.features),
            tuple(options.cargo_arg),
        ),
        filters=tuple(options.filter_graph),
        locked=options.locked,
        frozen=options.frozen,
        offline=options.offline,
        cache_dir=None if options.cache_dir is None else os.path.join(world.cwd, options.cache_dir),
        use_git_credentials=options.use_git_credentials,
        environ=world.environ,
    )


def today(options: argparse.Namespace, world: World) -> Date:
    """Return the UTC day of `--current-time`, or of the clock."""
    if options.current_time is None:
        return world.today()
    utc = _given_time(options.current_time)
    return Date(utc.year, utc.month, utc.day)


def moment(options: argparse.Namespace, world: World) -> int:
    """Return `--current-time`, or the clock's time, in seconds since 1970."""
    return world.now() if options.current_time is None else int(_given_time(options.current_time).timestamp())


def _given_time(text: str) -> datetime:
    from datetime import UTC, datetime  # noqa: PLC0415  only with this option

    try:
        given = datetime.fromisoformat(text)
        if given.tzinfo is None:
            raise UsageError(f"--current-time '{text}' has no time zone", help="for example 2026-01-15T00:00:00Z")
        return given.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--current-time '{text}' is no RFC 3339 time", help="for example 2026-01-15T00:00:00Z"
        ) from error


def _metadata(name: str | None, world: World) -> MetadataDocument | None:
    if name is None:
        return None
    if name == "-":
        return MetadataDocument(world.stdin.read(), "standard input")
    try:
        with open(os.path.join(world.cwd, name), encoding="utf-8") as file:
            return MetadataDocument(file.read(), name)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the metadata document '{name}'", causes=(str(error),)) from error
