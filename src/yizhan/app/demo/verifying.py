"""核身 in the demo: text messages go to a telephone that lies on a page, and one customer has been verified already."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.app.demo.people import Staff
from yizhan.desk.verification import VerificationBook
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.ids import new_id
from yizhan.records import contacts, verifications
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.verifications import Asked, Way

_BY = "system"
_LONG_AGO = timedelta(days=300)
SQL = load_queries(__package__)


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    """The gateway is off for notices, so nothing but codes goes there."""
    gateway: Body = {
        "name": {"zh": "演示短信网关（验证码）", "en": "Demo text messages (codes)"}, "kind": "sms", "on": False,
    }  # fmt: skip
    picks = []
    for kind, name, body in (("outlet", "codes", gateway), ("verification", "default", {"sms": "codes"})):
        saved = await configuration.save(tx, kind, name, body, by=_BY, now=now)
        picks.append(Pick(kind, name, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="核身")


async def plant(tx: Tx, vault: Vault, staff: Staff, book: VerificationBook, now: datetime) -> None:
    """Of 林一's chats one is green; another customer's number was verified so long ago that it proves nothing."""
    rows = await tx.fetch(SQL.chats_with_numbers, staff.people["linyi"])
    if not rows:
        return
    at, agent = now - timedelta(minutes=4), staff.people["linyi"]
    row, id = rows[0], new_id(at)
    await verifications.ask(tx, id, Asked(
        conversation_id=row["id"], contact_id=row["contact_id"], ticket_id=row["ticket_id"], way=Way.SMS, kind="phone",
        blind=row["blind"], masked=row["masked"], code=None, asked_by=agent, expires_at=at + book.now.code_life,
    ), actor=f"agent:{agent}", now=at)  # fmt: skip
    held = await verifications.sent(tx, id, now=at)
    at += timedelta(minutes=1)
    await verifications.prove(tx, held, good_until=at + book.now.good_for, now=at)
    await _own(tx, vault, row["contact_id"], row["blind"], at)
    for other in rows[1:2]:
        await _own(tx, vault, other["contact_id"], other["blind"], now - _LONG_AGO)


async def _own(tx: Tx, vault: Vault, contact_id: UUID, blind: bytes, at: datetime) -> None:
    for said in await contacts.claims_of(tx, contact_id):
        if said.blind == blind:
            value = await contacts.open_claim(tx, vault, said.contact_id, blind)
            await contacts.prove_identifier(
                tx, vault, said.contact_id, "phone", value, how="sms", actor=f"customer:{said.contact_id}", now=at
            )
