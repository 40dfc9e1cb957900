"""The document `shop`: where it is, when it takes appointments, and how it reminds of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.foundation.calendar import Calendar
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records.agents import Permission, Scope, Viewer
from yizhan.records.config import CALENDAR, DEFAULT, Advice, Around, Kind, Places, Published, Ref, of_teams

_Word = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
_Key = Annotated[str, Meta(min_length=1, max_length=80)]
_System = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
_DAY_MINUTES = 1440


class ShopWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: _Word
    en: _Word


_PURPOSES = (
    ShopWords("体验选购", "Look and choose"), ShopWords("到店取货", "Pick up"), ShopWords("维修送检", "Repair"),
    ShopWords("退换货", "Return or exchange"), ShopWords("会员服务", "Member service"),
)  # fmt: skip


class Shop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`team` are its people; without one everybody who may serve at a counter serves here. `calendar` are its hours.

    At one time `at_once` customers come, every `slot_minutes`. Customers are told `remind_minutes` before; who has not
    come `grace_minutes` after his time is taken to have missed it. `card_source` is the system whose customer numbers
    stand on printed cards. `look_minutes`: so long a customer may be looked at after he was met.
    """

    name: ShopWords
    on: bool = True
    address: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    team: UUID | None = None
    calendar: _Key = DEFAULT
    slot_minutes: Annotated[int, Meta(ge=10, le=240)] = 30
    at_once: Annotated[int, Meta(ge=1, le=100)] = 2
    days_ahead: Annotated[int, Meta(ge=1, le=92)] = 30
    remind_minutes: Annotated[tuple[Annotated[int, Meta(ge=10, le=10080)], ...], Meta(max_length=5)] = (1440, 120)
    grace_minutes: Annotated[int, Meta(ge=10, le=1440)] = 60
    look_minutes: Annotated[int, Meta(ge=5, le=240)] = 30
    purposes: Annotated[tuple[ShopWords, ...], Meta(min_length=1, max_length=20)] = _PURPOSES
    card_source: _System | None = None

    @property
    def slot(self) -> timedelta:
        return timedelta(minutes=self.slot_minutes)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


def _check(shop: Shop) -> None:
    if _DAY_MINUTES % shop.slot_minutes:
        raise Invalid("a day must be whole times this long: 15, 20, 30, 60 …", "slot_minutes")
    if len(set(shop.remind_minutes)) < len(shop.remind_minutes):
        raise Invalid("the same reminder twice", "remind_minutes")


def _verify(shop: Shop, places: Places) -> None:
    if shop.team is not None and shop.team not in places.teams:
        raise Invalid(f"there is no team {shop.team}", "team")


def _refers_to(shop: Shop) -> Iterable[Ref]:
    yield Ref(CALENDAR.name, shop.calendar)


def _advise(shop: Shop, around: Around) -> Iterable[Advice]:
    if not shop.on:
        yield Advice("on", "the shop is switched off: nobody can make an appointment or be met there")
    if shop.team is not None:
        yield from of_teams([shop.team], "team", around)


SHOP = Kind("shop", Shop, _check, verify=_verify, refers_to=_refers_to, advise=_advise, title=("门店", "Shop"))


class StandingShop(msgspec.Struct, frozen=True):
    """A shop of the release in force, with its hours."""

    key: str
    shop: Shop
    calendar: Calendar


class ShopBook:
    """The shops in force in this process."""

    def __init__(self, shops: Mapping[str, StandingShop] | None = None) -> None:
        self.shops: Mapping[str, StandingShop] = shops or {}

    def take(self, published: Published) -> None:
        self.shops = {
            key: StandingShop(key, shop, published.get(CALENDAR, shop.calendar).calendar)
            for key, shop in sorted(published.all(SHOP).items()) if shop.on
        }  # fmt: skip

    def of(self, key: str) -> StandingShop:
        """Raises NotFound for one that is closed or was never there."""
        try:
            return self.shops[key]
        except KeyError:
            raise NotFound(f"shop {key}") from None

    def served_by(self, viewer: Viewer) -> list[StandingShop]:
        """At whose counters somebody may stand."""
        if not viewer.may(Permission.COUNTER_SERVE):
            return []
        everywhere = viewer.scope is Scope.ALL
        return [
            each for each in self.shops.values()
            if everywhere or each.shop.team is None or each.shop.team in viewer.team_ids
        ]  # fmt: skip
