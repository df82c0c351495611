"""Where an attachment may be fetched from: the instance's own origin, or an https host that everyone can reach.

A ticket comes from strangers, and so may the address of its attachment. It must not make this machine ask its own
services, its network's or its cloud's (169.254.169.254), and no other origin may be shown the credential.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from attrs import field, frozen

from enneo_mind_client.config import Instance, origin_of
from enneo_mind_client.errors import DownloadError
from enneo_mind_client.text import printable

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9.])?")
_NUMBER: Final = re.compile(r".*?(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?")
"""Hosts that end in a number are addresses, as in browsers: 127.1, 0x7f.1 and 2130706433 are this machine to some."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_RESERVED: Final = "%/:?#[]@!$&'()*+,;=~"


@frozen
class Place:
    """An address that may be asked.

    Attributes:
        url: The address as it is sent.
        outside: Whether it is of another origin than the instance, and gets no credential.
    """

    url: str = field(repr=False)
    outside: bool


def locate(link: str, instance: Instance, base: str) -> Place:
    """Return where a link leads that stands at `base`.

    Raises:
        DownloadError: It leads to where nothing is fetched from.
    """
    if not link.isprintable() or "\\" in link:
        raise refused("has characters that no address has")
    url, origin = _absolute(link, base)
    host = _host(origin)
    if origin == instance.origin:
        return Place(url, outside=False)
    if not origin.startswith("https:"):
        raise refused(f"leads to {shown(origin)}: only https is fetched from other hosts than the instance")
    if host != _host(instance.origin):
        _check_literal(host)
    return Place(url, outside=True)


def check_resolved(host: str, addresses: Iterable[str], own_url: str) -> None:
    """Refuse a name that leads to an address which is not public; the engines ask this before they connect.

    Args:
        host: The name.
        addresses: All that it resolves to.
        own_url: The instance's own address, whose host is fetched from wherever it is.

    Raises:
        DownloadError: One of the addresses is private, loopback, link-local, multicast or reserved.
    """
    if host != _host(own_url) and not all(map(is_public, addresses)):
        raise refused(f"leads to {shown(host)}, which is not in the public internet")


def is_public(address: str) -> bool:
    """Return whether everyone can reach an address, also if it is an IPv4 one inside an IPv6 one."""
    ip = _unwrapped(ipaddress.ip_address(address))
    odd = ip.is_multicast or ip.is_reserved or (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local)
    return ip.is_global and not odd


def refused(why: str) -> DownloadError:
    """Return the error for an address that is not fetched from."""
    return DownloadError(f"The attachment's address {why}.", kind="address")


def shown(place: str) -> str:
    """Return a host or origin as it may stand in a message; a whole address may hold a signature."""
    return printable(place)[:100]


def _absolute(link: str, base: str) -> tuple[str, str]:
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        origin = origin_of(parts.geturl())
    except ValueError:
        raise refused("is none") from None
    if parts.username is not None:
        raise refused("holds a user name")
    if origin is None or not _is_host(_host(origin)):
        raise refused("is no http(s) address")
    query = f"?{quote(parts.query, safe=_RESERVED)}" if parts.query else ""
    return origin + quote(parts.path or "/", safe=_RESERVED) + query, origin


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_host(host: str) -> bool:
    return _literal(host) is not None or bool(_HOST.fullmatch(host) and not _NUMBER.fullmatch(host))


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check_literal(host: str) -> None:
    if _literal(host) is not None and not is_public(host):
        raise refused(f"leads to {shown(host)}, which is not in the public internet")


def _unwrapped(ip: _Address) -> _Address:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1] or ip
