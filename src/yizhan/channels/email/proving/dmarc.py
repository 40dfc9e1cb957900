"""What the domain in From says about mail in its name (RFC 9989): its record, its organisation, who is aligned."""

import re

import msgspec

from yizhan.channels.email.proving.ports import Dns

_RECORD = re.compile(r"v=DMARC1\s*(?:;|$)")  # the one tag that is read with regard to case
_MOST_LABELS = 8


class Policy(msgspec.Struct, frozen=True):
    """`published` False: the domain says nothing. `organisation` bounds what counts as the same house."""

    published: bool
    organisation: str
    wish: str = "none"
    strict_dkim: bool = False
    strict_spf: bool = False


async def policy_of(dns: Dns, domain: str) -> Policy:
    """By walking up the tree of names. Raises DnsTrouble."""
    found = await _walk(dns, domain)
    organisation = _organisation(domain, found)
    tags = found.get(domain) or found.get(organisation)
    if tags is None:
        return Policy(False, organisation)
    wish = tags.get("p", "none") if domain in found or domain == organisation else tags.get("sp", tags.get("p", "none"))
    return Policy(True, organisation, wish, tags.get("adkim", "r") == "s", tags.get("aspf", "r") == "s")


async def organisation_of(dns: Dns, domain: str) -> str:
    return _organisation(domain, await _walk(dns, domain))


async def aligned(dns: Dns, policy: Policy, author: str, proved: str, *, strict: bool) -> bool:
    """Whether `proved` may speak for `author`."""
    if author == proved:
        return True
    if strict or policy.organisation.rpartition(".")[2] != proved.rpartition(".")[2]:
        return False
    return policy.organisation == await organisation_of(dns, proved)


def vouches(author: str, proved: str) -> bool:
    """Without any record: the very domain, or the one it lies beneath, which can make names in it as it likes."""
    return author == proved or (proved.count(".") >= 1 and author.endswith(f".{proved}"))


async def _walk(dns: Dns, domain: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    labels = domain.split(".")
    while labels:
        name = ".".join(labels)
        records = [text for text in await dns.look_up(f"_dmarc.{name}", "TXT") if _RECORD.match(text)]
        if len(records) == 1:
            found[name] = _tags(records[0])
            if found[name].get("psd") in ("y", "n"):
                break
        labels = labels[1:] if len(labels) <= _MOST_LABELS else labels[-(_MOST_LABELS - 1) :]
    return found


def _organisation(domain: str, found: dict[str, dict[str, str]]) -> str:
    if not found:
        return domain
    highest = min(found, key=lambda name: name.count("."))
    if found[highest].get("psd") == "y" and highest != domain:
        below = domain.removesuffix(f".{highest}").rpartition(".")[2]
        return f"{below}.{highest}"
    return highest


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs if value}
