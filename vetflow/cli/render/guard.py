"""The guard in words: how to turn it on, whether it works here, what it lets pass, and what it cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Any, Final

from vetflow.app.guard import AllowedHere, GuardStatus, Uninstalled
from vetflow.app.guard_sync import GuardSync
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.guard.installation import Installed
from vetflow.surface.growth import TIER_WORDS

SCHEMA: Final = "vetflow/guard-status/1"
_MOST_NAMED: Final = 20
LIMITS: Final = (
    "it is no sandbox: what may be compiled runs with all your rights",
    "what lies in target/ already runs again without a compiler: `cargo clean` once, now",
    "the packages of a project are its own: their build scripts run, also those of a branch you check out",
    "only the environment holds against a project's cargo configuration; an empty RUSTC_WRAPPER= turns all of it off",
    "rust-analyzer puts itself in its place: set rust-analyzer.cargo.buildScripts.useRustcWrapper to false",
)
"""What everybody who turns it on must know; docs/guard.md says more."""


def install_lines(installed: Installed) -> Iterator[Line]:
    """Say what was written, and yield the lines that turn it on; nobody's files are changed for that."""
    path = quote(installed.wrapper)
    yield (f"wrote {installed.wrapper}",)
    if installed.following:
        yield (f"after it, {installed.following} gets every call, as before",)
    yield ("to turn it on, put the line of your shell where it starts (nothing was written there):",)
    yield ("  bash, zsh  ", Styled(f"export RUSTC_WRAPPER={path}", Style.COMMAND))
    yield ("  fish       ", Styled(f"set -gx RUSTC_WRAPPER {path}", Style.COMMAND))
    yield ("  GitHub     ", Styled(f'echo RUSTC_WRAPPER={path} >> "$GITHUB_ENV"', Style.COMMAND))
    yield ("  an editor  start it from such a shell, or set RUSTC_WRAPPER where it sets the environment of cargo",)
    yield ("then, in each project: ", Styled("vetflow guard sync", Style.COMMAND))
    yield ("what it cannot do:",)
    for limit in LIMITS:
        yield (f"  {limit}",)


def uninstall_lines(done: Uninstalled) -> Iterator[Line]:
    """Say what was removed, and what is left to do."""
    for path in done.removed:
        yield (f"removed {path}",)
    if not done.removed:
        yield ("the guard was not installed",)
    if done.is_set:
        yield (Styled("cargo would fail now", Style.BAD), ": RUSTC_WRAPPER still names the guard; unset it")


def sync_lines(done: GuardSync) -> Iterator[Line]:
    """Say what may run from now on, and name what may not."""
    allowed, refused = len(done.passing), len(done.refused)
    yield (f"of what runs during a build, {count_of(allowed, 'crate')} may; {refused:,} that nobody attested may not",)
    for verdict in done.refused[:_MOST_NAMED]:
        package = verdict.crate.package
        how = ", ".join(TIER_WORDS[tier] for tier in verdict.crate.tiers)
        yield (f"  {package.name} {package.version} ({how})",)
    if refused > _MOST_NAMED:
        yield (f"  and {refused - _MOST_NAMED:,} more: `vetflow policy explain` names them all",)
    for package, why in done.lacking:
        crate = f"{package.name} {package.version}"
        yield (Styled("unknown", Style.WARN), f": {crate}, which is not let pass: {why.reason}")
    if not done.has_store:
        yield ("there is no store, so nothing of others is attested: `vetflow init` makes one",)
    if done.is_vendored:
        yield ("archives were not to be had: the vendored files count as they are now",)
    folders = ", ".join(done.own)
    yield (f"packages in {folders} are your own and are let pass",)
    if done.base is None:
        yield ("audits and rules are those checked out; on somebody else's branch: `vetflow guard sync --base main`",)
    else:
        yield (f"audits and rules are those of {done.base}",)


def status_lines(status: GuardStatus) -> Iterator[Line]:
    """Say whether the guard works here, and what is in its way."""
    yield (Styled("on", Style.GOOD) if status.is_active else Styled("off", Style.BAD), f": {_why(status)}")
    if status.is_configured_only and status.chosen is not None:
        yield (f"  only {status.chosen.said_by} names it, which RUSTC_WRAPPER beats: set that in the environment",)
    if status.installed.following:
        yield (f"  after it, {status.installed.following} gets every call",)
    for other in status.others:
        yield (f"  {other.said_by} has {other.program} started, too: the guard does not judge it",)
    if status.here is None:
        yield ("this is no workspace",)
    else:
        yield (_here(status.here),)


def _why(status: GuardStatus) -> str:
    path = status.installed.wrapper
    if not status.installed.is_there:
        return f"{status.installed.lacking[0]} is not there: `vetflow guard install`"
    if status.installed.changed:
        return f"{status.installed.changed[0]} is not what this vetflow installs: `vetflow guard install`"
    if status.is_chosen:
        return f"cargo starts {path} in the place of rustc"
    if status.chosen is None:
        return f"nothing tells cargo to start it: set RUSTC_WRAPPER={quote(path)}"
    if not status.chosen.program:
        return f"{status.chosen.said_by} is set and empty, which turns every wrapper off"
    return f"{status.chosen.said_by} names {status.chosen.program} in its place; `vetflow guard install` chains them"


def _here(here: AllowedHere) -> str:
    if here.is_damaged:
        return f"{here.path} is damaged, so nothing of others is let pass: `vetflow guard sync`"
    if here.allow is None:
        return f"nothing is let pass in {here.root} yet: `vetflow guard sync`"
    count = sum(map(len, here.allow.packages.values()))
    if here.is_current:
        return f"{count_of(count, 'crate')} may run during a build of this workspace, as of its Cargo.lock today"
    return f"Cargo.lock has changed since {count_of(count, 'crate')} were let pass: `vetflow guard sync`"


def status_json(status: GuardStatus) -> str:
    """Return the document."""
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the lines

    here = status.here
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "active": status.is_active,
        "in_order": status.is_in_order,
        "wrapper": status.installed.wrapper,
        "lacking": list(status.installed.lacking),
        "changed": list(status.installed.changed),
        "next": status.installed.following,
        "chosen": None if status.chosen is None else status.chosen._asdict(),
        "other_programs": [other._asdict() for other in status.others],
        "workspace": None
        if here is None
        else {
            "root": here.root,
            "allow_file": here.path,
            "damaged": here.is_damaged,
            "current": here.is_current,
            "crates": None if here.allow is None else sum(map(len, here.allow.packages.values())),
        },
    }
    return inert(document)
