"""Proxy, certificates, patience: from cargo's configuration first, then from everybody's variables."""

from __future__ import annotations

from typing import Any

import pytest

from vetflow.errors import UsageError
from vetflow.sources.network_settings import NetworkSettings, Proxies, network_settings


def settings(config: dict[str, Any] | None = None, **environ: str) -> NetworkSettings:
    return network_settings(config or {}, environ, "/work/project")


def test_without_anything_said_the_defaults_hold() -> None:
    assert settings() == NetworkSettings(
        proxies=Proxies(None, None, ()),
        certificates=None,
        more_certificates=None,
        timeout=30.0,
        retries=3,
        api_interval=1.0,
        offline=False,
    )


def test_cargos_proxy_is_for_both_schemes_and_before_the_variables() -> None:
    config = {"http": {"proxy": "proxy.example:3128"}}
    assert settings(config, HTTPS_PROXY="http://other.example") == settings(config)
    assert settings(config).proxies == Proxies("http://proxy.example:3128", "http://proxy.example:3128")


def test_cargos_variable_is_before_its_configuration() -> None:
    config = {"http": {"proxy": "proxy.example:3128"}}
    assert settings(config, CARGO_HTTP_PROXY="socks5://a.example").proxies.https == "socks5://a.example"


def test_the_usual_variables_are_by_scheme_and_lower_case_wins() -> None:
    proxies = settings(
        http_proxy="one.example", HTTP_PROXY="http://two.example", HTTPS_PROXY="https://three.example"
    ).proxies
    assert (proxies.http, proxies.https) == ("http://one.example", "https://three.example")
    assert settings(ALL_PROXY="http://all.example", https_proxy="http://one.example").proxies == Proxies(
        "http://all.example", "http://one.example"
    )


def test_hosts_are_reached_directly_also_past_cargos_proxy() -> None:
    config = {"http": {"proxy": "http://proxy.example"}}
    assert settings(config, NO_PROXY="Localhost, .corp.example,,").proxies.bypass == (
        "localhost",
        ".corp.example",
    )


def test_certificates_come_from_cargo_and_from_openssls_variable() -> None:
    config = {"http": {"cainfo": "/etc/ca.pem"}}
    assert settings(config).more_certificates == "/etc/ca.pem"
    both = settings(config, CARGO_HTTP_CAINFO="ca/own.pem", SSL_CERT_FILE="/etc/all.pem")
    assert both.more_certificates == "/work/project/ca/own.pem"
    assert both.certificates == "/etc/all.pem"


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        ({"http": {"timeout": 5}}, {}, 5.0),
        ({"http": {"timeout": 5}}, {"HTTP_TIMEOUT": "7"}, 7.0),
        ({}, {"HTTP_TIMEOUT": "7", "CARGO_HTTP_TIMEOUT": "9"}, 9.0),
        ({"http": {"timeout": 0}}, {}, 30.0),
        ({"http": {"timeout": -1}}, {}, 30.0),
        ({"http": {"timeout": True}}, {}, 30.0),
        ({"http": {"timeout": "5"}}, {"HTTP_TIMEOUT": "soon"}, 30.0),
        ({"http": 7}, {}, 30.0),
    ],
)
def test_the_time_out_is_cargos(config: dict[str, Any], environ: dict[str, str], expected: float) -> None:
    assert settings(config, **environ).timeout == expected


def test_retries_are_cargos_and_bounded() -> None:
    assert settings({"net": {"retry": 0}}).retries == 0
    assert settings({"net": {"retry": 7}}).retries == 7
    assert settings({"net": {"retry": 7}}, CARGO_NET_RETRY="1").retries == 1
    assert settings(CARGO_NET_RETRY="1000000").retries == 10


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        ({"net": {"offline": True}}, {}, True),
        ({"net": {"offline": "true"}}, {}, False),
        ({"net": {"offline": True}}, {"CARGO_NET_OFFLINE": "false"}, False),
        ({}, {"CARGO_NET_OFFLINE": "true"}, True),
        ({}, {"CARGO_NET_OFFLINE": ""}, False),
    ],
)
def test_offline_is_cargos_too(config: dict[str, Any], environ: dict[str, str], *, expected: bool) -> None:
    assert settings(config, **environ).offline is expected


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("0.25", 0.25), ("3", 3.0)])
def test_the_pace_of_the_web_api_can_be_set(text: str, seconds: float) -> None:
    assert settings(VETFLOW_API_INTERVAL=text).api_interval == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "nan", "inf"])
def test_a_pace_that_is_none_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="VETFLOW_API_INTERVAL"):
        settings(VETFLOW_API_INTERVAL=text)
