"""预约到店: passed on from a chat, changed, cancelled; the customer is told in the chat, reminded, and asked when he
did not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import serving
from yizhan.desk.counter import policy, store, wording
from yizhan.desk.counter.documents import ShopBook, StandingShop
from yizhan.desk.counter.model import CounterAppointment
from yizhan.desk.counter.telling import NOT_COME, UNREACHED, ring
from yizhan.desk.counter.wording import Step
from yizhan.desk.words import WordBook, allows
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.timer import NewTimer, Timer, set_timers
from yizhan.records import appointments, complaints, outbox
from yizhan.records.appointments import Appointment, AppointmentState, NewAppointment
from yizhan.records.conversations import Draft

REMIND = "appointments.remind"
OVER = "appointments.over"
_MOST_SHOWN = 20
_WEBCHAT = "webchat"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    starts_at: datetime
    purpose: str
    note: str = ""


class Agreed(msgspec.Struct, frozen=True):
    """An appointment as it stands now; `told` whether the customer could be told in his conversation."""

    appointment: Appointment
    told: bool


class Books(msgspec.Struct, frozen=True):
    shops: ShopBook
    words: WordBook


async def book_from_chat(
    tx: Tx, conversation_id: UUID, wanted: Wanted, books: Books, *, by: UUID, now: datetime
) -> Agreed:
    """Raises SlotFull, and Conflict for who comes to that shop on that day already."""
    standing = books.shops.of(wanted.shop)
    policy.ensure_slot(standing, wanted.starts_at, now)
    return await agree(tx, conversation_id, wanted, books, by=by, now=now)


async def agree(tx: Tx, conversation_id: UUID, wanted: Wanted, books: Books, *, by: UUID, now: datetime) -> Agreed:
    """Whether the shop takes somebody at this time is settled already."""
    standing = books.shops.of(wanted.shop)
    place = await store.place(tx, conversation_id)
    await _ensure_only(tx, place.contact_id, standing, wanted.starts_at)
    made = await appointments.book(tx, NewAppointment(
        shop=wanted.shop, contact_id=place.contact_id, conversation_id=conversation_id, ticket_id=place.ticket_id,
        brand_id=place.brand_id, team_id=place.team_id, made_by=by, starts_at=wanted.starts_at,
        purpose=wanted.purpose, note=wanted.note,
    ), most=standing.shop.at_once, actor=f"agent:{by}", now=now)  # fmt: skip
    await _follow(tx, made, standing, now)
    return Agreed(made, await tell(tx, made, Step.BOOKED, books, now))


async def change(
    tx: Tx, held: Appointment, shop: str, starts_at: datetime, books: Books, *, actor: str, now: datetime
) -> Agreed:
    """Another time or shop of a locked appointment; the timers of the first one find another version and do nothing."""
    standing = books.shops.of(shop)
    if (shop, starts_at) == (held.shop, held.starts_at) and held.state is AppointmentState.BOOKED:
        return Agreed(held, True)
    policy.ensure_slot(standing, starts_at, now)
    await _ensure_only(tx, held.contact_id, standing, starts_at, but=held.id)
    made = await appointments.move(
        tx, held, shop, starts_at, most=standing.shop.at_once, actor=actor, now=now
    )  # fmt: skip
    await _follow(tx, made, standing, now)
    return Agreed(made, await tell(tx, made, Step.MOVED, books, now))


async def withdraw(tx: Tx, held: Appointment, books: Books, *, reason: str, actor: str, now: datetime) -> Agreed:
    made = await appointments.cancel(tx, held, reason=reason, actor=actor, now=now)
    return Agreed(made, await tell(tx, made, Step.CANCELLED, books, now))


def ensure_customer_may(held: Appointment, now: datetime) -> None:
    """By himself until it begins; afterwards people talk."""
    if held.state is not AppointmentState.BOOKED or now >= held.starts_at:
        raise Conflict("it is too late to change this appointment here: write to us")


async def of_customer(tx: Tx, identities: Sequence[UUID]) -> list[CounterAppointment]:
    """What was passed on from his own conversations."""
    return await store.of_visitor(tx, identities, _MOST_SHOWN)


async def remind(tx: Tx, timer: Timer, books: Books, now: datetime) -> None:
    held = await appointments.lock_appointment(tx, timer.subject)
    if timer.fits(held.version) and held.state is AppointmentState.BOOKED and now < held.starts_at:
        await appointments.reminded(tx, held, actor=f"timer:{REMIND}", now=now)
        if not await tell(tx, held, Step.REMINDED, books, now):
            await ring(tx, held, UNREACHED, books.shops, actor=f"timer:{REMIND}", now=now)


async def give_up(tx: Tx, timer: Timer, books: Books, now: datetime) -> None:
    """Nobody said that he came."""
    held = await appointments.lock_appointment(tx, timer.subject)
    if timer.fits(held.version) and held.state is AppointmentState.BOOKED:
        await miss(tx, held, books, actor=f"timer:{OVER}", now=now)


async def miss(tx: Tx, held: Appointment, books: Books, *, actor: str, now: datetime) -> Appointment:
    made = await appointments.miss(tx, held, actor=actor, now=now)
    await tell(tx, made, Step.MISSED, books, now)
    await ring(tx, made, NOT_COME, books.shops, actor=actor, now=now)
    return made


async def tell(tx: Tx, a: Appointment, step: Step, books: Books, now: datetime) -> bool:
    """In the customer's newest conversation where it came from; nothing where nothing automatic may be said."""
    reach = await store.reach(tx, a.conversation_id) if a.conversation_id else None
    standing = books.shops.shops.get(a.shop)
    if reach is None or standing is None or await complaints.is_frozen(tx, reach.contact_id):
        return False
    beside = reach.channel == _WEBCHAT
    if not beside and reach.live and reach.phase == "ended":
        return False  # this channel lets nobody in until he writes
    if not await outbox.has_room(tx, reach.conversation_id, reach.channel, now):
        return False
    draft = Draft(
        direction="system" if beside else "out", author="system", kind="text" if beside else "notice", human=False,
        text=wording.told(step, a, standing, reach.locale or ""),
        client_id=f"appointment:{a.id}:{a.version}:{step}:{int(now.timestamp())}",
        payload={"code": "appointment", "step": step, "appointment": a.id},
    )  # fmt: skip
    if not await allows(tx, reach.conversation_id, draft, books.words, now=now):
        return False
    await serving.reply(tx, reach.conversation_id, draft, now=now)
    return True


async def _ensure_only(
    tx: Tx, contact_id: UUID, standing: StandingShop, starts_at: datetime, *, but: UUID | None = None
) -> None:
    span = policy.day_of(standing, standing.calendar.local_date(starts_at))
    if await appointments.booked_between(tx, contact_id, standing.key, *span, but=but) is not None:
        raise Conflict("the customer comes to this shop on this day already: change that appointment")


async def _follow(tx: Tx, a: Appointment, standing: StandingShop, now: datetime) -> None:
    """Its reminders, and the moment when nobody expects him any more."""
    due = [NewTimer(at, REMIND, a.id, a.version) for at in policy.reminders(standing, a.starts_at, now)]
    await set_timers(tx, [*due, NewTimer(a.starts_at + standing.shop.grace, OVER, a.id, a.version)])
