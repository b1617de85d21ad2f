"""Values of arguments that several commands read alike; argparse names the argument when one cannot be read."""

from __future__ import annotations

import argparse

from vetflow.app.certify import Target
from vetflow.errors import UsageError
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.names import CrateName
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version


def version(text: str) -> VetVersion:
    """Read a version; raises ArgumentTypeError."""
    try:
        return parse_version(text)
    except VersionSyntaxError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a version: {error}") from error


def crate_version(text: str) -> tuple[CrateName, VetVersion | None]:
    """Read `CRATE` or `CRATE@VERSION`; raises UsageError."""
    crate, at, rest = text.partition("@")
    try:
        if crate and (rest or not at):
            return crate, parse_version(rest) if at else None
        reason = "it is neither CRATE nor CRATE@VERSION"
    except VersionSyntaxError as error:
        reason = f"'{rest}' is not a version: {error}"
    raise UsageError(f"'{text}' names no crate: {reason}", help="for example anvil or anvil@1.2.3")


def requirement(text: str) -> VersionReq:
    """Read a requirement on versions as in Cargo.toml; raises ArgumentTypeError."""
    try:
        return parse_requirement(text)
    except RequirementSyntaxError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no version requirement: {error}") from error


def reason(text: str) -> str:
    """Read a sentence that must say something; raises ArgumentTypeError."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it must not be empty")
    return text.strip()


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
