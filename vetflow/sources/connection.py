"""An httpx client that reaches the network the way this machine's settings say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from vetflow.errors import UndecidedError
from vetflow.sources.endpoints import USER_AGENT
from vetflow.sources.network_settings import NetworkSettings, Proxies

if TYPE_CHECKING:
    import ssl

    import httpx

_LONGEST_CONNECT: Final = 10.0
CONNECTIONS: Final = 16
"""How many requests are under way at once."""


def open_client(settings: NetworkSettings, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client with a pool of connections. transport: in place of the network, for tests.

    It follows no redirects, accepts no cookies and reads no environment of its own. Raises UndecidedError
    when a certificate file or a proxy's address cannot be used.
    """
    from http.cookiejar import CookieJar, DefaultCookiePolicy  # noqa: PLC0415  as httpx

    import httpx  # noqa: PLC0415  heavy, and only needed where something is fetched

    mounts: Mapping[str, httpx.BaseTransport | None] = {}
    if transport is None:
        context = _tls_context(settings)
        transport = httpx.HTTPTransport(verify=context, trust_env=False, limits=_limits())
        mounts = _mounts(settings.proxies, context)
    return httpx.Client(
        transport=transport,
        mounts=mounts,
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=httpx.Timeout(settings.timeout, connect=min(settings.timeout, _LONGEST_CONNECT), pool=None),
        follow_redirects=False,
        trust_env=False,
    )


def _limits() -> httpx.Limits:
    import httpx  # noqa: PLC0415  see open_client

    return httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)


def _mounts(proxies: Proxies, context: ssl.SSLContext) -> dict[str, httpx.BaseTransport | None]:
    """Return which URL patterns of httpx go through which proxy; None is the direct way."""
    if "*" in proxies.bypass:
        return {}
    mounts: dict[str, httpx.BaseTransport | None] = {}
    for scheme, proxy in (("http", proxies.http), ("https", proxies.https)):
        if proxy is not None:
            mounts[f"{scheme}://"] = _proxy_transport(proxy, context)
    if mounts:
        mounts.update(dict.fromkeys(bypass_patterns(proxies.bypass)))
    return mounts


def _proxy_transport(proxy: str, context: ssl.SSLContext) -> httpx.BaseTransport:
    import httpx  # noqa: PLC0415  see open_client

    try:
        return httpx.HTTPTransport(
            verify=context,
            trust_env=False,
            limits=_limits(),
            proxy=httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https:") else None),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise UndecidedError(
            "the configured proxy cannot be used",
            help="check cargo's `http.proxy` and the variables HTTPS_PROXY, HTTP_PROXY and ALL_PROXY",
            causes=(str(error),),
        ) from None


def bypass_patterns(hosts: tuple[str, ...]) -> Iterator[str]:
    """Yield httpx's patterns for what `NO_PROXY` lists: a name stands for all below it, too, as with curl."""
    for host in hosts:
        name = host.removeprefix("*").removeprefix(".")
        if name.count(":") > 1 and not name.startswith("["):
            yield f"all://[{name}]"  # an IPv6 address
        elif name.replace(".", "").replace(":", "").isdigit() or name == "localhost":
            yield f"all://{name}"
        elif name:
            yield f"all://*{name}"


def _tls_context(settings: NetworkSettings) -> ssl.SSLContext:
    import ssl  # noqa: PLC0415  see open_client

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.certificates is not None:
        _load(context, settings.certificates, "SSL_CERT_FILE")
    elif _system_has_certificates(ssl.get_default_verify_paths()):
        context.load_default_certs()
    else:
        import certifi  # noqa: PLC0415  only on systems that bring none; httpx depends on it

        context.load_verify_locations(certifi.where())
    if settings.more_certificates is not None:
        _load(context, settings.more_certificates, "cargo's `http.cainfo`")
    return context


def _system_has_certificates(paths: ssl.DefaultVerifyPaths) -> bool:
    """Whether OpenSSL finds authorities by itself."""
    try:
        return bool(paths.cafile or os.listdir(paths.capath or ""))
    except OSError:
        return False


def _load(context: ssl.SSLContext, path: str, named_by: str) -> None:
    try:
        context.load_verify_locations(path)
    except OSError as error:  # also what OpenSSL says of a file that holds no certificates
        raise UndecidedError(
            f"the certificates in {path} cannot be used",
            help=f"correct {named_by}, which names this file",
            causes=(error.strerror or str(error),),
        ) from None
