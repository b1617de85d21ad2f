"""Values of arguments that several commands read alike; argparse names the argument when one cannot be read."""

from __future__ import annotations

import argparse

from vetflow.app.certify import Target
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version


def version(text: str) -> VetVersion:
    """Read a version; raises ArgumentTypeError."""
    try:
        return parse_version(text)
    except VersionSyntaxError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a version: {error}") from error


def requirement(text: str) -> VersionReq:
    """Read a requirement on versions as in Cargo.toml; raises ArgumentTypeError."""
    try:
        return parse_requirement(text)
    except RequirementSyntaxError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no version requirement: {error}") from error


def date(text: str) -> Date:
    """Read a day; raises ArgumentTypeError."""
    try:
        return parse_date(text)
    except DateSyntaxError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no date (as 2026-01-31): {error}") from error


def target(text: str) -> Target:
    """Read `CRATE@VERSION` or `CRATE@BASE..VERSION`; raises ArgumentTypeError."""
    crate, at, versions = text.partition("@")
    if not crate or not at:
        raise argparse.ArgumentTypeError(f"'{text}' is neither CRATE@VERSION nor CRATE@BASE..VERSION")
    base, dots, end = versions.partition("..")
    return Target(crate, version(end), version(base)) if dots else Target(crate, version(versions))
