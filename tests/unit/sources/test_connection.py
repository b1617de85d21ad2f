"""The client goes through the configured proxy, or past it, and trusts the configured certificates."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from vetflow.errors import UndecidedError
from vetflow.sources.connection import bypass_patterns, open_client
from vetflow.sources.network_settings import NetworkSettings, Proxies


@pytest.mark.parametrize(
    ("host", "patterns"),
    [
        ("corp.example", ["all://*corp.example"]),
        (".corp.example", ["all://*corp.example"]),
        ("*.corp.example", ["all://*corp.example"]),
        ("10.0.0.7", ["all://10.0.0.7"]),
        ("10.0.0.7:8080", ["all://10.0.0.7:8080"]),
        ("::1", ["all://[::1]"]),
        ("localhost", ["all://localhost"]),
        (".", []),
    ],
)
def test_a_name_is_bypassed_with_all_below_it_as_curl_does(host: str, patterns: list[str]) -> None:
    assert list(bypass_patterns((host,))) == patterns


def proxied(settings: NetworkSettings, url: str) -> bool:
    """Whether the client would go through a proxy for `url`."""
    with open_client(settings) as client:
        transport = client._transport_for_url(httpx.URL(url))
        return "Proxy" in type(getattr(transport, "_pool", None)).__name__


def test_requests_go_through_the_proxy_of_their_scheme() -> None:
    settings = NetworkSettings(proxies=Proxies(http=None, https="http://proxy.invalid:3128"))
    assert proxied(settings, "https://peer.example/")
    assert not proxied(settings, "http://peer.example/")


def test_requests_go_past_the_proxy_where_told() -> None:
    settings = NetworkSettings(
        proxies=Proxies("http://proxy.invalid", "http://proxy.invalid", ("corp.example", "10.0.0.7"))
    )
    assert not proxied(settings, "https://git.corp.example/")
    assert not proxied(settings, "https://corp.example/")
    assert not proxied(settings, "http://10.0.0.7:8080/")
    assert proxied(settings, "https://notcorp.example/")
    everything = settings._replace(proxies=settings.proxies._replace(bypass=("*",)))
    assert not proxied(everything, "https://peer.example/")


def test_the_variables_of_this_process_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    assert not proxied(NetworkSettings(), "https://peer.example/")


def test_a_proxy_may_be_reached_over_tls() -> None:
    settings = NetworkSettings(proxies=Proxies(https="https://proxy.invalid"))
    assert proxied(settings, "https://peer.example/")


@pytest.mark.parametrize("proxy", ["gopher://proxy.invalid", "http://proxy.invalid:port"])
def test_a_proxy_that_cannot_be_used_is_said(proxy: str) -> None:
    with pytest.raises(UndecidedError, match="the configured proxy cannot be used") as caught:
        open_client(NetworkSettings(proxies=Proxies(https=proxy)))
    assert "`http.proxy`" in (caught.value.help or "")


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_certificates_that_cannot_be_used_are_said(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UndecidedError, match="cannot be used") as caught:
        open_client(NetworkSettings(more_certificates=str(path)))
    assert "`http.cainfo`" in (caught.value.help or "")
    with pytest.raises(UndecidedError, match="cannot be used") as caught:
        open_client(NetworkSettings(certificates=str(path)))
    assert "SSL_CERT_FILE" in (caught.value.help or "")
