"""From which host our own servers had a mail: the one line of its way that no stranger wrote. Pure."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import msgspec

from yizhan.channels.email.parsing import Headers, decode_text
from yizhan.channels.email.proving.spf_terms import Ip

_FROM = re.compile(r"^\s*from\s+(\S+)(.*?)(?=\sby\s|$)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_ADDRESS = re.compile(
    r"(?<![\w.:])(?:IPv6:)?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:])", re.IGNORECASE
)
_LOCAL = re.compile(r"\swith\s+(lmtps?a?|local)\b", re.IGNORECASE)
_MAX_HOPS = 20
_MAX_LINE = 2_000


class Hop(msgspec.Struct, frozen=True):
    """The host that spoke to ours, and the name it gave itself."""

    ip: Ip
    helo: str


def boundary(headers: Headers, relays: Sequence[str]) -> Hop | None:
    """The first host on the way back that is not ours; None when that cannot be said for certain.

    `relays` are networks of our own servers. Only loopback is ours by itself: who is inside the house may forge.
    """
    own = [*_networks(relays), IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")]
    for raw in headers.raw_all("received")[:_MAX_HOPS]:
        line = decode_text(raw[:_MAX_LINE])
        spoken = _FROM.match(line)
        if spoken is None:
            continue  # within one server: no other host took part
        found = _addresses(spoken[2])
        if not found and _LOCAL.search(line):
            continue
        if len(found) != 1:
            return None
        if any(found[0] in network for network in own if network.version == found[0].version):
            continue
        return Hop(found[0], spoken[1].strip("[]()").lower()) if found[0].is_global else None
    return None


def _addresses(rest: str) -> list[Ip]:
    """What the server wrote about the client stands in brackets after the name; two addresses are one too many."""
    found: list[Ip] = []
    for comment in _COMMENT.findall(rest):
        for text in _ADDRESS.findall(comment):
            try:
                address = ip_address(text)
            except ValueError:
                continue
            if address not in found:
                found.append(address)
    return found


def _networks(relays: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(one, strict=False) for one in relays]
