"""One conversation as those who play in it see it. Kept in memory: after a start it is found again in the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random
from uuid import UUID

from yizhan.app.demo.cast import load_words
from yizhan.desk.intake import Sender
from yizhan.desk.views import ConversationRow, MessageRow
from yizhan.foundation.text import is_thanks_only

MOST_NAGS = 2
MOST_FOLLOW_UPS = 2


@dataclass
class Talk:
    """`sender` None: a person who tries the demo writes; nobody speaks for him. Times are when somebody acts next."""

    conversation_id: UUID
    inbox_id: UUID
    contact_id: UUID
    since: datetime
    sender: Sender | None = None
    name: str = ""
    agent_id: UUID | None = None
    ours_last: bool = False
    still_to_say: list[str] = field(default_factory=list)
    customer_at: datetime | None = None
    agent_at: datetime | None = None
    leaves_at: datetime | None = None
    rates_at: datetime | None = None
    nags: int = 0
    follow_ups: int = 0
    thanked: bool = False
    looked: bool = False
    for_linyi: bool = False
    over: bool = False
    assisted: bool = False


class Move(StrEnum):
    """What an agent who is played does next."""

    NOTHING = "nothing"
    LOOK = "look"  # a first word, the answer follows
    ANSWER = "answer"
    GOODBYE = "goodbye"
    END = "end"


def agents_move(chance: Random, messages: list[MessageRow], *, played: bool) -> Move:
    """By the last lines alone, so that a demo found again after a start goes on as if nothing had been."""
    spoken = [m for m in messages if m.direction in ("in", "out") and m.author.kind not in ("system", "bot")]
    if not spoken:
        return Move.NOTHING
    last = spoken[-1]
    answered = any(m.direction == "out" for m in spoken)
    if last.direction == "out":
        looked = any(look in last.text for look in load_words().looking)
        return Move.ANSWER if looked else Move.END if played else Move.NOTHING
    if answered and is_thanks_only(last.text):
        return Move.GOODBYE if chance.random() < 0.6 or not played else Move.END
    return Move.LOOK if not answered and chance.random() < 0.35 else Move.ANSWER


def question_in(messages: list[MessageRow]) -> str:
    """What the customer wrote since our last answer, or the newest of it that is more than a nudge."""
    asked: list[str] = []
    for message in reversed(messages):
        if message.author.kind == "bot":
            continue
        if message.direction == "out" and not any(look in message.text for look in load_words().looking):
            break
        if message.direction == "in" and message.text and not is_nudge(message.text):
            asked.append(message.text)
    if asked:
        return " ".join(reversed(asked))
    return next((m.text for m in reversed(messages) if m.direction == "in" and not is_nudge(m.text)), "")


def to_assistant(chance: Random, messages: list[MessageRow]) -> str:
    """What a customer says to the assistant's last words: it helped, one of what it offered, or a person."""
    last = next((m for m in reversed(messages) if m.author.kind == "bot"), None)
    options = [str(option) for option in ((last.payload if last else None) or {}).get("options", ())]
    if last is None or not options:
        return ""
    outcome = ((last.payload or {}).get("reception") or {}).get("outcome")
    how = chance.random()
    if outcome == "answered":
        return options[0] if how < 0.6 else options[-1] if how < 0.8 else ""
    if outcome == "suggested":
        return chance.choice(options[:-1]) if how < 0.55 else options[-1]
    return options[-1]


def is_nudge(text: str) -> bool:
    return text.strip() in load_words().nags or sum(c.isalnum() for c in text) < 2


def found_again(row: ConversationRow, sender: Sender | None) -> Talk:
    """As the tables have it; those who wait since a long time are not sent away by a restart."""
    return Talk(
        row.id, row.inbox_id, row.contact_id, row.seniority, sender, row.contact_name, row.agent_id,
        ours_last=row.waiting_since is None, for_linyi=row.agent_id is None and row.type in ("refund", "complaint"),
    )  # fmt: skip
