"""Which addresses may be called: the public internet, and what the operator named."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yizhan.foundation.errors import DomainError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

# Public by number, but answered by the host that runs us: Azure's agent, Oracle's metadata.
_HOSTERS = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_V4_COMPATIBLE = IPv6Network("::/96")


class HttpRefused(DomainError):  # noqa: N818 - a word of the domain
    """The URL is not one we call. The message does not tell what lies behind it."""

    code = "url_refused"


class Guard:
    """Holds the allow list: host names, `*.suffix`, addresses and networks; `host:port` allows that one port."""

    def __init__(self, allow: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._names: set[str] = set()
        self._suffixes: list[str] = []
        self._networks: list[Network] = []
        self._resolve = resolve or _system_resolve
        for entry in allow:
            self._add(entry.strip().lower())

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses to call for a host, all of them checked. One bad address among good ones refuses the host."""
        found = await self._resolve(host, port)
        if not found:
            raise HttpRefused(f"{host} has no address")
        if not self._is_named(host, port) and not all(self._may_call(ip_address(address)) for address in found):
            raise HttpRefused(f"{host} is not on the public internet")
        return found

    def _add(self, entry: str) -> None:
        try:
            self._networks.append(ip_network(entry, strict=False))
        except ValueError:
            if entry.startswith("*."):
                self._suffixes.append(entry[1:])
            else:
                self._names.add(entry)

    def _is_named(self, host: str, port: int) -> bool:
        name = host.lower().rstrip(".")
        if name in self._names or f"{name}:{port}" in self._names:
            return True
        return any(name.endswith(suffix) for suffix in self._suffixes)

    def _may_call(self, address: Address) -> bool:
        inner = _embedded(address)
        if any(address in network or inner in network for network in self._networks):
            return True
        return is_public(address)


def is_public(address: Address) -> bool:
    """True for an address anyone on the internet could reach; an IPv4 address inside an IPv6 one is what counts."""
    inner = _embedded(address)
    return (
        inner.is_global
        and not inner.is_multicast
        and not inner.is_reserved
        and not inner.is_unspecified
        and not any(inner in network for network in _HOSTERS)
    )


def _embedded(address: Address) -> Address:
    """The IPv4 address that a translating or tunnelling IPv6 address leads to, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in (*_NAT64, _V4_COMPATIBLE)) and address.packed[12:] != b"\0\0\0\1":
        return IPv4Address(address.packed[12:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


async def _system_resolve(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
