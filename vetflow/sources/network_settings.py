"""How this machine reaches the network: decided from cargo's configuration and the environment.

Pure. cargo's keys are `http.proxy`, `http.cainfo`, `http.timeout`, `net.retry`, `net.offline`, each with its
`CARGO_…` variable; the variables of other programs come after them (`HTTPS_PROXY`, `NO_PROXY`,
`SSL_CERT_FILE`, …).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import UsageError

API_INTERVAL: Final = "VETFLOW_API_INTERVAL"
"""The variable that sets the seconds between requests to the web API, for tests and for mirrors."""
_API_SECONDS: Final = 1.0
_TIMEOUT: Final = 30.0
_RETRIES: Final = 3
_MOST_RETRIES: Final = 10
_FALSE: Final = ("", "0", "false", "no", "off")


class Proxies(NamedTuple):
    """Which proxy requests go through. http, https: its URL by the scheme of what is fetched, None for none.

    bypass: hosts reached without it, as `NO_PROXY` lists them; `*` is all.
    """

    http: str | None = None
    https: str | None = None
    bypass: tuple[str, ...] = ()


class NetworkSettings(NamedTuple):
    """Settings of one run. Times are seconds.

    certificates: a file that stands in for the system's certificate authorities. more_certificates: a file of
    further ones. retries: how often a request is repeated that failed for a reason that may pass.
    """

    proxies: Proxies = Proxies()
    certificates: str | None = None
    more_certificates: str | None = None
    timeout: float = _TIMEOUT
    retries: int = _RETRIES
    api_interval: float = _API_SECONDS
    offline: bool = False


def network_settings(config: Mapping[str, Any], environ: Mapping[str, str], cwd: str) -> NetworkSettings:
    """Return the settings. config: cargo's, merged; cwd: what relative paths in variables start from.

    A value of cargo's that makes no sense counts as absent: cargo itself complains. Raises UsageError for one
    of ours.
    """
    http, net = _table(config, "http"), _table(config, "net")
    return NetworkSettings(
        proxies=_proxies(http, environ),
        certificates=_path(environ.get("SSL_CERT_FILE"), cwd),
        more_certificates=_path(environ.get("CARGO_HTTP_CAINFO"), cwd) or _text(http, "cainfo"),
        timeout=_number(environ, ("CARGO_HTTP_TIMEOUT", "HTTP_TIMEOUT"), http.get("timeout"), _TIMEOUT) or _TIMEOUT,
        retries=int(min(_MOST_RETRIES, _number(environ, ("CARGO_NET_RETRY",), net.get("retry"), _RETRIES))),
        api_interval=_api_interval(environ),
        offline=_is_offline(net, environ),
    )


def _proxies(http: Mapping[str, Any], environ: Mapping[str, str]) -> Proxies:
    """Find the proxies. Lower-case variables win, as with curl; cargo's own setting is for both schemes."""
    bypass = tuple(host.strip().lower() for host in _variable(environ, "no_proxy").split(",") if host.strip())
    every = environ.get("CARGO_HTTP_PROXY") or _text(http, "proxy")
    if every is not None:
        return Proxies(_proxy_url(every), _proxy_url(every), bypass)
    fallback = _variable(environ, "all_proxy")
    return Proxies(
        http=_proxy_url(_variable(environ, "http_proxy") or fallback),
        https=_proxy_url(_variable(environ, "https_proxy") or fallback),
        bypass=bypass,
    )


def _variable(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.upper()) or ""


def _proxy_url(text: str) -> str | None:
    return text if "://" in text else f"http://{text}" if text else None


def _path(text: str | None, base: str) -> str | None:
    return os.path.join(base, text) if text else None


def _number(environ: Mapping[str, str], names: tuple[str, ...], configured: Any, default: float) -> float:
    """Return the first variable that is a whole number, else the configured value, else the default."""
    for name in names:
        if (text := environ.get(name, "")).isascii() and text.isdigit():
            return float(text)
    is_number = isinstance(configured, int) and not isinstance(configured, bool) and configured >= 0
    return float(configured) if is_number else default


def _is_offline(net: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    variable = environ.get("CARGO_NET_OFFLINE")
    return net.get("offline") is True if variable is None else variable.lower() not in _FALSE


def _api_interval(environ: Mapping[str, str]) -> float:
    text = environ.get(API_INTERVAL)
    if text is None:
        return _API_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(
            f"{API_INTERVAL} is '{text}', which is no number of seconds",
            help="set it to a number from 0 on, or unset it",
        )
    return seconds


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = config.get(key)
    return table if isinstance(table, dict) else {}


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) and value else None
