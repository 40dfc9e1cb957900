"""Some days after a complaint somebody asks how it went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.sla.office import open_office
from yizhan.desk import callbacks
from yizhan.desk.callbacks import CALLBACKS, CallbackBook
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records.config import TICKET_TYPES, Configuration, Kinds, Places, Published, TypeBook
from yizhan.records.tickets import Action

KINDS = Kinds([TICKET_TYPES, CALLBACKS])
RULES = {"rules": [{"key": "complaint", "types": ["complaint"], "days": 3}]}


async def test_a_complaint_is_asked_about_three_days_later_unless_it_came_back(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock)
    book, configuration = CallbackBook(), Configuration(KINDS)
    async with db.transaction() as tx:
        await configuration.save(tx, "callbacks", "default", RULES, by="test", now=clock.now())
        await configuration.release(tx, by="test", now=clock.now())
        book.take(await configuration.published(tx))
    office.floor.readers.append(callbacks.callback_reader(db, clock, book))
    callbacks.register_timers(office.floor.timers, book, TypeBook())
    lin = await office.floor.hire("林一")
    asked = await office.floor.says("v1", "我要投诉你们", mail=True)
    again = await office.floor.says("v2", "我也要投诉", mail=True)
    plain = await office.floor.says("v3", "请问发票怎么开", mail=True)
    await office.changes(asked, type="complaint.service")
    for done in (asked, again, plain):
        await office.moves(done, lin, Action.SOLVE)
        await office.moves(done, lin, Action.CONFIRM)
    await office.moves(again, lin, Action.REOPEN)
    await office.floor.pass_time(timedelta(days=2, hours=23))
    calls = "SELECT id, subject, status, linked_to FROM ticket WHERE type = 'callback'"
    assert not await db.pool.fetch(calls)
    await office.floor.pass_time(timedelta(hours=2))
    (made,) = await db.pool.fetch(calls)
    number = (await office.floor.row("ticket", asked.ticket_id))["number"]
    assert str(made["subject"]).startswith(f"回访 #{number}")
    assert made["linked_to"] == asked.ticket_id
    assert await db.pool.fetchval("SELECT kind FROM ticket_link WHERE other_id = $1", asked.ticket_id) == "relates"


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ([{"key": "a", "types": ["refund"], "days": 1}, {"key": "a", "types": ["praise"], "days": 1}], "rules[1].key"),
        ([{"key": "a", "types": ["refund"], "days": 1}, {"key": "b", "types": ["refund.only"], "days": 1}],
         "rules[1].types"),
    ],
)  # fmt: skip
def test_a_rule_that_is_never_used_is_refused(rules: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        CALLBACKS.decode({"rules": rules})
    assert refused.value.field == place


def test_a_rule_names_only_what_there_is() -> None:
    assert CALLBACKS.verify is not None
    assert CALLBACKS.fits is not None
    document = CALLBACKS.decode({"rules": [{"key": "a", "types": ["rant"], "days": 1, "team": "nobody"}]})
    with pytest.raises(Invalid, match="no team"):
        CALLBACKS.verify(document, Places())
    with pytest.raises(Invalid, match="no ticket type"):
        CALLBACKS.fits(document, Published(KINDS, 0, ()))
