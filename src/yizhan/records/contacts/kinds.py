"""Kinds of identifiers 身份标识: what each looks like, how it is written once for all, and what it may prove. Pure.

Who compares, keeps or shows an identifier calls these and writes nothing of his own: two spellings of one number must
be one number, or a person is two. Which kinds there are is the document `identity_kind`; `use` puts one in force.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean, mask_email, mask_phone
from yizhan.records.contacts import spelling

PRIMARY = "primary"
AUXILIARY = "auxiliary"

_Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
_Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
_Domain = Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=120)]


class IdentityKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`form` says how a value is read. `prefixed`: it is unique only below the app or system named before its colon.

    `fresh_days`: so long after it was verified a primary one proves who somebody is; None for as long as it is his.
    A kind that does not `link` (共用, 总机) never makes one person of two. `shown` are the characters at both ends
    that a mask leaves.
    """

    key: _Key
    zh: _Word
    en: _Word
    form: Literal["phone", "email", "id_card", "text"] = "text"
    rank: Literal["primary", "auxiliary"] = "auxiliary"
    links: bool = True
    fresh_days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    prefixed: bool = False
    folded: bool = False
    shown: tuple[Annotated[int, Meta(ge=0, le=8)], Annotated[int, Meta(ge=0, le=8)]] = (3, 2)


class IdentityKinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """At `plus_domains` what follows a plus in a name is the same mailbox: a+shop@ is a@."""

    kinds: Annotated[tuple[IdentityKind, ...], Meta(min_length=1, max_length=100)]
    plus_domains: Annotated[tuple[_Domain, ...], Meta(max_length=200)] = ()

    def __contains__(self, key: object) -> bool:
        return any(each.key == key for each in self.kinds)


def _kind(key: str, zh: str, en: str, *, primary: bool = False, **more: object) -> IdentityKind:
    said = {"key": key, "zh": zh, "en": en, "rank": PRIMARY if primary else AUXILIARY, **more}
    return msgspec.convert(said, IdentityKind)


SHIPPED = IdentityKinds(
    kinds=(
        _kind("phone", "手机号", "Mobile number", primary=True, form="phone", fresh_days=180),
        _kind("id_card", "身份证号", "Identity card", primary=True, form="id_card"),
        _kind("unionid", "微信 UnionID", "WeChat UnionID", primary=True),
        _kind("user", "登录账号", "Signed-in user", primary=True),
        _kind("email", "邮箱", "E-mail", primary=True, form="email"),
        _kind("openid", "微信 OpenID", "WeChat OpenID", prefixed=True),
        _kind("visitor", "访客编号", "Visitor"),
        _kind("device", "设备", "Device"),
        _kind("nickname", "昵称", "Nickname", folded=True, shown=(1, 0)),
        _kind("caller", "来电号码", "Caller's number", form="phone"),
        _kind("external", "来源系统编号", "Number in a source system", prefixed=True),
        _kind("shared_phone", "共用号码", "Shared number", form="phone", links=False),
        _kind("switchboard", "总机", "Switchboard", form="phone", links=False),
    ),
    plus_domains=(
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com",
        "proton.me", "protonmail.com",
    ),
)  # fmt: skip
"""What a new house begins with."""

NUMBERS = frozenset({"phone", "shared_phone", "switchboard"})
"""A number is in one of these at a time, and they share a blind index: a shared one is found where it is looked for."""


class _InForce:
    """Of this process: the release says so to all houses in it alike."""

    def __init__(self) -> None:
        self.take(SHIPPED)

    def take(self, kinds: IdentityKinds) -> None:
        self.all = kinds
        self.kinds: Mapping[str, IdentityKind] = {each.key: each for each in kinds.kinds}
        self.plus_domains = frozenset(kinds.plus_domains)


_in_force = _InForce()


def use(kinds: IdentityKinds | None) -> None:
    """Puts a document in force in this process; None what ships."""
    _in_force.take(kinds or SHIPPED)


def kinds_in_force() -> IdentityKinds:
    return _in_force.all


def kind_of(key: str) -> IdentityKind:
    """Raises Invalid for a kind that no release has."""
    try:
        return _in_force.kinds[key]
    except KeyError:
        raise Invalid(f"there is no kind of identifier {key}", "kind") from None


def normalise(kind: str, value: str, region: str = "CN") -> str:
    """The one spelling of an identifier. Raises Invalid, with a sentence that says what is wrong with it."""
    known = kind_of(kind)
    text = spelling.half_width(clean(value)).strip()
    if not text:
        raise Invalid(f"the identifier {kind} is empty", "value")
    if len(text) > spelling.MOST_CHARS:
        raise Invalid(f"an identifier has at most {spelling.MOST_CHARS} characters", "value")
    match known.form:
        case "phone":
            return spelling.phone(text, region, extension=kind == "switchboard")
        case "email":
            return spelling.email(text, _in_force.plus_domains)
        case "id_card":
            return spelling.id_card(text)
    return _prefixed(known, text) if known.prefixed else _text(known, text)


def mailbox(address: str) -> str:
    """An address a mail really came from, by the rules of its domain; what is no address stays as it is."""
    return spelling.folded_mailbox(address.lower(), _in_force.plus_domains)


def blind_kind(kind: str) -> str:
    """Under which name the blind index of a value is made."""
    return "phone" if kind in NUMBERS else kind


def mask(kind: str, value: str) -> str:
    """What everybody may see of a normalised value: 138****5678."""
    known = _in_force.kinds.get(kind)
    form = known.form if known is not None else "text"
    if form in _MASKS:
        return _MASKS[form](value)
    if kind == "visitor":
        return "访客"
    head, tail = known.shown if known is not None else (0, 0)
    system, colon, own = value.rpartition(":") if known is not None and known.prefixed else ("", "", value)
    if len(own) <= head + tail:
        head, tail = min(1, len(own) - 1), 0
    return f"{system}{colon}{own[:head]}***{own[len(own) - tail :]}"


def rank(kind: str, value: str | None = None) -> str:
    """`primary` proves who somebody is while it is fresh. A landline is never one person's, whatever its kind says."""
    known = kind_of(kind)
    if known.rank == PRIMARY and known.form == "phone" and value is not None and not spelling.is_mobile(value):
        return AUXILIARY
    return known.rank


def may_link(kind: str, value: str | None = None) -> bool:
    """Whether two contacts may be made one because both have proved it."""
    return kind_of(kind).links and rank(kind, value) == PRIMARY


def fresh_until(kind: str, verified_at: datetime | None) -> datetime | None:
    """When what was verified then stops proving anything; None when it proves nothing now, far ahead when it never
    grows old."""
    if verified_at is None:
        return None
    known = _in_force.kinds.get(kind)
    days = known.fresh_days if known is not None else None
    return datetime.max.replace(tzinfo=verified_at.tzinfo) if days is None else verified_at + timedelta(days=days)


def is_fresh(kind: str, verified_at: datetime | None, now: datetime) -> bool:
    end = fresh_until(kind, verified_at)
    return end is not None and now < end


def birthday(card: str) -> date:
    """Of a normalised identity card."""
    return date(int(card[6:10]), int(card[10:12]), int(card[12:14]))


def _prefixed(known: IdentityKind, text: str) -> str:
    system, colon, own = text.partition(":")
    if not colon or not own.strip() or not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", system.strip()):
        raise Invalid(f"{known.key} is written as system:value, for instance crm:10086", "value")
    return f"{system.strip()}:{_text(known, own.strip())}"


def _text(known: IdentityKind, text: str) -> str:
    return " ".join(text.split()).casefold() if known.folded else text


_MASKS: dict[str, Callable[[str], str]] = {
    "phone": lambda value: mask_phone(spelling.spoken(value)),
    "email": mask_email,
    "id_card": lambda value: value[:6] + "*" * max(len(value) - 10, 4) + value[-4:],
}
