"""The sparse index: versions, checksums and days; unknown crates are not the same as unreachable ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.model.dates import Date
from vetflow.model.version import parse_version
from vetflow.sources.answers import Missing, Unavailable
from vetflow.sources.endpoints import DOWNLOAD, INDEX
from vetflow.sources.index import (
    PublishedCrate,
    PublishedVersion,
    download_template,
    download_url,
    look_up_crates,
)

MIRROR = "https://mirror.example/index/"
SUM = "0123456789abcdef" * 4


def row(version: Any, **fields: Any) -> bytes:
    return json.dumps({"name": "oakleaf", "vers": version, "cksum": SUM, "yanked": False, **fields}).encode() + b"\n"


def published(version: str, *, yanked: bool = False, day: Date | None = None) -> PublishedVersion:
    return PublishedVersion(parse_version(version), SUM, yanked, day)


def look_up(content: bytes) -> object:
    return look_up_crates(FakeFetcher({INDEX + "oa/kl/oakleaf": content}), ["oakleaf"])["oakleaf"]


def test_a_crate_has_its_versions_in_ascending_order() -> None:
    content = row("1.10.0") + row("1.9.0", yanked=True) + b"\n" + row("0.1.0-rc.1", pubtime="2025-11-12T19:30:12Z")
    assert look_up(content) == PublishedCrate(
        "oakleaf",
        (
            published("0.1.0-rc.1", day=Date(2025, 11, 12))._replace(published_at=1_762_975_812),
            published("1.9.0", yanked=True),
            published("1.10.0"),
        ),
    )


def test_a_single_version_can_be_found() -> None:
    crate = look_up(row("1.0.0") + row("1.1.0"))
    assert isinstance(crate, PublishedCrate)
    assert crate.find(parse_version("1.1.0")) == published("1.1.0")
    assert crate.find(parse_version("1.2.0")) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [("a", "1/a"), ("ab", "2/ab"), ("abc", "3/a/abc"), ("abcd", "ab/cd/abcd"), ("Serde_X", "se/rd/serde_x")],
)
def test_the_path_is_the_names_in_lower_case(name: str, path: str) -> None:
    fetcher = FakeFetcher({})
    look_up_crates(fetcher, [name], MIRROR)
    assert fetcher.urls == [MIRROR + path]


def test_a_crate_the_registry_does_not_know_is_missing() -> None:
    assert look_up_crates(FakeFetcher({}), ["oakleaf"])["oakleaf"] == Missing(INDEX + "oa/kl/oakleaf")


def test_an_index_that_cannot_be_reached_says_nothing_about_the_crate() -> None:
    url = INDEX + "oa/kl/oakleaf"
    fetcher = FakeFetcher({url: unreachable(url), INDEX + "bi/rc/birch": row("1.0.0")})
    found = look_up_crates(fetcher, ["oakleaf", "birch"])
    assert found["oakleaf"] == unreachable(url)
    assert isinstance(found["birch"], PublishedCrate)


@pytest.mark.parametrize("name", ["", "../secret", "a/b", "a b", "ü", "a?b", "a\n"])
def test_what_can_be_no_crates_name_is_not_asked_for(name: str) -> None:
    fetcher = FakeFetcher({})
    assert isinstance(look_up_crates(fetcher, [name])[name], Missing)
    assert fetcher.asked == []


def test_a_version_that_is_none_is_passed_over() -> None:
    git = f"1.0.0@git:{'a' * 40}"
    assert look_up(row("1.0") + row("1.0.0") + row(git)) == PublishedCrate("oakleaf", (published("1.0.0"),))


def test_a_crate_without_any_version_is_missing() -> None:
    assert isinstance(look_up(b""), Missing)
    assert isinstance(look_up(row("1.0")), Missing)


def test_the_last_row_of_a_version_counts() -> None:
    crate = look_up(row("1.0.0") + row("1.0.0", yanked=True))
    assert crate == PublishedCrate("oakleaf", (published("1.0.0", yanked=True),))


def test_a_checksum_that_is_none_is_no_checksum() -> None:
    crate = look_up(row("1.0.0", cksum="short") + row("1.1.0", cksum=None))
    assert isinstance(crate, PublishedCrate)
    assert [version.checksum for version in crate.versions] == [None, None]


@pytest.mark.parametrize(
    "content", [b"<html>", b"7\n", b'"x"\n', b"{}\n", b"[" * 100_000, b"\xff", row(7), row(["1.0.0"])]
)
def test_what_is_no_index_file_is_unavailable(content: bytes) -> None:
    answer = look_up(content)
    assert isinstance(answer, Unavailable)
    assert answer.reason == "the answer is no file of an index"


def test_where_crates_io_keeps_archives_is_known() -> None:
    fetcher = FakeFetcher({})
    assert download_template(fetcher, INDEX) == DOWNLOAD
    assert fetcher.asked == []


def test_where_another_registry_keeps_archives_is_in_its_configuration() -> None:
    fetcher = FakeFetcher({MIRROR + "config.json": b'{"dl": "https://mirror.example/dl"}'})
    assert download_template(fetcher, MIRROR) == "https://mirror.example/dl"
    assert download_template(FakeFetcher({}), MIRROR) == Missing(MIRROR + "config.json")
    for content in (b"{}", b"[]", b"null", b'{"dl": 7}', b"<html>"):
        assert isinstance(download_template(FakeFetcher({MIRROR + "config.json": content}), MIRROR), Unavailable)


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://m.example/dl", "https://m.example/dl/OakLeaf/1.0.0/download"),
        ("https://m.example/{crate}-{version}.crate", "https://m.example/OakLeaf-1.0.0.crate"),
        ("https://m.example/{prefix}/{lowerprefix}", "https://m.example/Oa/kL/oa/kl"),
        ("https://m.example/{sha256-checksum}", f"https://m.example/{SUM}"),
    ],
)
def test_an_archives_address_follows_the_template_as_with_cargo(template: str, url: str) -> None:
    assert download_url(template, "OakLeaf", "1.0.0", SUM) == url
