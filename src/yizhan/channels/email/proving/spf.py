"""Whether a host may send for a domain (RFC 7208), asked afterwards of what the mail tells about its way."""

import re
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import msgspec

from yizhan.channels.email.proving.ports import Dns, DnsTrouble
from yizhan.channels.email.proving.spf_terms import (
    Asked,
    BadRecord,
    Ip,
    Record,
    Term,
    expand,
    is_record,
    read_record,
    wants_name,
)

_MOST_LOOKUPS = 10
_MOST_VOID = 2
_MOST_NAMES = 10
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[^.\s]{1,63}\.)+[^.\s]{1,63}")


async def check_host(dns: Dns, ip: Ip, domain: str, sender: str, helo: str) -> str:
    """none, neutral, pass, fail, softfail, temperror or permerror."""
    domain = domain.rstrip(".").lower()
    local, _, _ = sender.rpartition("@")
    asked = Asked(_mapped(ip), sender if local else f"postmaster@{sender.lstrip('@') or domain}", helo)
    check = _Check(dns, asked)
    try:
        return await check.domain(domain)
    except BadRecord:
        return "permerror"
    except DnsTrouble:
        return "temperror"


def _mapped(ip: Ip) -> Ip:
    return ip.ipv4_mapped or ip if ip.version == 6 else ip


class _Check:
    """One evaluation with what it has spent: ten lookups, two of them without an answer."""

    def __init__(self, dns: Dns, asked: Asked) -> None:
        self._dns = dns
        self._asked = asked
        self._lookups = 0
        self._void = 0
        self._ways: dict[str, Callable[[Term, str], Awaitable[bool]]] = {
            "all": self._all, "ip4": self._network, "ip6": self._network, "a": self._a, "mx": self._mx,
            "exists": self._exists, "include": self._include, "ptr": self._ptr,
        }  # fmt: skip

    async def domain(self, domain: str) -> str:
        if not _DOMAIN.fullmatch(domain):
            return "none"
        record = await self._record(domain)
        if record is None:
            return "none"
        for term in record.terms:
            if await self._ways[term.name](term, domain):
                return term.result
        if not record.redirect:
            return "neutral"
        self._spend()
        result = await self.domain(await self._meant(record.redirect, domain))
        if result == "none":
            raise BadRecord("redirect leads nowhere")
        return result

    async def _record(self, domain: str) -> Record | None:
        found = [text for text in await self._dns.look_up(domain, "TXT") if is_record(text)]
        if len(found) > 1:
            raise BadRecord("two records")
        return read_record(found[0]) if found else None

    def _spend(self) -> None:
        self._lookups += 1
        if self._lookups > _MOST_LOOKUPS:
            raise BadRecord("too many lookups")

    async def _addresses(self, name: str) -> list[Ip]:
        """Of the family that is asked about. The third name without an answer ends the check."""
        kind = self._asked.ip.version
        found = await self._dns.look_up(name, "A" if kind == 4 else "AAAA")
        self._note(found)
        return [ip_address(one) for one in found]

    def _note(self, found: tuple[str, ...]) -> None:
        self._void += not found
        if self._void > _MOST_VOID:
            raise BadRecord("too many names that are not there")

    async def _meant(self, written: str, domain: str) -> str:
        if not written:
            return domain
        asked = self._asked
        if wants_name(written):
            asked = msgspec.structs.replace(asked, name=await self._own_name(domain))
        return expand(written, domain, asked).rstrip(".")

    async def _all(self, term: Term, domain: str) -> bool:
        return True

    async def _network(self, term: Term, domain: str) -> bool:
        network = ip_network(f"{term.value}/{term.prefix4}", strict=False)
        return network.version == self._asked.ip.version and self._asked.ip in network

    async def _a(self, term: Term, domain: str) -> bool:
        self._spend()
        name = await self._meant(term.value, domain)
        return any(self._covers(one, term) for one in await self._addresses(name))

    async def _mx(self, term: Term, domain: str) -> bool:
        self._spend()
        hosts = await self._dns.look_up(await self._meant(term.value, domain), "MX")
        self._note(hosts)
        if len(hosts) > _MOST_NAMES:
            raise BadRecord("too many hosts")
        for host in hosts:
            if any(self._covers(one, term) for one in await self._addresses(host)):
                return True
        return False

    def _covers(self, address: Ip, term: Term) -> bool:
        kind, length = (IPv4Network, term.prefix4) if address.version == 4 else (IPv6Network, term.prefix6)
        return self._asked.ip in kind(f"{address}/{length}", strict=False)

    async def _exists(self, term: Term, domain: str) -> bool:
        self._spend()
        found = await self._dns.look_up(await self._meant(term.value, domain), "A")
        self._note(found)
        return bool(found)

    async def _include(self, term: Term, domain: str) -> bool:
        self._spend()
        result = await self.domain(await self._meant(term.value, domain))
        if result == "none":
            raise BadRecord("include leads nowhere")
        return result == "pass"

    async def _ptr(self, term: Term, domain: str) -> bool:
        self._spend()
        wanted = (await self._meant(term.value, domain)).lower()
        return any(name == wanted or name.endswith(f".{wanted}") for name in await self._own_names())

    async def _own_name(self, domain: str) -> str:
        names = await self._own_names()
        fitting = [name for name in names if name == domain or name.endswith(f".{domain}")]
        return next(iter(sorted(fitting, key=lambda name: name != domain) or names), "unknown")

    async def _own_names(self) -> list[str]:
        """Names of the address that lead back to it; trouble with them is no trouble of the check."""
        try:
            found = await self._dns.look_up(self._asked.ip.reverse_pointer, "PTR")
        except DnsTrouble:
            return []
        kept: list[str] = []
        for name in found[:_MOST_NAMES]:
            try:
                back = await self._dns.look_up(name, "A" if self._asked.ip.version == 4 else "AAAA")
            except DnsTrouble:
                continue
            if any(ip_address(one) == self._asked.ip for one in back):
                kept.append(name.rstrip(".").lower())
        return kept
