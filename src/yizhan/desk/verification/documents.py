"""The document `verification`: by which ways codes leave, how long things count, and what waits until it is green."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.outlets import OUTLET, Outlet, OutletKind, Template, ensure_texts
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Advice, Around, Kind, Places, Published, Ref
from yizhan.records.verifications import Way

_Key = Annotated[str, Meta(min_length=1, max_length=80)]
_Field = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class Act(StrEnum):
    ORDER_DETAILS = "order_details"
    ADDRESS_CHANGE = "address_change"
    REFUND = "refund"


class How(StrEnum):
    MASK = "mask"
    BLOCK = "block"
    OPEN = "open"


class Guards(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`address_fields` are those fields of tickets that hold where something is delivered to."""

    order_details: How = How.MASK
    address_change: How = How.BLOCK
    refund: How = How.BLOCK
    address_fields: Annotated[tuple[_Field, ...], Meta(max_length=50)] = ("address", "new_address", "delivery_address")

    def of(self, act: Act) -> How:
        how: How = getattr(self, act.value)
        return how


class CodeTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An SMS inbox, and the approved template whose first blank takes the code; a second one takes the minutes."""

    inbox: _Key
    template: Template


class VerificationRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Codes leave by `texts`, an SMS inbox, or where that is not set by `sms`, an outlet of that kind; `mail` is an
    e-mail inbox. A proof is good for `good_minutes`.

    `login`: who is signed in on the house's own site while he chats needs no code. `per_hour` is what is sent at most
    for one customer or to one address. `member_code`: who shows at a counter the code of a telephone that is signed in
    there counts as verified before whoever scanned it, for that meeting and nowhere else (核身 by presence).
    """

    texts: CodeTexts | None = None
    sms: _Key | None = None
    mail: _Key | None = None
    link: bool = True
    login: bool = True
    member_code: bool = True
    code_minutes: Annotated[int, Meta(ge=1, le=60)] = 10
    tries: Annotated[int, Meta(ge=1, le=10)] = 5
    per_hour: Annotated[int, Meta(ge=1, le=20)] = 5
    good_minutes: Annotated[int, Meta(ge=5, le=1440)] = 120
    guards: Guards = Guards()

    @property
    def code_life(self) -> timedelta:
        return timedelta(minutes=self.code_minutes)

    @property
    def good_for(self) -> timedelta:
        return timedelta(minutes=self.good_minutes)

    @property
    def works(self) -> bool:
        """What nobody could turn green is not guarded: a house without any way out would stand still."""
        return self.by_text or self.mail is not None

    @property
    def by_text(self) -> bool:
        return self.texts is not None or self.sms is not None

    def offers(self, way: Way) -> bool:
        return {Way.SMS: self.by_text, Way.MAIL: self.mail is not None, Way.LINK: self.link}.get(way, False)


SHIPPED = VerificationRules()


def _check_together(documents: Mapping[str, VerificationRules]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one list for the whole house, named {DEFAULT}", f"verification/{name}")


def _verify(rules: VerificationRules, places: Places) -> None:
    if rules.texts is not None:
        ensure_texts(rules.texts.inbox, rules.texts.template, places, "texts.")
    if rules.mail is not None and rules.mail not in places.keys.get("inbox", frozenset()):
        raise Invalid(f"there is no inbox with the key {rules.mail}", "mail")


def _refers_to(rules: VerificationRules) -> Iterable[Ref]:
    if rules.sms is not None:
        yield Ref(OUTLET.name, rules.sms)


def _fits(rules: VerificationRules, published: Published) -> None:
    outlet = published.find(OUTLET, rules.sms) if rules.sms is not None else None
    if outlet is not None and outlet.kind is not OutletKind.SMS:
        raise Invalid(f"{rules.sms} sends no text messages: name an outlet of kind sms", "sms")


def _advise(rules: VerificationRules, around: Around) -> Iterable[Advice]:
    if not rules.works and rules != SHIPPED:
        yield Advice("sms", "no code can leave the house yet: until a gateway or an inbox is named nothing is guarded")


VERIFICATION = Kind(
    "verification", VerificationRules, check_together=_check_together, verify=_verify, refers_to=_refers_to, fits=_fits,
    advise=_advise, default=SHIPPED, title=("核身", "Verification"),
)  # fmt: skip


class VerificationBook:
    """The release in force in this process, with the outlet by which codes leave."""

    def __init__(self, rules: VerificationRules = SHIPPED, sms: Outlet | None = None) -> None:
        self.now = rules
        self.sms = sms

    def take(self, published: Published) -> None:
        self.now = published.find(VERIFICATION, DEFAULT) or SHIPPED
        self.sms = published.find(OUTLET, self.now.sms) if self.now.sms is not None else None
