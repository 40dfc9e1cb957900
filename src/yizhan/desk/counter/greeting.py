"""Who stands before somebody of a shop: known by what he shows or says."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.counter import policy, store
from yizhan.desk.counter.documents import StandingShop
from yizhan.desk.counter.model import ShownCode
from yizhan.desk.verification import VerificationBook
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.records import appointments, contacts, counter
from yizhan.records.appointments import AppointmentState
from yizhan.records.contacts import Identifier, Identity
from yizhan.records.counter import CODE_DIGITS, Encounter, How, MemberCode, NewEncounter, digits_of

CODE_LIFE = timedelta(minutes=3)
_TRIES = 5
_CARD = "external"
_SAID_KINDS = ("phone", "email")


async def new_member_code(tx: Tx, vault: Vault, identity: Identity, *, signed_in: bool, now: datetime) -> ShownCode:
    """Digits nobody can tell beforehand; kept only as a blind index."""
    for _ in range(_TRIES):
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        shown = MemberCode(
            code=_blind(vault, digits), identity_id=identity.id, contact_id=identity.contact_id, signed_in=signed_in,
            shown_at=now, expires_at=now + CODE_LIFE,
        )  # fmt: skip
        if await counter.show_code(tx, shown):
            return ShownCode(digits, shown.expires_at, signed_in)
    raise Conflict("no code is free just now: try again")


async def greet(
    tx: Tx, vault: Vault, standing: StandingShop, text: str, book: VerificationBook, *, agent_id: UUID, now: datetime
) -> Encounter:
    """A member code first; else a printed card, an order's number, or a number or address that he says in full."""
    words = text.strip()
    digits = digits_of(words)
    if digits is not None:
        return await counter.meet_by_code(
            tx, _blind(vault, digits), shop=standing.key, agent_id=agent_id, counts=book.now.member_code,
            life=_life(standing), now=now,
        )  # fmt: skip
    how, person = await _found(tx, vault, standing, words)
    return await counter.meet(tx, NewEncounter(
        shop=standing.key, contact_id=person, agent_id=agent_id, how=how, verified=False, until=now + _life(standing),
    ), now=now)  # fmt: skip


async def greet_by_appointment(
    tx: Tx, standing: StandingShop, appointment_id: UUID, *, agent_id: UUID, now: datetime
) -> Encounter:
    """Somebody says that he is the one who is expected: nothing proves it yet."""
    expected = next(iter(await appointments.appointments_by_id(tx, [appointment_id])), None)
    if expected is None or expected.shop != standing.key:
        raise NotFound(f"appointment {appointment_id}")
    return await counter.meet(tx, NewEncounter(
        shop=standing.key, contact_id=expected.contact_id, agent_id=agent_id, how=How.APPOINTMENT, verified=False,
        until=now + _life(standing), appointment_id=expected.id,
    ), now=now)  # fmt: skip


async def appointment_kept(tx: Tx, of: Encounter, standing: StandingShop, *, now: datetime) -> UUID | None:
    """Whoever is met at his shop on his day has come: his appointment says so, whichever way he was known."""
    span = policy.day_of(standing, standing.calendar.local_date(now))
    due = of.appointment_id or await store.due_here(tx, of.contact_id, of.shop, span)
    if due is None:
        return None
    held = await appointments.lock_appointment(tx, due)
    if held.state in (AppointmentState.BOOKED, AppointmentState.MISSED):
        await appointments.arrive(tx, held, actor=f"agent:{of.agent_id}", now=now)
    return due


async def _found(tx: Tx, vault: Vault, standing: StandingShop, words: str) -> tuple[How, UUID]:
    """Of each way in turn; several people with one number are nobody's guess."""
    for how, blinds in ((How.CARD, _cards(vault, standing, words)), (How.IDENTIFIER, _blinds(vault, words))):
        if blinds and (people := await store.identified(tx, blinds)):
            return how, _only(people)
    if people := await store.buyers(tx, words):
        return How.ORDER, _only(people)
    raise NotFound("nobody is known by this: check the number, or ask for the member code")


def _only(people: list[UUID]) -> UUID:
    if len(people) > 1:
        raise Conflict("several customers have this number: ask for the member code")
    return people[0]


def _cards(vault: Vault, standing: StandingShop, words: str) -> list[bytes]:
    written = words if ":" in words else f"{standing.shop.card_source}:{words}" if standing.shop.card_source else ""
    return _keys(vault, [(_CARD, written)]) if written else []


def _blinds(vault: Vault, words: str) -> list[bytes]:
    return _keys(vault, [(kind, words) for kind in _SAID_KINDS])


def _keys(vault: Vault, said: list[tuple[str, str]]) -> list[bytes]:
    found = []
    for kind, value in said:
        try:
            found.append(contacts.keyed(vault, Identifier(kind, value)).blind)
        except Invalid:
            continue  # it cannot be one of these
    return found


def _blind(vault: Vault, digits: str) -> bytes:
    return vault.blind("member_code", digits)


def _life(standing: StandingShop) -> timedelta:
    return timedelta(minutes=standing.shop.look_minutes)
