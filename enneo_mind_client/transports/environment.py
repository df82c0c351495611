"""What the machine says about reaching others: proxies and trusted certificates. Asked once for each engine."""

import ssl
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi

from enneo_mind_client.errors import ConfigurationError

_SCHEMES: Final = ("http", "https")


def proxy_for(url: str) -> str | None:
    """Return the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` ask for; None for a direct connection.

    Raises:
        ConfigurationError: It is of another kind than http or https.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname or proxy_bypass(parts.hostname):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return None if not proxy else _checked(proxy if "://" in proxy else f"http://{proxy}")


def _checked(proxy: str) -> str:
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            "The proxy that the environment names is no http(s) address: mend HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, "
            "or set NO_PROXY."
        )
    return proxy


def without_password(proxy: str) -> str:
    """Return a proxy's address as it may be shown."""
    parts = urlsplit(proxy)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts the machine's own authorities and certifi's, or those of `SSL_CERT_FILE` alone."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not _overridden(paths):
        context.load_verify_locations(certifi.where())
    return context


def _overridden(paths: ssl.DefaultVerifyPaths) -> bool:
    return paths.cafile not in (None, paths.openssl_cafile) or paths.capath not in (None, paths.openssl_capath)
