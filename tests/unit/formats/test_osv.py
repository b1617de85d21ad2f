"""Records of the Open Source Vulnerability format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vetflow.formats.osv import parse_osv
from vetflow.model.advisories import Advisory, AdvisoryKind, AdvisorySyntaxError
from vetflow.model.dates import Date
from vetflow.model.version import parse_version


def affected(crate: str = "anvil", ecosystem: str = "crates.io", **more: Any) -> dict[str, Any]:
    return {"package": {"ecosystem": ecosystem, "name": crate}, **more}


def semver(*events: dict[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "SEMVER", "events": list(events)}]}


def record(*parts: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"id": "GHSA-made-up", "modified": "2026-01-05T00:00:00Z", "affected": parts, **more}).encode()


def only(content: bytes) -> Advisory:
    (advisory,) = parse_osv(content, "all.zip/GHSA-made-up.json").advisories
    return advisory


def hit(advisory: Advisory, versions: str) -> str:
    return " ".join(text for text in versions.split() if advisory.affects(parse_version(text)))


def test_a_record_has_an_advisory_for_each_crate_of_crates_io() -> None:
    read = parse_osv(
        record(affected("anvil"), affected("bramble"), affected("anvil-js", "npm"), summary="Sharp", aliases=["CVE-1"]),
        "f",
    )
    assert [(each.crate, each.title, each.aliases) for each in read.advisories] == [
        ("anvil", "Sharp", ("CVE-1",)),
        ("bramble", "Sharp", ("CVE-1",)),
    ]
    assert read.modified == Date(2026, 1, 5)


@pytest.mark.parametrize(
    ("events", "versions", "expected"),
    [
        ([{"introduced": "0"}], "0.0.0-0 1.0.0", "0.0.0-0 1.0.0"),
        ([{"introduced": "0"}, {"fixed": "1.2.3"}], "1.2.2 1.2.3-rc.1 1.2.3", "1.2.2 1.2.3-rc.1"),
        ([{"introduced": "1.0.0"}, {"last_affected": "1.2.3"}], "0.9.0 1.2.3 1.2.4-0 1.2.4", "1.2.3"),
        (
            [{"fixed": "1.2.3"}, {"introduced": "2.0.0"}, {"introduced": "0"}, {"fixed": "2.1.0"}],
            "1.0.0 1.5.0 2.0.5 2.1.0",
            "1.0.0 2.0.5",
        ),
        ([{"introduced": "0.0.0-0"}, {"fixed": "1.0.0-0"}], "0.9.9 1.0.0-a", "0.9.9"),
    ],
)
def test_events_make_ranges_in_whatever_order_they_stand(
    events: list[dict[str, str]], versions: str, expected: str
) -> None:
    assert hit(only(record(affected(**semver(*events)))), versions) == expected


def test_versions_listed_one_by_one_are_affected_too() -> None:
    advisory = only(record(affected(versions=["1.0.1"], **semver({"introduced": "2.0.0"}))))
    assert hit(advisory, "1.0.0 1.0.1 1.0.2-0 2.5.0") == "1.0.1 2.5.0"


def test_ranges_of_commits_tell_nothing_about_versions() -> None:
    advisory = only(record(affected(ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}])))
    assert advisory.affected == ()


def test_rustsecs_own_fields_tell_kind_categories_and_functions() -> None:
    advisory = only(
        record(
            affected(
                database_specific={"informational": "unsound", "categories": ["malicious"]},
                ecosystem_specific={"affects": {"functions": ["anvil::strike"]}},
            ),
            withdrawn="2026-01-06T00:00:00Z",
        )
    )
    assert (advisory.kind, advisory.malicious, advisory.withdrawn) == (AdvisoryKind.UNSOUND, True, True)
    assert advisory.functions == ("anvil::strike",)


def test_a_record_of_a_malicious_package_says_so_in_its_name() -> None:
    assert only(record(affected(), id="MAL-2026-1")).malicious


def test_what_informs_about_something_else_is_none_of_ours() -> None:
    assert parse_osv(record(affected(database_specific={"informational": "poetry"})), "f").advisories == ()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"affected": []}',
        record({"package": "anvil"}),
        record(affected(**semver({"introduced": "one"}))),
        record(affected(versions=["1.0"])),
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_understood_is_told(content: bytes) -> None:
    with pytest.raises(AdvisorySyntaxError):
        parse_osv(content, "f")
