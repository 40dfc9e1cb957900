"""What those who play do, each in one transaction and by the verbs everybody uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

import msgspec

from yizhan.app.demo import shopping
from yizhan.app.demo.cast import Corpus, Customer, Line, Story, is_played, load_words, order_number
from yizhan.app.demo.drive.openings import kind_of
from yizhan.app.demo.drive.talk import Move, Talk, agents_move, found_again, is_nudge, question_in, to_assistant
from yizhan.app.demo.past import speaking_as
from yizhan.channels.webchat import parse_message
from yizhan.desk import clocks, reception, satisfaction, serving, views, words
from yizhan.desk.intake import Accepted, Intake
from yizhan.desk.satisfaction import Given, satisfaction_book
from yizhan.desk.sources import ProfileBook
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.records import agents, contacts, conversations
from yizhan.records.conversations import Draft, Phase, Rating, Summary
from yizhan.records.ratings import Way
from yizhan.records.tickets import Action, By

_ORDER = re.compile(r"SO\d{13}")
_CLIENT_IDS = UUID("5f0e3c9e-7c0b-4b52-9a5e-0d1f5c1f0a11")
_RECENT = 12
_SHORT = 10


class Acts:
    """`names` are the agents who are played, by id."""

    def __init__(
        self, db: Database, vault: Vault, intake: Intake, corpus: Corpus, chance: Random, names: Mapping[UUID, str],
        word_book: words.WordBook, profiles: ProfileBook,
    ) -> None:  # fmt: skip
        self.names = names
        self._db = db
        self._vault = vault
        self._intake = intake
        self._corpus = corpus
        self._chance = chance
        self._word_book = word_book
        self._profiles = profiles
        self._ratings = satisfaction_book()

    async def write(self, talk: Talk, text: str, now: datetime, page: dict[str, str] | None = None) -> Accepted:
        assert talk.sender is not None, "nobody speaks for a person who tries the demo"
        client_id = str(uuid5(_CLIENT_IDS, f"{talk.sender.value} {now.timestamp()}"))
        return await self._intake.accept(parse_message(
            talk.inbox_id, talk.sender, talk.name, now, client_id=client_id, text=text, locale="zh-CN",
            origin={"page": page} if page else {},
        ))  # fmt: skip

    async def shopped(self, who: Customer, contact_id: UUID, kind: str, lines: Sequence[str], now: datetime) -> None:
        """What he asks about lies in the shop's system: the order he names, else one of four days ago."""
        named = _ORDER.search(" ".join(lines))
        placed = now - timedelta(days=4)
        story = Story(
            inbox="", customer=who, start=now, kind=kind,
            lines=tuple(Line("customer", each, timedelta(0)) for each in lines),
            order_no=named[0] if named else order_number(self._chance, placed),
        )  # fmt: skip
        async with self._db.transaction() as tx:
            await shopping.plant(
                tx, self._vault, self._profiles.now, [story], {who.number: contact_id}, now, seed=who.number
            )

    async def answer(self, talk: Talk, now: datetime) -> Move:
        """The agent's next step; what was done tells when the next one is."""
        assert talk.agent_id is not None
        async with self._db.transaction() as tx:
            messages = await views.messages_of_conversation(tx, talk.conversation_id, count=_RECENT)
            move = agents_move(self._chance, messages, played=talk.sender is not None)
            text = self._words(move, talk.agent_id, question_in(messages), first=_nobody_answered(messages))
            if text:
                draft = Draft(direction="out", author=f"agent:{talk.agent_id}", text=text)
                if await words.allows(tx, talk.conversation_id, draft, self._word_book, now=now):
                    await serving.reply(tx, talk.conversation_id, draft, now=now)
            elif move is Move.END:
                c = await conversations.lock_conversation(tx, talk.conversation_id)
                if c.phase is not Phase.SERVED or c.agent_id != talk.agent_id:
                    return Move.NOTHING
                proposed, _ = await serving.proposed_summary(tx, c)
                await serving.end(
                    tx, c.id, _with_words(self._chance, proposed), typed=False,
                    by=By(f"agent:{talk.agent_id}", talk.agent_id), now=now,
                )  # fmt: skip
        return move

    def _words(self, move: Move, agent_id: UUID, question: str, *, first: bool) -> str:
        words = load_words()
        hello = self._chance.choice(words.hello).format(name=self.names[agent_id]) if first else ""
        if move is Move.LOOK:
            return hello + self._chance.choice(words.looking)
        if move is Move.GOODBYE:
            return self._chance.choice(words.else_)
        if move is not Move.ANSWER:
            return ""
        known = words.reply_to(question)
        if known is None and question and not is_nudge(question):
            found = self._corpus.answer(question)
            known = found.answer if found else None
        return hello + (known or self._chance.choice(words.first[kind_of(question)]))

    async def reaction(self, talk: Talk) -> str:
        async with self._db.read() as tx:
            messages = await views.messages_of_conversation(tx, talk.conversation_id, count=_RECENT)
        return to_assistant(self._chance, messages)

    async def leave(self, talk: Talk, now: datetime) -> None:
        async with self._db.transaction() as tx:
            await clocks.abandon(tx, talk.conversation_id, actor=f"customer:{talk.contact_id}", now=now)

    async def rate(self, talk: Talk, rating: Rating, now: datetime) -> None:
        async with self._db.transaction() as tx:
            c = await conversations.lock_conversation(tx, talk.conversation_id)
            if c.phase is Phase.ENDED:
                given = Given(solved=rating.solved, stars=rating.stars, tags=rating.tags, comment=rating.comment)
                who = f"customer:{talk.contact_id}"
                await satisfaction.rate(tx, c.id, given, self._ratings, way=Way.WINDOW, actor=who, now=now)

    async def solve_next(self, agent_id: UUID, before: datetime, due: datetime, now: datetime) -> bool:
        """An agent takes up the open ticket whose promise ends first, by `due`, else what has lain longest, since
        `before`; False where he has neither."""
        async with self._db.transaction() as tx:
            viewer = await agents.viewer(tx, agent_id)
            if viewer is None:
                return False
            mine = await views.tickets_page(tx, viewer, views.TicketFilter(view="mine", status="open", limit=50))
            near = [(t.due.due_at, t) for t in mine if t.due is not None and t.due.due_at is not None]
            pressing = min((at for at, _ in near), default=None)
            old = [t for t in mine if t.last_message_at < before]
            if pressing is not None and pressing < due:
                ticket = next(t for at, t in near if at == pressing)
            elif old:
                ticket = min(old, key=lambda t: t.last_message_at)
            else:
                return False
            words = load_words()
            text = self._chance.choice(words.own.get(ticket.type, words.plain))
            by = By(f"agent:{agent_id}", agent_id)
            await serving.move(tx, ticket.id, Action.SOLVE, text=text, by=by, now=now)
            return True

    async def find(self, ids: list[UUID]) -> list[Talk]:
        """Conversations we have no part in yet; those of played customers with their voice."""
        async with self._db.read() as tx:
            rows = [r for r in await views.conversation_rows(tx, ids) if r.live and r.phase != "ended"]
            talks = []
            for row in rows:
                value = await contacts.open_identity(tx, self._vault, row.identity_id)
                talks.append(found_again(row, speaking_as(value) if is_played(value) else None))
        return talks

    async def present(self, people: Collection[UUID]) -> set[UUID]:
        """Those who are not 离线."""
        async with self._db.read() as tx:
            known = [(who, await agents.presence_of(tx, who)) for who in people]
        return {who for who, presence in known if presence and presence.state is not agents.PresenceState.OFFLINE}

    async def find_all(self, watcher: UUID) -> list[UUID]:
        """Everything live that goes on, seen by one who sees all."""
        async with self._db.read() as tx:
            viewer = await agents.viewer(tx, watcher)
            rows = await views.queue(tx, viewer) if viewer is not None else []
            for agent in [*self.names, watcher]:
                rows += await views.my_conversations(tx, agent)
            assisted = await reception.received(tx)
        return [*(row.id for row in rows), *assisted]


def _nobody_answered(messages: list[views.MessageRow]) -> bool:
    return not any(m.direction == "out" and m.author.kind == "agent" for m in messages)


def _with_words(chance: Random, proposed: Summary) -> Summary:
    """A dialogue without a question proposes nothing, and a note is never empty."""
    kind = proposed.type
    plain = chance.choice(load_words().own.get(kind, load_words().plain))
    text = proposed.text if len(proposed.text) >= _SHORT else plain
    return msgspec.structs.replace(proposed, text=text)
