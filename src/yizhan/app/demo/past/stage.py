"""What telling needs: the stores, an intake and a clock of its own, and how far each story is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.app.demo.cast import HOME, MEMBER_PREFIX, SENDER_PREFIX, Customer, Line, Story
from yizhan.app.demo.people import Staff
from yizhan.channels.webchat import Claims, dedupe_key, sender_of
from yizhan.desk.intake import Attachment, InboundMessage, Intake, Sender
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.records.conversations import Conversation

_LIVE = frozenset({"shop", "textile", "digital"})


@dataclass
class Telling:
    """One story under way. `runs` are the turns still to come: who, and that one's lines in a row."""

    story: Story
    runs: list[tuple[str, list[Line]]]
    conversation_id: UUID = field(default_factory=lambda: UUID(int=0))
    ticket_id: UUID | None = None
    conversation: Conversation | None = None

    @property
    def live(self) -> bool:
        return self.story.inbox in _LIVE

    @property
    def turn(self) -> str:
        return self.runs[0][0] if self.runs else ""

    @property
    def reply_at(self) -> timedelta:
        """When the first answer comes."""
        answers = [line.after for line in self.story.lines if line.by == "agent"]
        return min(answers, default=timedelta(seconds=30))

    def lines_of(self, *by: str) -> Iterator[Line]:
        """Takes the lines of the turn, if it is theirs."""
        if self.runs and self.runs[0][0] in by:
            yield from self.runs.pop(0)[1]


class Stage(msgspec.Struct, frozen=True):
    db: Database
    vault: Vault
    intake: Intake
    clock: FakeClock
    staff: Staff
    picture: Attachment
    now: datetime

    def inbound(self, told: Telling, line: Line) -> InboundMessage:
        story = told.story
        at = story.start + line.after
        sender = sender_for(self.vault, story.customer, live=told.live)
        client = f"{at.timestamp():.6f}"
        return InboundMessage(
            inbox_id=self.staff.inboxes[story.inbox], sender=sender, name=story.customer.name, text=line.text, at=at,
            dedupe=dedupe_key(self.staff.inboxes[story.inbox], sender.value, client), received_at=at,
            client_id=client, kind="image" if line.picture else "text", locale=story.customer.locale,
            attachments=(self.picture,) if line.picture else (), order_no=story.order_no,
            origin={"page": {"url": HOME + "/my/orders", "title": "我的订单"}} if told.live else {},
        )  # fmt: skip


def speaking_as(value: str) -> Sender:
    """One of ours by what his identity is called."""
    return sender_of(value, Claims(value) if value.startswith(MEMBER_PREFIX) else None)


def sender_for(vault: Vault, customer: Customer, *, live: bool = True) -> Sender:
    """The same visitor after every start, whom nobody outside can guess."""
    prefix = MEMBER_PREFIX if customer.signed and live else SENDER_PREFIX
    value = prefix + vault.blind("demo visitor", str(customer.number)).hex()
    if live:
        return speaking_as(value)
    return Sender(kind="generic", value=value, inbox_scoped=True, masked=f"{value[:7]}***")
