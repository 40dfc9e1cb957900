"""Telling the customer a step, through the ordinary outbox; in the widget as a line of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk import serving
from yizhan.desk.progress import policy, store
from yizhan.desk.progress.model import Reach, Step
from yizhan.desk.progress.rules import ProgressBook
from yizhan.desk.words import WordBook, allows, screen
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.foundation.timer import NewTimer, set_timers
from yizhan.records import complaints, outbox
from yizhan.records.conversations import Draft

TELL = "progress.tell"


async def hear(tx: Tx, entries: Sequence[Entry], book: ProgressBook, now: datetime) -> None:
    """One statement a batch, none while nobody asks for any step. What locks is a timer's."""
    if not book.of().steps and not book.any(lambda document: bool(document.steps)):
        return
    due = [
        NewTimer(now + policy.PATIENCE, TELL, e.ticket_id, 0, {"step": step})
        for e in entries if e.ticket_id is not None and (step := policy.step_of(e)) is not None
    ]  # fmt: skip
    await set_timers(tx, due)


async def tell(tx: Tx, ticket_id: UUID, step: Step, book: ProgressBook, words: WordBook, now: datetime) -> None:
    """Never where the channel counts our messages: those are kept for people; and never in public, where his words of
    private messages would stand for all to read."""
    reach = await store.reach(tx, ticket_id)
    if reach is None or reach.conversation_id is None:
        return
    rules = book.of(reach.inbox_id, reach.team_id)
    if not policy.is_told(step, reach, rules, now) or await complaints.is_frozen(tx, reach.contact_id):
        return
    mark = policy.mark_of(step, reach)
    channel = reach.channel or ""
    counted = await outbox.is_counted(tx, reach.conversation_id, channel, now)
    if (
        counted
        or await outbox.is_public(tx, reach.conversation_id, channel)
        or await store.was_told(tx, ticket_id, mark)
    ):
        return
    draft = Draft(
        direction="system" if reach.live else "out", author="system", kind="text" if reach.live else "notice",
        text=policy.words_of(step, reach, rules, quotes=_sayable(reach, words)), human=False, client_id=mark,
        payload={"code": "progress", "step": step, "ticket": reach.number},
    )  # fmt: skip
    if await allows(tx, reach.conversation_id, draft, words, now=now):
        await serving.reply(tx, reach.conversation_id, draft, now=now, ticket_id=ticket_id)


def _sayable(reach: Reach, words: WordBook) -> bool:
    """The whole text is judged once more before it goes."""
    rules = words.of(reach.inbox_id, reach.team_id)
    try:
        return not screen(reach.subject, rules)
    except Exception as error:  # a list that fails holds nothing up
        words.faults.note("words", rules.source, "outgoing", error)
        return False
