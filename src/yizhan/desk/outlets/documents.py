"""The document `outlet`: what kind it is, which notices leave by it, to whom, and when it is quiet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Around, Kind, Places, of_teams

Words = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Key = Annotated[str, Meta(min_length=1, max_length=80)]
Reason = Annotated[str, Meta(max_length=60, pattern=r"^([a-z_]+(\.[a-z0-9_+]+)*(\.\*)?|\*)$")]
Template = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^\S+$")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

_MAILBOX = re.compile(r"[^\s\x00@<>,;]+@[^\s\x00@<>,;]+")
_NUMBER = re.compile(r"\+?[0-9]{5,20}")


class OutletKind(StrEnum):
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    EMAIL = "email"
    SMS = "sms"


class OutletTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Words
    en: Words


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Every day between these; over midnight when the end is earlier. What is critical may pass."""

    start: TimeOfDay
    end: TimeOfDay
    tz: str = "Asia/Shanghai"
    critical_passes: bool = True


class Outlet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`reasons` are those of notices, `sla.*` for a family; none are all. `to` are mail addresses or numbers.

    `inbox`: mail leaves by an e-mail inbox; text messages by an SMS inbox as its `template`, or without one by a
    gateway that is called with what is to be said.

    `people`: by mail also to whom each notice is for. `per_minute` may only be less than the vendor allows.
    """

    name: OutletTitle
    kind: OutletKind
    on: bool = True
    least: Literal["info", "warning", "critical"] = "warning"
    reasons: Annotated[tuple[Reason, ...], Meta(max_length=50)] = ()
    teams: tuple[UUID, ...] = ()
    inbox: Key | None = None
    template: Template | None = None
    to: Annotated[tuple[Annotated[str, Meta(max_length=254)], ...], Meta(max_length=50)] = ()
    people: bool = False
    quiet: Quiet | None = None
    per_minute: Annotated[int, Meta(ge=1, le=600)] | None = None
    language: Literal["zh-CN", "en"] = "zh-CN"


SECRETS: dict[OutletKind, tuple[str, ...]] = {
    OutletKind.WECOM: ("url",),
    OutletKind.DINGTALK: ("url", "secret"),
    OutletKind.FEISHU: ("url", "secret"),
    OutletKind.WEBHOOK: ("url", "secret"),
    OutletKind.SMS: ("url", "secret"),
    OutletKind.EMAIL: (),
}
"""Of each kind. A bot's address is its credential, so it is a secret too."""


def secrets_asked(outlet: Outlet) -> tuple[str, ...]:
    """What leaves by an inbox of ours needs no secrets of its own."""
    return () if outlet.inbox is not None else SECRETS[outlet.kind]


PER_MINUTE: dict[OutletKind, int] = {
    OutletKind.WECOM: 20, OutletKind.DINGTALK: 20, OutletKind.FEISHU: 100, OutletKind.WEBHOOK: 120,
    OutletKind.EMAIL: 60, OutletKind.SMS: 60,
}  # fmt: skip
"""What the vendors allow; of webhooks, mail and text messages what is still polite."""


def check(outlet: Outlet) -> None:
    """Raises Invalid for what contradicts itself."""
    mail, sms = outlet.kind is OutletKind.EMAIL, outlet.kind is OutletKind.SMS
    if mail != (outlet.inbox is not None) and not sms:
        raise Invalid("mail leaves by an e-mail inbox, text messages may by an SMS inbox, nothing else does", "inbox")
    if (sms and outlet.inbox is not None) != (outlet.template is not None):
        raise Invalid("a template belongs to an SMS inbox: choose both, or neither for a gateway", "template")
    if outlet.people and not mail:
        raise Invalid("only mail has the addresses of the people themselves", "people")
    if mail and not (outlet.to or outlet.people):
        raise Invalid("to whom?", "to")
    if outlet.kind is OutletKind.SMS and outlet.on and not outlet.to:  # one that is off may still carry codes
        raise Invalid("to which numbers?", "to")
    if outlet.to and outlet.kind not in (OutletKind.EMAIL, OutletKind.SMS):
        raise Invalid(f"a {outlet.kind} has no addresses: all of the group read it", "to")
    form = _MAILBOX if mail else _NUMBER
    for place, address in enumerate(outlet.to):
        if not form.fullmatch(address):
            raise Invalid(f"{address} is no {'mail address' if mail else 'number'}", f"to[{place}]")
    if outlet.per_minute is not None and outlet.per_minute > PER_MINUTE[outlet.kind]:
        raise Invalid(f"{outlet.kind} takes at most {PER_MINUTE[outlet.kind]} a minute", "per_minute")
    check_quiet(outlet.quiet, "quiet")


def check_quiet(quiet: Quiet | None, path: str) -> None:
    if quiet is None:
        return
    if quiet.start == quiet.end:
        raise Invalid("it would be quiet all day: switch it off instead", path)
    try:
        ZoneInfo(quiet.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"there is no time zone {quiet.tz}", f"{path}.tz") from None


def verify(outlet: Outlet, places: Places) -> None:
    """Raises Invalid for a team or an inbox that the house does not have."""
    for place, team in enumerate(outlet.teams):
        if team not in places.teams:
            raise Invalid(f"there is no team {team}", f"teams[{place}]")
    if outlet.kind is OutletKind.SMS and outlet.inbox is not None:
        ensure_texts(outlet.inbox, outlet.template or "", places, "")
    elif outlet.inbox is not None and outlet.inbox not in places.keys.get("inbox", frozenset()):
        raise Invalid(f"there is no inbox with the key {outlet.inbox}", "inbox")


def ensure_texts(inbox: str, template: str, places: Places, path: str) -> None:
    """Raises Invalid where text messages cannot leave like this."""
    known = places.keys.get("sms", frozenset())
    if not known:
        raise Invalid("there is no SMS inbox yet: add one under inboxes first, then choose it here", f"{path}inbox")
    if inbox not in known:
        raise Invalid(f"{inbox} is no SMS inbox: choose one of {', '.join(sorted(known))}", f"{path}inbox")
    approved = sorted(
        each.removeprefix(f"{inbox} ")
        for each in places.keys.get("template", frozenset())
        if each.startswith(f"{inbox} ")
    )
    if template not in approved:
        raise Invalid(f"{inbox} has no template {template}; it has {', '.join(approved) or '-'}", f"{path}template")


def advise(outlet: Outlet, around: Around) -> Iterable[Advice]:
    if not outlet.on:
        yield Advice("on", "it is switched off: nothing leaves by it")
    if outlet.quiet is not None and outlet.least == "critical" and not outlet.quiet.critical_passes:
        yield Advice("quiet", "what is critical is silent too at these hours")
    for place, team in enumerate(outlet.teams):
        yield from of_teams([team], f"teams[{place}]", around)


OUTLET = Kind("outlet", Outlet, check, verify=verify, title=("通知出口", "Outlet"), advise=advise)
