"""Kept answers: conditions for the next request, and damage that counts as absence."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from vetflow.sources.cache import Cache
from vetflow.sources.kept import Kept, KeptAnswers

URL = "https://ada:secret@peer.example/audits.toml"


def entry(folder: Path) -> Path:
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    return path


@pytest.fixture
def answers(tmp_path: Path) -> KeptAnswers:
    return KeptAnswers(Cache(str(tmp_path), time.time))


@pytest.mark.parametrize("content", [b"", b"a\nb\n", b"\x00\xff\n{}\n" * 1000])
def test_an_answer_comes_back_with_its_validators(answers: KeptAnswers, content: bytes) -> None:
    kept = Kept(content, etag='"1"', modified="Thu, 01 Jan 2026 00:00:00 GMT", gitiles=True)
    answers.write(URL, kept)
    assert answers.read(URL) == kept
    assert answers.read("https://peer.example/other") is None


def test_the_etag_is_the_better_question() -> None:
    assert Kept(b"", etag='"1"', modified="then").conditions() == {"If-None-Match": '"1"'}
    assert Kept(b"", modified="then").conditions() == {"If-Modified-Since": "then"}
    assert Kept(b"").conditions() == {}


def test_a_password_in_an_address_is_not_written_down(answers: KeptAnswers, tmp_path: Path) -> None:
    answers.write(URL, Kept(b"content"))
    assert b"secret" not in entry(tmp_path).read_bytes()


def test_every_kind_of_damage_counts_as_absence(answers: KeptAnswers, tmp_path: Path) -> None:
    answers.write(URL, Kept(b"content", etag='"1"'))
    path = entry(tmp_path)
    whole = path.read_bytes()
    damaged = [
        b"",
        b"{}\ncontent",
        b"[]\ncontent",
        b"null",
        b"[" * 100_000,
        whole[:-1],
        whole + b"x",
        whole.replace(b"content", b"CONTENT"),
        whole.replace(b'"gitiles"', b'"other"'),
    ]
    for text in damaged:
        path.write_bytes(text)
        assert answers.read(URL) is None
    path.write_bytes(whole)
    assert answers.read(URL) is not None


def test_a_cache_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answers = KeptAnswers(Cache(os.path.join(tmp_path, "file"), time.time))
    answers.write(URL, Kept(b"content"))
    assert answers.read(URL) is None
