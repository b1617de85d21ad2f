"""The web API: who published what; asked as rarely as possible, and never trusted to be complete."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.model.audits import Publisher
from vetflow.model.dates import Date
from vetflow.model.version import parse_version
from vetflow.sources.answers import Missing, Unavailable
from vetflow.sources.api import CrateFacts, Release, look_up_facts
from vetflow.sources.endpoints import API
from vetflow.sources.index import PublishedCrate, PublishedVersion

URL = API + "crates/oakleaf"
ADA = {"id": 11, "login": "ada-l", "name": "Ada"}


def crate(*versions: str) -> PublishedCrate:
    return PublishedCrate(
        "oakleaf",
        tuple(PublishedVersion(parse_version(v), "0" * 64, yanked=False, published=None) for v in versions),
    )


def version(number: str, **fields: Any) -> dict[str, Any]:
    return {"num": number, "created_at": "2025-03-04T23:00:00Z", "published_by": None, **fields}


def document(*versions: dict[str, Any], **about: Any) -> bytes:
    return json.dumps({"crate": {"description": None, "repository": None, **about}, "versions": versions}).encode()


def look_up(content: bytes, *versions: str) -> object:
    return look_up_facts(FakeFetcher({URL: content}), [crate(*versions)])["oakleaf"]


def release(**fields: Any) -> Release:
    facts = look_up(document(version("1.0.0", **fields)), "1.0.0")
    assert isinstance(facts, CrateFacts)
    return facts.releases[0]


def test_facts_are_about_the_crate_and_its_versions_in_ascending_order() -> None:
    content = document(version("1.10.0"), version("1.9.0"), description="Leaves", repository="https://r.example")
    assert look_up(content, "1.9.0", "1.10.0") == CrateFacts(
        name="oakleaf",
        description="Leaves",
        repository="https://r.example",
        releases=(
            Release(parse_version("1.9.0"), Date(2025, 3, 4)),
            Release(parse_version("1.10.0"), Date(2025, 3, 4)),
        ),
    )


def test_a_person_published_it() -> None:
    found = release(published_by=ADA)
    assert (found.source, found.user_login, found.user_name) == (11, "ada-l", "Ada")
    assert release(published_by=ADA | {"name": None}).user_name is None


def test_a_trusted_publisher_of_github_published_it() -> None:
    found = release(trustpub_data={"provider": "github", "repository": "oak/leaf"})
    assert (found.source, found.user_login) == ("github:oak/leaf", None)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"published_by": {"login": "ada-l"}},
        {"published_by": {"id": True, "login": "ada-l"}},
        {"published_by": {"id": -1, "login": "ada-l"}},
        {"published_by": {"id": 2**63, "login": "ada-l"}},
        {"published_by": {"id": 11}},
        {"published_by": 11},
        {"trustpub_data": {"provider": "gitlab", "repository": "oak/leaf"}},
        {"trustpub_data": {"provider": "github"}},
        {"trustpub_data": {"provider": "github", "repository": ""}},
        {"trustpub_data": "github:oak/leaf"},
    ],
)
def test_anybody_else_is_unknown(fields: dict[str, Any]) -> None:
    assert release(**fields).source is None


def test_rows_for_imports_lock_are_made_of_known_publishers() -> None:
    content = document(version("1.0.0", published_by=ADA), version("1.1.0"))
    facts = look_up(content, "1.0.0", "1.1.0")
    assert isinstance(facts, CrateFacts)
    assert facts.publishers() == (Publisher(parse_version("1.0.0"), Date(2025, 3, 4), 11, "ada-l", "Ada"),)


def test_versions_the_index_does_not_have_are_left_out() -> None:
    facts = look_up(document(version("1.0.0"), version("1.1.0")), "1.0.0")
    assert isinstance(facts, CrateFacts)
    assert [str(found.version) for found in facts.releases] == ["1.0.0"]


def test_an_api_that_knows_less_than_the_index_costs_only_what_it_does_not_know() -> None:
    rows = (version("1.0.0"), version("1.0"), version("1.2.0", created_at="once"), version("1.3.0"))
    facts = look_up(document(*rows), "1.0.0", "1.1.0", "1.2.0", "1.3.0")
    assert isinstance(facts, CrateFacts)
    assert [str(found.version) for found in facts.releases] == ["1.0.0", "1.3.0"]


def test_a_kept_answer_that_knows_all_versions_needs_no_request() -> None:
    fetcher = FakeFetcher({}, {URL: document(version("1.0.0", published_by=ADA), version("1.1.0"))})
    facts = look_up_facts(fetcher, [crate("1.0.0", "1.1.0")])["oakleaf"]
    assert isinstance(facts, CrateFacts)
    assert facts.releases[0].source == 11
    assert fetcher.asked == []


@pytest.mark.parametrize("kept", [document(version("1.0.0")), b"damaged"])
def test_a_kept_answer_that_does_not_suffice_is_replaced(kept: bytes) -> None:
    fetcher = FakeFetcher({URL: document(version("1.0.0"), version("1.1.0"))}, {URL: kept})
    facts = look_up_facts(fetcher, [crate("1.0.0", "1.1.0")])["oakleaf"]
    assert isinstance(facts, CrateFacts)
    assert len(facts.releases) == 2
    assert fetcher.urls == [URL]


def test_the_api_is_asked_at_its_own_pace() -> None:
    fetcher = FakeFetcher({})
    look_up_facts(fetcher, [crate("1.0.0")])
    assert [ask.paced for ask in fetcher.asked] == [True]


def test_what_cannot_be_had_is_not_the_same_as_unknown() -> None:
    assert look_up_facts(FakeFetcher({URL: unreachable(URL)}), [crate("1.0.0")]) == {"oakleaf": unreachable(URL)}
    assert look_up_facts(FakeFetcher({}), [crate("1.0.0")]) == {"oakleaf": Missing(URL)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"7",
        b"[]",
        b"{}",
        b'{"crate": 7, "versions": []}',
        b'{"crate": {}, "versions": [7]}',
        b'{"crate": {}, "versions": {}',
        b'{"crate": {}, "versions": [{"num": 7}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_of_the_api_is_unavailable(content: bytes) -> None:
    assert look_up(content, "1.0.0") == Unavailable(URL, "the answer is none of crates.io's web API")


def test_descriptions_that_are_no_text_are_none() -> None:
    facts = look_up(document(version("1.0.0"), description=7, repository=["x"]), "1.0.0")
    assert isinstance(facts, CrateFacts)
    assert (facts.description, facts.repository) == (None, None)
