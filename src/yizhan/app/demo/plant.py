"""Plants the demo once: the house, a month of history, and a floor in the middle of its day."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from yizhan.app.demo import (
    complaining,
    conferring,
    crm,
    fortnight,
    grouping,
    guarding,
    portrait,
    rated,
    receiving,
    resolving,
    rostering,
    shopping,
    surveyed,
    ticketing,
    verifying,
    visiting,
)
from yizhan.app.demo.cast import load_corpus, load_picture
from yizhan.app.demo.past import Stage, Teller, history, in_service, person, told_before, waiting
from yizhan.app.demo.people import Staff, hire, settle_down
from yizhan.desk import segments
from yizhan.desk.intake import Attachment, Intake
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import is_thanks_only, mask_phone
from yizhan.records import agents, contacts
from yizhan.records.config import Body, Pick
from yizhan.records.contacts import Strength

if TYPE_CHECKING:
    from yizhan.app.house import House

log = get_logger(__name__)

_PAST = timedelta(days=31)
_FIRST_CONTACTS = 330
_SEED = 20


async def is_planted(house: House) -> bool:
    """Or somebody's own people are here already."""
    async with house.db.read() as tx:
        return bool(await agents.agents(tx))


async def plant_demo(house: House, count: int = _FIRST_CONTACTS) -> None:
    """Only into an empty house: a second start finds what the first one left."""
    now = house.clock.now()
    async with house.db.transaction() as tx:
        if await agents.agents(tx):
            return
        staff = await hire(tx, house.vault, now - _PAST)
        await _rule(tx, house, staff, now)
        await surveyed.rule(tx, house.rules.configuration, now)
        await complaining.rule(tx, house.rules.configuration, now)
        await rostering.rule(tx, house.rules.configuration, staff, now)
        await ticketing.rule(tx, house.rules.configuration, now)
        await conferring.rule(tx, house.rules.configuration, now)
        await verifying.rule(tx, house.rules.configuration, now)
        await visiting.rule(tx, house.rules.configuration, now)
        await crm.rule(tx, house.rules.configuration, house.vault, now)
        await grouping.rule(tx, house.rules.configuration, now)
        await receiving.rule(tx, house.rules.configuration, load_corpus(), staff.inboxes["digital"], now)
    await plant_customers(house, house.db, staff, count)
    await house.intake.load_inboxes()


async def plant_customers(house: House, db: Database, staff: Staff, count: int = _FIRST_CONTACTS) -> None:
    """The month before and the floor as it is now; `count` first contacts beside those with a part of their own."""
    now, chance, corpus = house.clock.now(), Random(_SEED), load_corpus()  # noqa: S311 - nothing secret hangs on it
    stage = await _stage(house, db, staff, now)
    teller = Teller(stage)
    stories = [*history(chance, corpus, now, staff.names, count), *told_before(now)]
    stories.sort(key=lambda s: s.start)
    late = [s for s in stories if s.customer == person("wang_chat") and now - s.start < timedelta(days=1)]
    await teller.tell(s for s in stories if s not in late)
    async with db.transaction() as tx:
        await _link(tx, teller, now)
        await shopping.plant(tx, house.vault, house.rules.profile.now, stories, teller.contacts, now)
        await resolving.plant(tx, house.vault, house.rules.profile.now, now)
        await portrait.plant(tx, house.vault, staff, house.rules.profile.now, stories, teller.contacts, now)
    await portrait.visits(db, house.vault, staff, now)
    await teller.tell(late)
    async with db.transaction() as tx:
        await fortnight.plant(tx, staff, now)
        await rostering.worked(tx, staff, now)
        await settle_down(tx, staff, now)
        await rostering.plan(tx, staff, now)
        await rated.plant(tx, staff, house.rules.satisfaction, house.rules.types.tree, now)
        await surveyed.plant(tx, house.rules.types.tree, now)
        await complaining.plant(tx, house.rules.complaints.now, staff, teller.contacts, now)
    known, floor = frozenset(teller.contacts), [*in_service(chance, corpus, now, staff.names), *waiting(now)]
    await teller.tell_to_the_floor(floor, now)
    async with db.transaction() as tx:
        fresh = [story for story in floor if story.customer.number not in known]
        await shopping.plant(tx, house.vault, house.rules.profile.now, fresh, teller.contacts, now, seed=5)
        await ticketing.fill(tx, staff.people["zhuguan"], chance, now)
        await conferring.plant(tx, staff, house.rules.promises, now)
        await portrait.promised(tx, staff, house.rules.promises, teller.contacts[person("wang_mp").number], now)
        await verifying.plant(tx, house.vault, staff, house.rules.verification, now)
        await visiting.plant(tx, staff, house.rules.words, now)
        await guarding.guard(tx, staff, house.rules.words, house.rules.blacklist(), now)
        await segments.begin_anew(tx, now)
    log.info("demo.planted", stories=len(stories))


async def _rule(tx: Tx, house: House, staff: Staff, now: datetime) -> None:
    """Refunds and complaints of her team are 林一's first: after five minutes whoever can takes them, after fifteen all
    of her team."""
    configuration = house.rules.configuration
    body: Body = {
        "title": "售后 L1:退款与投诉等专人", "title_en": "After-sales L1: refunds and complaints wait for specialists",
        "teams": [str(staff.teams["after"])], "skill_wait_s": 300,
        "skill_should_s": 900, "skills": {"english": {"must": False}},
    }  # fmt: skip
    peak: Body = {
        "title": "电话高峰:售前支援回电", "title_en": "Phone surge: pre-sales call back",
        "team": str(staff.teams["phone"]), "counts": "all", "back_waiting": 2,
        "steps": [{"team": str(staff.teams["presale"]), "waiting": 8, "wait_s": 15 * 60}], "up_to": "medium",
    }  # fmt: skip
    picks = []
    for kind, name, each in (("routing", "after", body), ("overflow", "hotline", peak)):
        saved = await configuration.save(tx, kind, name, each, by="system", now=now)
        picks.append(Pick(kind, name, saved.version))
    await configuration.release(tx, picks, by="system", now=now, note="专人与电话高峰")


async def _stage(house: House, db: Database, staff: Staff, now: datetime) -> Stage:
    picture = load_picture()
    kept = await house.blobs.put(picture, "image/png")
    attachment = Attachment(hash=kept.hash, name="IMG_2041.png", type="image/png", size=kept.size, inline=True)
    clock = FakeClock(now)

    async def keep(raw: bytes) -> str:
        return (await house.blobs.put(raw)).hash

    intake = Intake(db, house.vault, clock, new_id, is_thanks_only, keep)
    await intake.load_inboxes()
    return Stage(db, house.vault, intake, clock, staff, attachment, now)


async def _link(tx: Tx, teller: Teller, now: datetime) -> None:
    """王晓燕 proved that both are she; two people with one recycled number were taken for one, to be taken back."""
    made = teller.contacts
    await contacts.link_contacts(
        tx, made[person("wang_chat").number], made[person("wang_mp").number], strength=Strength.PROVED,
        evidence={"kind": "phone", "address": mask_phone(person("wang_mp").phone)}, actor="system",
        now=now - timedelta(hours=25),
    )  # fmt: skip
    await contacts.link_contacts(
        tx, made[person("old_owner").number], made[person("new_owner").number], strength=Strength.CLAIMED,
        evidence={"kind": "phone", "address": mask_phone(person("new_owner").phone)}, actor="system",
        now=now - timedelta(days=2),
    )  # fmt: skip
