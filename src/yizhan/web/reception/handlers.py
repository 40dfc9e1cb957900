"""The routes of the assistant."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from yizhan.desk import reception
from yizhan.desk.reception import RECEPTION, Heard, ReceptionRules
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records import inboxes
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.reception.shapes import (
    CoverageShape,
    EntriesImportRequest,
    EntryFigures,
    GapShape,
    ImportedShape,
    MatchShape,
    TriedShape,
    TryRequest,
    TurnShape,
    TurnsShape,
)
from yizhan.web.seen import seen_conversation
from yizhan.web.services import Services

REPLY = [permits(Permission.MESSAGE_REPLY)]
SUPERVISE = [permits(Permission.SUPERVISE)]
CONFIGURE = [permits(Permission.CONFIG_MANAGE)]
_MOST_QUESTIONS = 1000
_LIKELIEST = 5


@get("/conversations/{conversation_id:uuid}/reception", guards=REPLY)
async def turns_of_conversation(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> TurnsShape:
    """What the assistant tried, for whoever serves the customer after it."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        found = (await reception.turns(tx, [conversation_id]))[conversation_id]
    titles = _titles(services)
    return TurnsShape([
        TurnShape(
            t.message_id, t.at, t.outcome.value, t.why, t.entry, titles.get(t.entry or "", t.entry or ""),
            t.sure, [titles.get(key, key) for key in t.offered],
        )
        for t in found
    ])  # fmt: skip


@get("/reception/coverage", guards=SUPERVISE)
async def coverage(
    services: GivenServices, viewer: GivenViewer, days: Annotated[int, QueryParameter(ge=1, le=90)] = 7
) -> CoverageShape:
    """What customers asked in vain, the like together, and what became of each answer."""
    since = services.clock.now() - timedelta(days=days)
    async with services.db.read() as tx:
        asked = await reception.unanswered(tx, viewer, since, _MOST_QUESTIONS)
        counted = await reception.tally(tx, viewer, since)
    titles = _titles(services)
    turns: Counter[str] = Counter()
    why: Counter[str] = Counter()
    for each in counted:
        turns[each.outcome] += each.turns
        if each.outcome in ("handed", "left"):
            why[each.why] += each.turns
    entries = [
        EntryFigures(each.entry, titles.get(each.entry, each.entry), each.turns, each.solved, each.handed)
        for each in sorted(counted, key=lambda each: (-each.turns, each.entry))
        if each.entry
    ]
    gaps = [
        GapShape(g.text, g.count, g.last_at, g.entry, titles.get(g.entry or "", ""), g.phrasings, g.conversations)
        for g in reception.gaps(asked)
    ]
    return CoverageShape(days, dict(turns), dict(why), entries, gaps)


@post("/reception/try", guards=CONFIGURE, status_code=200)
async def try_assistant(data: JSONBody[TryRequest], services: GivenServices) -> TriedShape:
    """What it would do with a first question. Nothing is stored."""
    rules = await _rules(services, data)
    now = services.clock.now()
    id = new_id(now)
    turn = Heard(conversation_id=id, messages=[id], text=data.text, plain=True, page=data.page)
    if not rules.receives:
        rules = msgspec.structs.replace(rules, begins=reception.Begins.ALWAYS)
    told = reception.step(turn, [], rules, services.word_book.of(data.inbox_id))
    exact, ranked = reception.look_up(data.text, data.page, rules)
    likeliest = [exact] if exact is not None else ranked[:_LIKELIEST]
    return TriedShape(
        outcome=told.outcome.value, why=told.why, text=told.text, options=list(told.options), entry=told.entry,
        title=_title(rules, told.entry), sure=told.sure, bar=rules.sure,
        likeliest=[MatchShape(m.key, _title(rules, m.key), m.score) for m in likeliest],
    )  # fmt: skip


@post("/reception/import", guards=CONFIGURE, status_code=200)
async def import_entries(data: JSONBody[EntriesImportRequest]) -> ImportedShape:
    """Reads a CSV file of entries; they are saved with the document they are put into."""
    return ImportedShape([msgspec.to_builtins(entry) for entry in reception.read_csv(data.csv)])


async def _rules(services: Services, data: TryRequest) -> ReceptionRules:
    if data.body is not None:
        document = RECEPTION.decode(data.body)
        return reception.compile_reception([document], "draft")
    if data.inbox_id is None:
        return services.reception.book.of()
    return services.reception.book.of(data.inbox_id, await _team(services, data.inbox_id))


async def _team(services: Services, inbox_id: UUID) -> UUID | None:
    async with services.db.read() as tx:
        known = {inbox.id: inbox.team_id for inbox in await inboxes.inboxes(tx, services.vault)}
    if inbox_id not in known:
        raise Invalid("no such inbox", "inbox_id")
    return known[inbox_id]


def _titles(services: Services) -> dict[str, str]:
    """Of every entry of every document in force; of one key that is used twice, one."""
    return {
        entry.key: entry.questions[0]
        for document in services.reception.book.documents()
        for entry in document.entries
        if entry.questions
    }


def _title(rules: ReceptionRules, key: str | None) -> str:
    entry = rules.entries.get(key or "")
    return entry.questions[0] if entry is not None else key or ""


routes = (turns_of_conversation, coverage, try_assistant, import_entries)
