"""DKIM and ARC signatures of a mail, checked with keys that were looked up before: no network, bounded work."""

import logging
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from yizhan.channels.email.parsing import Headers, split_headers

_MOST_SIGNATURES = 5
_MOST_SEALS = 10
_MAX_SIGNATURE = 6_000  # of one header: whoever writes more wants the reading to be slow
_LONG_BLANK = re.compile(rb"\s{300}")  # nobody folds so; the library reads it in quadratic time
_TAG = re.compile(rb"(?:^|;)\s*([a-z]{1,10})\s*=\s*([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,10}")
_SELECTOR = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,5}")
_AUTHSERV = re.compile(rb"^\s*i\s*=\s*\d+\s*;", re.IGNORECASE)
_SILENT = logging.getLogger("yizhan.dkim")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False  # a library that tells of every stranger's bad signature
_SILENT.setLevel(logging.CRITICAL)

Keys = Mapping[str, str | None]
"""Record name to its text; None where no server answered."""


class Signature(msgspec.Struct, frozen=True):
    """`domain` signed; `result` is pass, fail, permerror, temperror or none. `weak`: part of the mail lies outside."""

    domain: str
    result: str
    weak: bool = False


class Seals(msgspec.Struct, frozen=True):
    """The ARC chain: `sealer` closed it last and says in `claims` (an Authentication-Results) what it saw."""

    result: str = "none"
    sealer: str = ""
    claims: str = ""


class Signatures(msgspec.Struct, frozen=True):
    dkim: tuple[Signature, ...] = ()
    arc: Seals = Seals()


def key_names(headers: Headers) -> tuple[str, ...]:
    """The records to look up before `check`."""
    dkim = [_name(raw) for raw in headers.raw_all("dkim-signature")[:_MOST_SIGNATURES]]
    seals = headers.raw_all("arc-seal")[:_MOST_SEALS] + headers.raw_all("arc-message-signature")[:_MOST_SEALS]
    arc = [_name(raw) for raw in seals] if len(headers.raw_all("arc-seal")) <= _MOST_SEALS else []
    return tuple(dict.fromkeys(name for name in [*dkim, *arc] if name))


def check(raw: bytes, keys: Keys) -> Signatures:
    """Never raises for what is in the mail."""
    headers, body = split_headers(raw, 0, len(raw))
    if _LONG_BLANK.search(raw, 0, body):
        return Signatures()
    written = headers.raw_all("dkim-signature")[:_MOST_SIGNATURES]
    return Signatures(
        tuple(_signature(raw, number, one, keys) for number, one in enumerate(written)), _seals(raw, headers, keys)
    )


def _tags(raw: bytes) -> dict[str, str]:
    if len(raw) > _MAX_SIGNATURE:
        return {}
    return {name.decode().lower(): value.decode("latin-1").strip() for name, value in _TAG.findall(raw)}


def _name(raw: bytes) -> str:
    """`selector._domainkey.domain`, empty where that is no name to ask for."""
    tags = _tags(raw)
    domain, selector = tags.get("d", "").lower(), tags.get("s", "").lower()
    whole = _DOMAIN.fullmatch(domain) and _SELECTOR.fullmatch(selector)
    return f"{selector}._domainkey.{domain}" if whole else ""


def _signature(raw: bytes, number: int, written: bytes, keys: Keys) -> Signature:
    tags = _tags(written)
    domain, name = tags.get("d", "").lower(), _name(written)
    signed = [one.strip().lower() for one in tags.get("h", "").split(":")]
    if not name or "from" not in signed or tags.get("a", "").lower().endswith("sha1"):
        return Signature(domain, "permerror")
    key = keys.get(name)
    if key is None:
        return Signature(domain, "temperror")
    marks = _marks(key)
    if not key or "y" in marks or ("s" in marks and not _is_strict(tags)):
        return Signature(domain, "none" if "y" in marks else "permerror")
    return Signature(domain, _judged(raw, number, key), weak="l" in tags)


def _marks(key: str) -> list[str]:
    return [one.strip() for one in _tags(key.encode("latin-1", "replace")).get("t", "").lower().split(":")]


def _is_strict(tags: dict[str, str]) -> bool:
    return "i" not in tags or tags["i"].rpartition("@")[2].lower() == tags["d"].lower()


def _judged(raw: bytes, number: int, key: str) -> str:
    import dkim

    try:
        checked = dkim.DKIM(raw, logger=_SILENT)
        valid = checked.verify(number, dnsfunc=lambda name, timeout=0: key.encode("latin-1"))
    except dkim.ValidationError:
        return "fail"
    except Exception:  # the library raises what it likes at hostile input
        return "permerror"
    return "pass" if valid else "fail"


def _seals(raw: bytes, headers: Headers, keys: Keys) -> Seals:
    written = headers.raw_all("arc-seal")
    named = [_name(one) for one in (*written, *headers.raw_all("arc-message-signature"))]
    if not written:
        return Seals()
    if len(written) > _MOST_SEALS or not all(named):
        return Seals("permerror")
    if any(keys.get(name) is None for name in named):
        return Seals("temperror")
    return _opened(raw, keys)


def _opened(raw: bytes, keys: Keys) -> Seals:
    import dkim

    def found(name: bytes, timeout: float = 0) -> bytes:
        return (keys.get(name.decode("latin-1").rstrip(".").lower()) or "").encode("latin-1")

    try:
        status, sets, _ = dkim.ARC(raw, logger=_SILENT).verify(dnsfunc=found)
    except Exception:  # the library raises what it likes at hostile input
        return Seals("permerror")
    if status != dkim.CV_Pass:
        return Seals("fail")
    latest: dict[str, Any] = sets[0]
    claims = _AUTHSERV.sub(b"", latest["aar-value"]).decode("latin-1").strip()
    return Seals("pass", latest["as-domain"].decode("latin-1").lower(), claims[:8_000])
