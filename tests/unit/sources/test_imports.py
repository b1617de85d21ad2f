"""Peers' files: each address, the texts they refer to, and one peer's trouble kept apart from the others."""

from __future__ import annotations

import pytest

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.errors import StoreError, UndecidedError, VetflowError
from vetflow.model.store import Import
from vetflow.sources.answers import Found
from vetflow.sources.imports import PeerFiles, fetch_imports, require_imports

URL = "https://peer.example/audits.toml"
SECOND = "https://peer.example/more.toml"
TEXTS = "https://texts.example/thorough.txt"
AUDIT = '[[audits.oakleaf]]\nwho = "Ada"\ncriteria = "safe-to-run"\nversion = "1.0.0"\n'
THOROUGH = f'[criteria.thorough]\ndescription-url = "{TEXTS}"\n'
MAPPED = Import((URL,), criteria_map={"thorough": ("safe-to-run",)})


def fetch(fetcher: FakeFetcher, source: Import) -> PeerFiles | VetflowError:
    return fetch_imports(fetcher, {"peer": source})["peer"]


def files_of(fetcher: FakeFetcher, source: Import) -> PeerFiles:
    files = fetch(fetcher, source)
    assert not isinstance(files, VetflowError)
    return files


def error_of(fetcher: FakeFetcher, source: Import) -> VetflowError:
    error = fetch(fetcher, source)
    assert isinstance(error, VetflowError)
    return error


def test_every_address_of_an_import_is_a_file_in_its_order() -> None:
    fetcher = FakeFetcher({SECOND: b"", URL: AUDIT.encode()})
    files = files_of(fetcher, Import((URL, SECOND)))
    assert [file.url for file in files] == [URL, SECOND]
    assert list(files[0].foreign.audits.audits) == ["oakleaf"]
    assert files[1].foreign.audits.audits == {}


def test_an_address_of_several_imports_is_fetched_once() -> None:
    fetcher = FakeFetcher({URL: AUDIT.encode()})
    assert set(fetch_imports(fetcher, {"a": Import((URL,)), "b": Import((URL,))})) == {"a", "b"}
    assert fetcher.urls == [URL]


def test_a_mapped_criterion_gets_the_text_it_refers_to() -> None:
    fetcher = FakeFetcher({URL: THOROUGH.encode(), TEXTS: "Every line was réad.\n".encode()})
    [file] = files_of(fetcher, MAPPED)
    assert file.foreign.audits.criteria["thorough"].description == "Every line was réad.\n"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (THOROUGH, Import((URL,))),
        (THOROUGH + 'description = "here"\n', MAPPED),
        ('[criteria.thorough]\nimplies = "safe-to-run"\n', MAPPED),
    ],
    ids=["not mapped", "described in place", "described nowhere"],
)
def test_texts_nobody_needs_are_not_fetched(text: str, source: Import) -> None:
    fetcher = FakeFetcher({URL: text.encode()})
    files_of(fetcher, source)
    assert fetcher.urls == [URL]


def test_gitiles_sends_base64() -> None:
    encoded = b"W2NyaXRl\ncmlhLmFd\nCmRlc2NyaXB0aW9uID0gIngiCg=="
    fetcher = FakeFetcher({URL: Found(URL, encoded, gitiles=True)})
    [file] = files_of(fetcher, Import((URL,)))
    assert file.foreign.audits.criteria["a"].description == "x"


def test_passwords_may_be_used_for_an_import_and_texts_beside_it_alone() -> None:
    beside = "https://peer.example/thorough.txt"
    other_port = "https://peer.example:444/thorough.txt"
    for address, allowed in ((TEXTS, False), (beside, True), (other_port, False)):
        fetcher = FakeFetcher({URL: THOROUGH.replace(TEXTS, address).encode(), address: b"text"})
        files_of(fetcher, MAPPED)
        assert [(ask.url, ask.credentials) for ask in fetcher.asked] == [(URL, True), (address, allowed)]


def test_what_cannot_be_fetched_is_named() -> None:
    fetcher = FakeFetcher({URL: unreachable(URL)})
    error = error_of(fetcher, Import((URL, SECOND)))
    assert isinstance(error, UndecidedError)
    assert error.message == "the audits of 'peer' could not be fetched"
    assert [part.message for part in error.related] == [
        f"{URL}: the server did not answer in time",
        f"{SECOND}: the server has nothing at this address",
    ]


def test_a_text_that_cannot_be_fetched_is_named() -> None:
    error = error_of(FakeFetcher({URL: THOROUGH.encode()}), MAPPED)
    assert isinstance(error, UndecidedError)
    assert [part.message for part in error.related] == [f"{TEXTS}: the server has nothing at this address"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"\xff", "not valid UTF-8"), (Found(URL, b"!", gitiles=True), "not valid base64")],
)
def test_what_is_no_text_is_not_guessed_at(answer: bytes | Found, reason: str) -> None:
    error = error_of(FakeFetcher({URL: answer}), Import((URL,)))
    assert isinstance(error, UndecidedError)
    assert reason in error.related[0].message


@pytest.mark.parametrize("url", ["file:///etc/passwd", "audits.toml", "", "https://[", "ssh://git@peer.example/x"])
def test_an_address_that_cannot_be_fetched_is_the_stores_mistake(url: str) -> None:
    fetcher = FakeFetcher({})
    error = error_of(fetcher, Import((url,)))
    assert isinstance(error, StoreError)
    assert error.message.startswith("invalid URL for foreign import peer @")
    assert fetcher.asked == []


def test_an_address_of_a_text_that_cannot_be_fetched_is_the_peers_mistake() -> None:
    fetcher = FakeFetcher({URL: THOROUGH.replace(TEXTS, "file:///etc/passwd").encode()})
    error = error_of(fetcher, MAPPED)
    assert isinstance(error, StoreError)
    assert error.message == "peer's 'thorough' criteria description address is invalid: file:///etc/passwd"
    assert fetcher.urls == [URL]


def test_a_file_that_is_no_toml_is_the_peers_mistake() -> None:
    error = error_of(FakeFetcher({URL: b"audits = ["}), Import((URL,)))
    assert isinstance(error, StoreError)
    assert error.place is not None
    assert error.place.file == URL


def test_one_peers_trouble_does_not_hide_the_others() -> None:
    fetched = fetch_imports(FakeFetcher({URL: AUDIT.encode()}), {"good": Import((URL,)), "gone": Import((SECOND,))})
    assert not isinstance(fetched["good"], VetflowError)
    assert isinstance(fetched["gone"], UndecidedError)


def test_required_imports_are_all_there_or_an_error() -> None:
    fetcher = FakeFetcher({URL: AUDIT.encode(), TEXTS: b"audits = ["})
    good, gone, broken = Import((URL,)), Import((SECOND,)), Import((TEXTS,))
    assert list(require_imports(fetch_imports(fetcher, {"good": good}))) == ["good"]
    with pytest.raises(UndecidedError, match="the audits of 'gone' could not be fetched"):
        require_imports(fetch_imports(fetcher, {"good": good, "gone": gone}))
    with pytest.raises(StoreError, match="is not valid TOML"):
        require_imports(fetch_imports(fetcher, {"broken": broken}))
    with pytest.raises(UndecidedError, match="several imports") as caught:
        require_imports(fetch_imports(fetcher, {"broken": broken, "gone": gone, "again": gone}))
    assert len(caught.value.related) == 3
