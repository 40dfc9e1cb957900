"""Counting what is known of people, judging who is in which segment, and what is asked about both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.segments import policy, store
from yizhan.desk.segments.documents import SegmentDocument, condition_of
from yizhan.desk.segments.model import CHANGED, EXPORTED, JUDGED, Fit, Moved, Standing
from yizhan.desk.segments.policy import Rules, compile_segments
from yizhan.foundation.conditions import compile_sql
from yizhan.foundation.db import PostgresError, Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import id_floor, new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.config import Configuration

After = Callable[[Tx, UUID, int], Awaitable[tuple[UUID, list[UUID | None]]]]

ACTOR = "system"
SAMPLE = 10
_PATIENCE = timedelta(seconds=5)
_CANCELLED = "57014"
_OVERLAP = timedelta(seconds=30)


async def count_anew(
    tx: Tx, contacts: Collection[UUID], rules: Rules, configuration: Configuration, now: datetime
) -> list[Moved]:
    """All that is known of whose these contacts are, and in which segments he is: at once, and told to the journal."""
    standing = await store.lock_clock(tx)
    return await _count(tx, standing, contacts, rules, configuration, now)


async def _count(
    tx: Tx, standing: Standing, contacts: Collection[UUID], rules: Rules, configuration: Configuration, now: datetime
) -> list[Moved]:
    persons = await store.persons_of(tx, sorted(contacts))
    if not persons:
        return []
    await store.recount(tx, persons, now)
    moved = await judge(tx, persons, await _newest(tx, standing, rules, configuration), now)
    await _tell(tx, moved, now)
    return moved


async def judge(tx: Tx, persons: Sequence[UUID], rules: Rules, now: datetime) -> list[Moved]:
    by = policy.judging(rules, store.JUDGE_PARAMETERS + 1, now)
    return await store.judge(tx, persons, by, now)


async def _newest(tx: Tx, standing: Standing, rules: Rules, configuration: Configuration) -> Rules:
    """A process that has not heard of the latest release yet reads it, lest it judges by what counts no longer."""
    if rules.number >= standing.release:
        return rules
    return compile_segments(await configuration.published(tx))


async def begin_anew(tx: Tx, now: datetime) -> int:
    """Everybody is counted anew, a few at a time: the net under what no event told of."""
    standing = await store.lock_clock(tx)
    await store.begin_walk(tx, standing.release, standing.digest, recounting=True)
    return 0


async def look(tx: Tx, rules: Rules, configuration: Configuration, now: datetime, most: int) -> bool:
    """One step of the watch: new rules, the walk through everybody, else whoever time or a visit has changed.

    Whether there is more to do at once.
    """
    standing = await store.lock_clock(tx)
    if rules.number > standing.release:
        if rules.digest == standing.digest:
            await store.note_release(tx, rules.number)
        else:
            await store.begin_walk(tx, rules.number, rules.digest, recounting=False)
        return True
    if standing.walked is not None:
        return await _walk(tx, standing, standing.walked, rules, configuration, now, most)
    return await _follow(tx, standing, rules, configuration, now, most)


async def _walk(
    tx: Tx, standing: Standing, walked: UUID, rules: Rules, configuration: Configuration, now: datetime, most: int
) -> bool:
    """Nobody is told of each: what a new rule changes is told once, by its own event."""
    persons = await store.persons_after(tx, walked, most)
    if standing.recounting:
        await store.recount(tx, persons, now)
    await judge(tx, persons, await _newest(tx, standing, rules, configuration), now)
    over = len(persons) < most
    await store.note_walk(tx, None if over else persons[-1], now)
    if over:
        facts = {"release": standing.release, "sizes": await store.sizes(tx)}
        await emit(tx, [
            Event(kind=JUDGED, subject=new_id(now), subject_version=1, at=now, actor=ACTOR, data=facts)
        ])  # fmt: skip
    return True


async def _follow(
    tx: Tx, standing: Standing, rules: Rules, configuration: Configuration, now: datetime, most: int
) -> bool:
    spoke = await _since(tx, standing.conversation, store.conversations_after, now, most)
    came = await _since(tx, standing.visit, store.visits_after, now, most)
    due = await store.due(tx, now, most)
    await _count(tx, standing, {*spoke[1], *came[1], *due}, rules, configuration, now)
    await store.note_places(tx, spoke[0], came[0])
    return len(due) == most or spoke[2] or came[2]


async def _since(tx: Tx, place: UUID, after: After, now: datetime, most: int) -> tuple[UUID, set[UUID], bool]:
    """Where to go on, whose they are, and whether there is more. The last moments are looked at again: what was begun
    earlier may be written later."""
    last, whose = await after(tx, place, most)
    contacts = {each for each in whose if each is not None}
    if len(whose) >= most:
        return last, contacts, True
    return max(place, min(last, id_floor(now - _OVERLAP))), contacts, False


async def fit(tx: Tx, document: SegmentDocument, rules: Rules, now: datetime) -> Fit:
    """How many the condition of a segment fits just now, saved or not, and some of them.

    Raises Invalid where that cannot be counted in time.
    """
    condition = condition_of(document, rules.fields)
    columns = rules.fields.columns()
    await store.patience(tx, _PATIENCE)
    try:
        count, known = await store.fit(tx, *compile_sql(condition, columns, 1, now=now))
        some = await store.some(tx, *compile_sql(condition, columns, 2, now=now), SAMPLE) if count else ()
    except PostgresError as error:
        if getattr(error, "sqlstate", "") != _CANCELLED:
            raise
        raise Invalid("this takes longer than 5 seconds to count: ask for less in one segment", "when") from None
    return Fit(count, known, some)


async def tell_export(tx: Tx, segment: str, members: int, *, by: str, now: datetime) -> None:
    await emit(tx, [
        Event(kind=EXPORTED, subject=new_id(now), subject_version=1, at=now, actor=by,
              data={"segment": segment, "members": members})
    ])  # fmt: skip


async def _tell(tx: Tx, moved: Sequence[Moved], now: datetime) -> None:
    came: dict[UUID, list[str]] = {}
    left: dict[UUID, list[str]] = {}
    for each in moved:
        (came if each.came else left).setdefault(each.person_id, []).append(each.segment)
    await emit(tx, [
        Event(kind=CHANGED, subject=person, subject_version=1, at=now, actor=ACTOR, contact_id=person,
              data={"came": came.get(person, []), "left": left.get(person, [])})
        for person in dict.fromkeys(each.person_id for each in moved)
    ])  # fmt: skip
