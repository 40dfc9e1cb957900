"""Days at random as the journal tells them: chats that queue, are picked up, missed, answered, left and rated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from yizhan.foundation.journal import Entry

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def thing(number: int) -> UUID:
    return UUID(int=number)


class Teller:
    """Writes entries one after the other; `at` only grows."""

    def __init__(self, chance: Random, at: datetime = START) -> None:
        self.chance = chance
        self.at = at
        self.entries: list[Entry] = []
        self.running: dict[UUID, str] = {}
        self.over: list[UUID] = []
        self._things = 1000

    def tell(self, kind: str, subject: UUID, team: UUID | None = None, agent: UUID | None = None, **data: Any) -> None:
        pos = len(self.entries) + 1
        about = subject if kind.startswith(("conversation.", "message.")) else None
        self.entries.append(Entry(
            pos, pos, self.at, kind, 1, subject, 1, None, team, agent, None, about, None, "test", None, None, None, 0,
            data,
        ))  # fmt: skip

    def step(self) -> None:
        self.at += timedelta(seconds=self.chance.choice((0, 1, 5, 20, 90, 1200)))
        acts = (self.starts, self.starts, self.says, self.gives, self.gives, self.answers, self.answers, self.loses,
                self.ends, self.rates, self.sleeps, self.breaks, self.moves_off)  # fmt: skip
        self.chance.choice(acts)()

    def starts(self) -> None:
        self._things += 1
        id, live = thing(self._things), self.chance.random() < 0.85
        phase = self.chance.choice(("queued", "queued", "bot", "served")) if live else "queued"
        inbox = thing(self.chance.choice((11, 12)))
        self.tell("conversation.started", id, self.team(), channel="webchat" if live else "email", inbox=str(inbox),
                  phase=phase, live=live)  # fmt: skip
        self.tell("message.received", id, automatic=False, effect="new")
        if live:
            self.running[id] = phase

    def says(self) -> None:
        if id := self.one():
            self.tell("message.received", id, automatic=self.chance.random() < 0.1, effect="append")

    def gives(self) -> None:
        if id := self.one("queued"):
            self.running[id] = "served"
            self.tell("conversation.assigned", id, self.team(), self.agent(), to=str(self.agent()))

    def answers(self) -> None:
        if id := self.one("served"):
            self.tell("message.sent", id, human=self.chance.random() < 0.8)

    def loses(self) -> None:
        if id := self.one("served"):
            self.running[id] = "queued"
            self.tell("conversation.requeued", id, self.team(), reason=self.chance.choice(("missed", "returned")))

    def ends(self) -> None:
        if id := self.one():
            phase = self.running.pop(id)
            reason = "abandoned" if phase == "queued" else self.chance.choice(("agent", "customer", "timeout"))
            self.tell("conversation.ended", id, reason=reason, phase=phase)
            self.over.append(id)

    def rates(self) -> None:
        if self.over:
            stars = self.chance.choice((None, 1, 4, 5))
            solved = self.chance.choice((None, True, False))
            self.tell("conversation.rated", self.chance.choice(self.over), self.team(), stars=stars, solved=solved,
                      inbox=str(thing(11)))  # fmt: skip

    def sleeps(self) -> None:
        if id := self.one("served"):
            self.tell(self.chance.choice(("conversation.slept", "conversation.woke")), id)

    def breaks(self) -> None:
        target = thing(500 + self.chance.randrange(6))
        self.tell(self.chance.choice(("sla.warned", "sla.breached", "sla.met")), target, self.team())

    def moves_off(self) -> None:
        who = self.agent()
        self.tell("agent.presence", who, to=self.chance.choice(("online", "break", "offline")))
        self.tell("load.changed", who, live=self.chance.randrange(5))

    def one(self, phase: str | None = None) -> UUID | None:
        fitting = [id for id, now in self.running.items() if phase in (None, now)]
        return self.chance.choice(fitting) if fitting else None

    def team(self) -> UUID:
        return thing(self.chance.choice((1, 2)))

    def agent(self) -> UUID:
        return thing(self.chance.choice((21, 22, 23)))
