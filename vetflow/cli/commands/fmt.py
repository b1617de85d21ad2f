"""`vetflow fmt`: the store's files in the form that `cargo vet fmt` leaves alone."""

from __future__ import annotations

import argparse

from vetflow.app.fmt import format_store
from vetflow.cli.output import Output
from vetflow.cli.progress import waiting_for_lock
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "rewrite the store's files in cargo-vet's canonical form; with --locked only say whether they are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing of its own."""


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Rewrite what is not canonical, and name it."""
    changed = format_store(
        request_of(options, world),
        waiting=waiting_for_lock(out),
    )
    if options.output_format == "human":
        out.message(f"rewrote {', '.join(changed)}" if changed else "nothing to do: the store is in canonical form")
    return 0
