"""Is a mail from whom it says? Our receiving host's word, else our own look at signatures and the mail's way."""

import asyncio
from collections.abc import Awaitable, Callable

from yizhan.channels.email.model import ParsedMail, SenderProof
from yizhan.channels.email.parsing import Headers, split_headers
from yizhan.channels.email.proving.hops import boundary
from yizhan.channels.email.proving.judging import by_ourselves, by_server, domain_of
from yizhan.channels.email.proving.ports import Dns, DnsTrouble
from yizhan.channels.email.proving.signatures import Keys, Signatures, key_names
from yizhan.channels.email.proving.spf import check_host
from yizhan.channels.email.settings import MailSettings

_SECONDS = 12.0  # a customer's mail does not wait longer for other people's name servers

Check = Callable[[bytes, Keys], Awaitable[Signatures]]
"""`signatures.check`, wherever it is run."""


async def prove_sender(mail: ParsedMail, settings: MailSettings, dns: Dns, check: Check) -> SenderProof:
    """Never raises for what is in a mail or on the net: what cannot be found out is not proved."""
    said = by_server(mail, settings.authserv_ids)
    if said is not None:
        return said
    try:
        async with asyncio.timeout(_SECONDS):
            return await _looked(mail, settings, dns, check)
    except TimeoutError:
        return SenderProof(dmarc="temperror", by="own")


async def _looked(mail: ParsedMail, settings: MailSettings, dns: Dns, check: Check) -> SenderProof:
    headers, _ = split_headers(mail.raw, 0, len(mail.raw))
    (spf, spf_domain), signatures = await asyncio.gather(
        _spf(mail, headers, settings, dns), _signatures(mail, headers, dns, check)
    )
    return await by_ourselves(dns, mail, spf, spf_domain, signatures.dkim, signatures.arc, settings.arc_sealers)


async def _spf(mail: ParsedMail, headers: Headers, settings: MailSettings, dns: Dns) -> tuple[str, str]:
    """The result and the domain it speaks for."""
    hop = boundary(headers, settings.relays)
    if hop is None or mail.return_path is None:
        return "none", ""
    domain = domain_of(mail.return_path) or hop.helo
    result = await check_host(dns, hop.ip, domain, mail.return_path or f"postmaster@{hop.helo}", hop.helo)
    return result, domain


async def _signatures(mail: ParsedMail, headers: Headers, dns: Dns, check: Check) -> Signatures:
    names = key_names(headers)
    if not names or mail.truncated:
        return Signatures()
    found = await asyncio.gather(*(_key(dns, name) for name in names))
    return await check(mail.raw, dict(zip(names, found, strict=True)))


async def _key(dns: Dns, name: str) -> str | None:
    try:
        rows = await dns.look_up(name, "TXT")
    except DnsTrouble:
        return None
    return rows[0] if rows else ""
