"""An SPF record read into its terms, and macros put in (RFC 7208, 5 to 7). Pure."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

import msgspec

_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.*))?", re.IGNORECASE | re.DOTALL)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_PREFIXES = re.compile(r"^(.*?)(?:/(0|[1-9]\d{0,2}))?(?://(0|[1-9]\d{0,2}))?$", re.DOTALL)
_IN_BRACES = r"([slodiphcrtvSLODIPHCRTV])(\d*)([rR]?)([.+,/_=-]*)"
_MACRO = re.compile(rf"%(?:\{{{_IN_BRACES}\}}|([%_-]))")
_TOP_LABEL = re.compile(r"(?:.*\.)?(?=[A-Za-z0-9-]*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?", re.DOTALL)
_MAX_RECORD = 4_096
_MAX_NAME = 253
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}

Ip = IPv4Address | IPv6Address


class BadRecord(Exception):  # noqa: N818 - the record's fault, not ours
    """The record cannot be read: permerror."""


class Term(msgspec.Struct, frozen=True):
    """One mechanism: what it says when it matches, its name, its domain or network as written, its prefix lengths."""

    result: str
    name: str
    value: str
    prefix4: int
    prefix6: int


class Record(msgspec.Struct, frozen=True):
    terms: tuple[Term, ...]
    redirect: str


class Asked(msgspec.Struct, frozen=True):
    """Whom the check is about; `name` is the validated name of `ip`, for the one macro that wants it."""

    ip: Ip
    sender: str
    helo: str
    name: str = "unknown"


def is_record(text: str) -> bool:
    return _VERSION.match(text) is not None


def read_record(text: str) -> Record:
    if not text.isascii() or len(text) > _MAX_RECORD:
        raise BadRecord("letters")
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    for word in text.split(" ")[1:]:
        if not word:
            continue
        directive = _DIRECTIVE.fullmatch(word)
        modifier = _MODIFIER.fullmatch(word)
        if directive is not None:
            terms.append(_term(*directive.groups()))
        elif modifier is not None:
            name = modifier[1].lower()
            if name in modifiers and name in ("redirect", "exp"):
                raise BadRecord(f"{name} twice")
            modifiers[name] = modifier[2]
            (_check_domain if name in ("redirect", "exp") else _check_macros)(modifier[2])
        else:
            raise BadRecord(word[:50])
    return Record(tuple(terms), modifiers.get("redirect", ""))


def _term(sign: str, name: str, mark: str | None, rest: str | None) -> Term:
    name = name.lower()
    result = RESULTS[sign or "+"]
    if name == "all":
        if mark:
            raise BadRecord("all takes nothing")
        return Term(result, name, "", 0, 0)
    if name in ("ip4", "ip6"):
        return _network(result, name, mark, rest or "")
    if name in ("a", "mx"):
        return _with_prefixes(result, name, mark, rest or "")
    if mark == "/" or (name != "ptr" and mark is None):
        raise BadRecord(f"{name} needs a domain")
    if mark == ":":
        _check_domain(rest or "")
    return Term(result, name, rest or "", 32, 128)


def _network(result: str, name: str, mark: str | None, rest: str) -> Term:
    address, slash, prefix = rest.partition("/")
    kind, widest = (IPv4Address, 32) if name == "ip4" else (IPv6Address, 128)
    if mark != ":" or (slash and not re.fullmatch(r"0|[1-9]\d{0,2}", prefix)) or int(prefix or 0) > widest:
        raise BadRecord(name)
    try:
        kind(address)
    except ValueError as wrong:
        raise BadRecord(name) from wrong
    length = int(prefix) if slash else widest
    return Term(result, name, address, length, length)


def _with_prefixes(result: str, name: str, mark: str | None, rest: str) -> Term:
    written = f"/{rest}" if mark == "/" else rest
    found = _PREFIXES.match(written)
    domain, four, six = found.groups() if found else (written, None, None)
    if mark == ":":
        _check_domain(domain)
    elif domain:
        raise BadRecord(name)
    if (four and int(four) > 32) or (six and int(six) > 128):
        raise BadRecord(name)
    return Term(result, name, domain, int(four) if four else 32, int(six) if six else 128)


def _check_domain(text: str) -> None:
    """A domain-spec ends in a macro or in a label that is not all digits."""
    _check_macros(text)
    last = list(_MACRO.finditer(text))
    if last and last[-1].end() == len(text) and last[-1][1]:
        return
    if "." not in text.rstrip(".") or not _TOP_LABEL.fullmatch(_MACRO.sub("x", text)):
        raise BadRecord(text[:50])


def _check_macros(text: str) -> None:
    rest = _MACRO.sub("", text)
    if "%" in rest or any(not "\x21" <= letter <= "\x7e" for letter in rest):
        raise BadRecord(text[:50])
    if any(found[2] == "0" or (found[1] and found[1] in "crtCRT") for found in _MACRO.finditer(text)):
        raise BadRecord(text[:50])


def wants_name(text: str) -> bool:
    return any(found[1] in ("p", "P") for found in _MACRO.finditer(text))


def expand(text: str, domain: str, asked: Asked) -> str:
    """The domain that is meant; cut from the left where it would grow over 253 characters."""
    name = _MACRO.sub(lambda found: _expanded(found, domain, asked), text)
    while len(name) > _MAX_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def _expanded(found: re.Match[str], domain: str, asked: Asked) -> str:
    letter, digits, backwards, marks, sign = found.groups()
    if sign:
        return {"%": "%", "_": " ", "-": "%20"}[sign]
    parts = re.split("[" + re.escape(marks or ".") + "]", _value(letter.lower(), domain, asked))
    if backwards:
        parts.reverse()
    if digits:
        parts = parts[-int(digits) :]
    value = ".".join(parts)
    return quote(value, safe="") if letter.isupper() else value


def _value(letter: str, domain: str, asked: Asked) -> str:
    local, _, sender_domain = asked.sender.rpartition("@")
    if letter == "i" and asked.ip.version == 6:
        return ".".join(asked.ip.exploded.replace(":", ""))
    return {
        "s": asked.sender,
        "l": local,
        "o": sender_domain,
        "d": domain,
        "i": str(asked.ip),
        "p": asked.name,
        "v": "in-addr" if asked.ip.version == 4 else "ip6",
        "h": asked.helo,
    }[letter]
