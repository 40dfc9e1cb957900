"""Pairs for the review queue: what a till in a shop knows of people, some of whom we know from elsewhere already.

Nothing is judged here: the reader that weighs evidence finds the pairs by itself, as in any house.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from yizhan.desk.sources import OrderIn, ProfileIn, ProfileRules, external, put_orders, put_profiles
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.records import contacts
from yizhan.records.contacts import Identifier
from yizhan.records.orders import OrderLine

_BY = "system"
_DAY = timedelta(days=1)


class Shopper(NamedTuple):
    """One record of one source; `proved` is how many days ago the number was, 0 where only the source says so."""

    source: str
    number: str
    name: str
    phone: str = ""
    proved: int = 0
    device: str = ""
    address: str = ""


SHOPPERS = (
    # A couple with one telephone and one address.
    Shopper("shop", "M880101", "王磊", "19900002101", 40, address="杭州市文三路 88 号 3 幢 502"),
    Shopper("pos", "T20011", "李静", "19900002101", address="杭州市文三路88号3幢502"),
    # The same tablet, two spellings of one name.
    Shopper("shop", "M880102", "刘洋", device="ipad-7f3a"),
    Shopper("pos", "T20012", "刘阳", device="ipad-7f3a"),
    # The same name at the same address.
    Shopper("shop", "M880103", "周敏", address="上海市人民中路 21 号 1601"),
    Shopper("pos", "T20013", "周敏", address="上海市人民中路21号1601"),
    # A number that somebody had, and that is somebody else's since; see `plant`.
    Shopper("shop", "M880104", "徐静", "19900002104", 420),
    Shopper("pos", "T20014", "何宇航"),
)
_PASSED_ON = ("T20014", "19900002104")


async def plant(tx: Tx, vault: Vault, rules: ProfileRules, now: datetime) -> None:
    for source in ("shop", "pos"):
        own = [each for each in SHOPPERS if each.source == source]
        told = [ProfileIn(identifiers=_known_by(each, now), name=each.name, at=now - _DAY) for each in own]
        outcomes = await put_profiles(tx, vault, told, source=source, rules=rules, now=now - _DAY, by=_BY)
        bought = [_order(each, now) for each in own if each.address]
        await put_orders(tx, vault, bought, source=source, now=now - _DAY, by=_BY)
        for each, outcome in zip(own, outcomes, strict=True):
            if each.number == _PASSED_ON[0] and outcome.contact_id is not None:
                value = contacts.normalise("phone", _PASSED_ON[1])
                await contacts.prove_identifier(
                    tx, vault, outcome.contact_id, "phone", value, how="sms", actor=_BY, now=now - _DAY / 2
                )


def _known_by(who: Shopper, now: datetime) -> tuple[Identifier, ...]:
    found = [external(who.source, who.number)]
    if who.phone:
        found.append(Identifier("phone", who.phone, now - who.proved * _DAY if who.proved else None))
    if who.device:
        found.append(Identifier("device", who.device))
    return tuple(found)


def _order(who: Shopper, now: datetime) -> OrderIn:
    return OrderIn(
        number=f"SO{who.number}", identifiers=(external(who.source, who.number),), status="delivered",
        total_fen=69_900, placed_at=now - 9 * _DAY, lines=(OrderLine("A1", "空气净化器 A1", 1, 69_900),),
        address=who.address, at=now - 2 * _DAY,
    )  # fmt: skip
