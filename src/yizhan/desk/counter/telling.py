"""Who keeps a customer hears at his bell when he did not come, or could not be reminded: `notice.raised`."""

from __future__ import annotations

from datetime import datetime

from yizhan.desk.counter import store
from yizhan.desk.counter.documents import ShopBook
from yizhan.desk.counter.wording import moment
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.appointments import Appointment

NOT_COME = "appointment.missed"
UNREACHED = "appointment.unreached"
"""Why somebody is told: nobody came, or no reminder reached the customer."""


async def ring(tx: Tx, a: Appointment, why: str, shops: ShopBook, *, actor: str, now: datetime) -> None:
    """The 责任人 of its ticket, else who has it, else who made the appointment; is none of them here any more, the
    whole team. Whoever says himself that nobody came is not told of it."""
    keepers = await store.keepers(tx, a)
    told = [each for each in keepers if f"agent:{each}" != actor]
    standing = shops.shops.get(a.shop)
    if standing is None or (keepers and not told):
        return
    zone, name = standing.calendar.zone, standing.shop.name
    title = {
        "zh": f"{name.zh} {moment(a.starts_at, zone, 'zh')}", "en": f"{name.en}, {moment(a.starts_at, zone, 'en')}"
    }  # fmt: skip
    await emit(tx, [Event(
        kind="notice.raised", subject=a.id, subject_version=a.version, at=now, actor=actor, brand_id=a.brand_id,
        team_id=a.team_id, contact_id=a.contact_id, conversation_id=a.conversation_id, ticket_id=a.ticket_id,
        data={"who": ["keeper"], "agents": told, "how": "notify", "why": why, "level": "warning", "title": title},
    )])  # fmt: skip
