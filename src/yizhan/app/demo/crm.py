"""The demo's membership CRM: at an address that nobody has, with parcels that move, and it can be switched off.

What connectors ask of that host never leaves the process, as the demo's text messages do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlsplit

import msgspec

from yizhan.app.demo.cast import PAGES, order_number
from yizhan.app.demo.parcels import CARRIERS, track
from yizhan.app.demo.shopping import SOURCE
from yizhan.desk import connectors
from yizhan.desk.connectors import CONNECTOR, Wire
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.http import HttpFailed, Response
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.orders import ParcelState

HOST = "crm.shanque.example"
NAME = "crm"
_KEY = "demo-key"
_BY = "system"
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_STEPS = ((62, "已签收"), (5, "已发货"), (0, "已付款"))
"""How far a parcel is so many hours after the order, the latest first."""
_CITIES = ("上海", "北京", "广州", "成都", "武汉")
_GOODS = [page for page in PAGES if page.product]
_DOCUMENT: Body = {
    "name": {"zh": "会员 CRM", "en": "Member CRM"}, "source": SOURCE, "auth": {"kind": "api_key"},
    "look_up": {
        "url": f"https://{HOST}/members/{{value}}/orders", "by": [{"kind": "external"}], "cache_minutes": 1,
    },
    "order": {
        "rows": "orders", "number": "no", "status": "status", "total": "amount", "placed_at": "created",
        "at": "updated", "lines": "items", "sku": "sku", "title": "name", "count": "qty", "price": "price",
        "carrier": "express.company", "tracking": "express.no", "parcel_state": "express.state",
        "parcel_events": "express.track",
    },
}  # fmt: skip


async def rule(tx: Tx, configuration: Configuration, vault: Vault, now: datetime) -> None:
    saved = await configuration.save(tx, CONNECTOR.name, NAME, _DOCUMENT, by=_BY, now=now)
    await configuration.release(tx, [Pick(CONNECTOR.name, NAME, saved.version)], by=_BY, now=now, note="会员 CRM")
    connector = CONNECTOR.decode(_DOCUMENT)
    await connectors.keep_secrets(tx, vault, NAME, connector, {"key": _KEY}, now=now, by=_BY)


class DemoCrm:
    """A wire of which one host is answered here; every other is called."""

    def __init__(self, wire: Wire, clock: Clock, is_on: Callable[[], bool]) -> None:
        self._wire = wire
        self._clock = clock
        self._is_on = is_on

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None,
        timeout: float = 10.0, max_bytes: int | None = None,  # noqa: ASYNC109 - as the wire has it
    ) -> Response:  # fmt: skip
        parts = urlsplit(url)
        if parts.hostname != HOST:
            return await self._wire.request(
                method, url, headers=headers, content=content, timeout=timeout, max_bytes=max_bytes
            )
        if not self._is_on():
            raise HttpFailed("no connection: the CRM of the demo is switched off", sent=False)
        if {name.lower(): value for name, value in (headers or {}).items()}.get("x-api-key") != _KEY:
            return _answer(401, {"error": "unknown key"}, url)
        member = parts.path.split("/")[2] if parts.path.count("/") == 3 else ""
        return _answer(200, {"member": member, "orders": parcels(member, self._clock.now())}, url)


def parcels(member: str, now: datetime) -> list[dict[str, Any]]:
    """Every member orders once a week, the same things however often one asks; those of this week and the last."""
    return [_parcel(chance, placed, now) for chance, placed in map(partial(_ordered, member), (now, now - 7 * _DAY))
            if placed <= now]  # fmt: skip


def _ordered(member: str, at: datetime) -> tuple[Random, datetime]:
    week = at.astimezone(UTC).date().isocalendar()
    chance = Random(f"{member}/{week.year}/{week.week}")  # noqa: S311 - nothing secret hangs on it
    monday = datetime.fromisocalendar(week.year, week.week, 1).replace(tzinfo=UTC)
    return chance, monday + chance.randrange(7 * 24) * _HOUR


def _parcel(chance: Random, placed: datetime, now: datetime) -> dict[str, Any]:
    page = chance.choice(_GOODS)
    price, count = int(page.price), chance.choices((1, 2), (85, 15))[0]
    after, status = next(step for step in _STEPS if now - placed >= step[0] * _HOUR)
    state, events = track(chance, chance.choice(_CITIES), placed, now, ParcelState.DELIVERED)
    express = {
        "company": chance.choice(CARRIERS), "no": f"{chance.randrange(10**12):012}", "state": state.value,
        "track": [{"time": each.at.isoformat(), "text": each.text} for each in events],
    }  # fmt: skip
    return {
        "no": order_number(chance, placed), "status": status, "amount": price * count, "created": placed.isoformat(),
        "updated": (placed + after * _HOUR).isoformat(), "express": express if after else {},
        "items": [{"sku": page.path.rpartition("/")[2].upper(), "name": page.product, "qty": count, "price": price}],
    }  # fmt: skip


def _answer(status: int, body: object, url: str) -> Response:
    return Response(status, {"content-type": "application/json"}, msgspec.json.encode(body), url)
