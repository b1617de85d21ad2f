"""Versions that are too young: most attacks are found within days, by whoever waits less.

Only what is new in a lock is judged, by the moment of its publication. A version that fixes a known vulnerability may
skip the wait, if somebody says so with their signature. Without a rule of the project's own, cargo's settings count
(RFC 3923, in cargo since 1.100; shared spec trust 3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import Place
from vetflow.formats.time_span import TimeSpanError, parse_time_span, spell_time_span
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package

_GLOBAL: Final = "CARGO_REGISTRY_GLOBAL_MIN_PUBLISH_AGE"
_CRATES_IO: Final = "CARGO_REGISTRIES_CRATES_IO_MIN_PUBLISH_AGE"
_WHEN_TOO_NEW: Final = "CARGO_RESOLVER_INCOMPATIBLE_PUBLISH_AGE"


class CoolDownPolicy(NamedTuple):
    """How old a version must be, in seconds; None is any age.

    privileged_min_age: of what runs during a build. exempt: publishers whom nobody need wait for, as
    `resolve.publisher_trust.identifier` names them; a `*` at the end stands for anything.
    """

    min_age: int | None = None
    privileged_min_age: int | None = None
    exempt: tuple[str, ...] = ()
    level: Level = Level.WARN


class NewVersion(NamedTuple):
    """A version that the base's lock does not have.

    published_at: seconds since 1970, None where nobody knows. privileged: whether it runs during a build; None, "not
    known", counts as yes. publisher: who published it, where that is known. fixes: the ids of advisories that affect
    what it takes the place of, and not it.
    """

    package: Package
    published_at: int | None
    privileged: bool | None = None
    publisher: str | None = None
    fixes: tuple[str, ...] = ()


def cool_down_findings(
    versions: Iterable[NewVersion],
    policy: CoolDownPolicy,
    now: int,
    place: Callable[[Package], Place | None],
    overrides: Collection[Package] = (),
) -> Iterator[Finding]:
    """Yield the versions that are younger than they must be, or whose age nobody knows.

    now: seconds since 1970. overrides: packages that somebody who may do so wants at once; that counts for fixes alone.
    """
    for version in versions:
        wanted = _wanted_age(version, policy)
        if not wanted or _is_exempt(version.publisher, policy.exempt):
            continue
        package = version.package
        name = f"{package.name} {package.version}"
        if version.published_at is None:
            reason = f"nobody can tell how old {name} is, and it must be {spell_time_span(wanted)} old"
            yield Finding("cool-down/unknown", policy.level, place(package), reason)
        elif now - version.published_at < wanted:
            age = spell_time_span(max(0, now - version.published_at))
            reason = f"{name} is {age} old and must be {spell_time_span(wanted)} old"
            yield _young(version, policy, reason, place(package), overrides)


def _young(
    version: NewVersion, policy: CoolDownPolicy, reason: str, place: Place | None, overrides: Collection[Package]
) -> Finding:
    if not version.fixes:
        return Finding("cool-down/too-young", policy.level, place, reason, "wait, or take an older version")
    reason += f"; it fixes {', '.join(version.fixes)}"
    if version.package in overrides:
        return Finding(
            "cool-down/skipped", Level.NOTE, place, f"{reason}, and somebody signed that it may skip the wait"
        )
    return Finding(
        "cool-down/too-young-fix", policy.level, place, reason, "whoever may sign for it lets it skip the wait"
    )


def cargo_min_age(config: Mapping[str, Any], environ: Mapping[str, str]) -> int | None:
    """Return how old a version of crates.io must be by cargo's settings, in seconds; None where any age will do.

    config: cargo's, merged. A setting that is malformed counts as absent: cargo itself complains about it.
    """
    allows = environ.get(_WHEN_TOO_NEW) or _text(config, "resolver", "incompatible-publish-age")
    if allows == "allow":
        return None
    for text in (
        environ.get(_CRATES_IO) or _text(config, "registries", "crates-io", "min-publish-age"),
        environ.get(_GLOBAL) or _text(config, "registry", "global-min-publish-age"),
    ):
        if text is not None:
            try:
                return parse_time_span(text) or None
            except TimeSpanError:
                continue
    return None


def with_cargo_default(policy: CoolDownPolicy, min_age: int | None) -> CoolDownPolicy:
    """Return the policy with cargo's setting in the place of an age it does not name."""
    return policy if policy.min_age is not None else policy._replace(min_age=min_age)


def _wanted_age(version: NewVersion, policy: CoolDownPolicy) -> int:
    ages = [policy.min_age or 0]
    if version.privileged is not False:
        ages.append(policy.privileged_min_age or 0)
    return max(ages)


def _is_exempt(publisher: str | None, exempt: Iterable[str]) -> bool:
    if publisher is None:
        return False
    return any(publisher.startswith(each[:-1]) if each.endswith("*") else publisher == each for each in exempt)


def _text(config: Mapping[str, Any], *path: str) -> str | None:
    value: Any = config
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
