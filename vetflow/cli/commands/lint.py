"""`vetflow lint`: mistakes in config.toml that cargo-vet takes without a word."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.lint import lint_store
from vetflow.cli.output import Output
from vetflow.cli.render.findings import finding_lines, findings_json
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.model.findings import Level

SUMMARY = "find mistakes in config.toml that a check does not show: what lets more pass than meant, or does nothing"
SCHEMA: Final = "vetflow/lint/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing of its own."""


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Name the mistakes; the exit code is 1 when one of them lets more pass than meant."""
    findings = lint_store(request_of(options, world))
    if options.output_format == "json":
        out.document(findings_json(SCHEMA, findings))
    else:
        out.lines(list(finding_lines(findings)))
        if not findings:
            out.line("no mistakes found")
    return 1 if any(finding.level is Level.FAIL for finding in findings) else 0
