"""From single results to one verdict about the sender. Pure but for the names alignment asks for."""

from collections.abc import Collection, Sequence

import msgspec

from yizhan.channels.email.model import AuthMethod, AuthResults, ParsedMail, SenderProof, Verdict
from yizhan.channels.email.parsing import read_results_line
from yizhan.channels.email.proving import dmarc
from yizhan.channels.email.proving.ports import Dns, DnsTrouble
from yizhan.channels.email.proving.signatures import Seals, Signature

_DEFINITE = ("fail", "permerror")


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")


def by_server(mail: ParsedMail, authserv_ids: Collection[str]) -> SenderProof | None:
    """What our own receiving host found; None where it said nothing.

    Only its topmost line counts: anybody can write the ones below, and a server removes forged ones with its name.
    """
    own = {one.lower() for one in authserv_ids}
    said = next((one for one in mail.auth if one.authserv_id in own), None)
    if said is None:
        return None
    results = said.results
    spf, dkim, judged, arc = (results.get(method, "none") for method in ("spf", "dkim", "dmarc", "arc"))
    proof = SenderProof(spf=spf, dkim=dkim, dmarc=judged, arc=arc, by="server")
    return _concluded(mail, proof, _proved_by(said, domain_of(mail.from_.email)))


def _proved_by(said: AuthResults, author: str) -> str:
    """The domain a server's words prove, if it may speak for the author."""
    for one in said.methods:
        proved = _domain_in(one, author)
        if one.result == "pass" and author and proved and dmarc.vouches(author, proved):
            return proved
    return ""


def _domain_in(one: AuthMethod, author: str) -> str:
    """DMARC is about the author by its nature; the others say whom they found."""
    properties = one.properties
    if one.method == "dmarc":
        return domain_of(properties.get("header.from", author))
    if one.method == "dkim":
        return domain_of(properties.get("header.d") or properties.get("header.i", ""))
    if one.method == "spf":
        return domain_of(properties.get("smtp.mailfrom") or properties.get("smtp.mail", ""))
    return ""


def _concluded(mail: ParsedMail, proof: SenderProof, proved: str) -> SenderProof:
    if mail.authors != 1:
        verdict, proved = Verdict.FAILED, ""
    elif proved and proof.dmarc not in _DEFINITE:
        verdict = Verdict.PASSED
    elif proof.dmarc in _DEFINITE:
        verdict, proved = Verdict.FAILED, ""
    else:
        verdict, proved = Verdict.UNPROVED, ""
    return msgspec.structs.replace(proof, verdict=verdict, domain=proved)


async def by_ourselves(
    dns: Dns, mail: ParsedMail, spf: str, spf_domain: str, signatures: Sequence[Signature], seals: Seals,
    sealers: Collection[str],
) -> SenderProof:  # fmt: skip
    """Puts together what was found. `sealers` are forwarders whose word about a mail they passed on is taken."""
    author = domain_of(mail.from_.email)
    good = [one.domain for one in signatures if one.result == "pass" and not one.weak]
    dkim = "pass" if good else signatures[0].result if signatures else "none"
    proof = SenderProof(spf=spf, dkim=dkim, arc=seals.result, by="own")
    passing = [*good, *([spf_domain] if spf == "pass" and spf_domain else [])]
    proved = next((one for one in passing if dmarc.vouches(author, one)), "") if author else ""
    try:
        judged, domain = await _dmarc(dns, author, good, spf_domain if spf == "pass" else "")
    except DnsTrouble:
        judged, domain = "temperror", ""
    if judged == "fail" and any(one.result == "temperror" for one in signatures):
        judged = "temperror"  # the key that might have proved it was not to be had
    proof = msgspec.structs.replace(proof, dmarc=judged)
    vouched = _sealed(seals, sealers, author) if judged not in ("pass", "temperror") else ""
    if vouched:
        return _concluded(mail, msgspec.structs.replace(proof, dmarc="none"), vouched)
    return _concluded(mail, proof, domain or proved)


async def _dmarc(dns: Dns, author: str, signed: Sequence[str], sent: str) -> tuple[str, str]:
    """pass with the domain that proved it, fail, or none where the author's domain says nothing."""
    if not author:
        return "none", ""
    policy = await dmarc.policy_of(dns, author)
    if not policy.published:
        return "none", ""
    for domain in signed:
        if await dmarc.aligned(dns, policy, author, domain, strict=policy.strict_dkim):
            return "pass", domain
    if sent and await dmarc.aligned(dns, policy, author, sent, strict=policy.strict_spf):
        return "pass", sent
    return "fail", ""


def _sealed(seals: Seals, sealers: Collection[str], author: str) -> str:
    if seals.result != "pass" or seals.sealer not in {one.lower() for one in sealers}:
        return ""
    return _proved_by(read_results_line(seals.claims), author)
