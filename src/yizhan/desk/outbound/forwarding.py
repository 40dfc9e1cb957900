"""Answers to a visitor who is gone: once for each absence they also go by mail to the address he left, or as a text
message where he left a number alone (floor 2.11).

A line in the chat says so; the letter is made of the answers it names when it is sent, so that what was recalled
until then stays home. The address is only claimed: nothing but these answers is ever sent there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import NewTimer, Timer, Timers, drop_timers, set_timers
from yizhan.records import contacts, conversations, outbox
from yizhan.records.contacts import Claimed
from yizhan.records.conversations import Conversation, Draft
from yizhan.records.outbox import MAILED, Way, Written

FORWARD = "outbound.forward"
TEXTED = "texted"
KINDS = frozenset({"message.sent"})
MAIL_AFTER_S = 180
"""Seconds a visitor has to read an answer in the window before it is mailed, where his inbox says nothing else."""

_MAIL = "email"
_TEXT: Mapping[str, tuple[str, str]] = {
    "zh": ("回复已用短信发送到您留下的手机 {address}", "…全文请回到原网页查看"),
    "en": ("Our answer was sent as a text message to the number you left, {address}", "… the rest is on the page"),
}
_LINES: Mapping[str, tuple[str, str]] = {
    "zh": ("回复已发送到您留下的邮箱 {address}", "直接回复本邮件即可继续,也可以回到原来的网页查看。"),
    "en": (
        "Our answer was sent to the address you left, {address}",
        "Just reply to this mail to go on, or come back to the page where you wrote to us.",
    ),
}


def forwarding_reader(db: Database, clock: Clock) -> Reader:
    """The durable reader `forwarding`: what people answer in inboxes that mail to the absent."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        spoken = {e.conversation_id: e.at for e in entries if e.conversation_id and e.actor.startswith("agent:")}
        waits = await outbox.mails_to_the_absent(tx, spoken, MAIL_AFTER_S)
        # Anew with every answer: whoever writes three lines is mailed once.
        await drop_timers(tx, list(waits), FORWARD)
        await set_timers(tx, [NewTimer(spoken[c] + timedelta(seconds=s), FORWARD, c, 0, {}) for c, s in waits.items()])

    return Reader(db, clock, "forwarding", take, kinds=KINDS)


def register_timers(timers: Timers) -> None:
    timers.register(FORWARD, forward)


async def forward(tx: Tx, timer: Timer, now: datetime) -> None:
    """He has had his time to read: what he has not seen is mailed, unless he was mailed since he was last heard of."""
    c = await conversations.lock_conversation(tx, timer.subject)
    answers = await outbox.unheard(tx, c.id)
    found = await _way(tx, c) if answers else None
    if found is None:
        return
    way, address = found
    line, _ = _lines((await contacts.contact(tx, c.contact_id)).locale, way.channel)
    stored = await conversations.say(tx, c, Draft(
        direction="system", author="system", kind=MAILED, text=line.format(address=address.masked), human=False,
        payload={"code": MAILED if way.channel == _MAIL else TEXTED, "address": address.masked, "answers": answers,
                 "most": way.most_chars},
        client_id=f"{MAILED}:{answers[0]}",
    ), now=now)  # fmt: skip
    if not stored.repeated:
        await outbox.enqueue(
            tx, message_id=stored.message_id, inbox_id=way.inbox_id, conversation_id=c.id, channel=way.channel, now=now,
            claim=address.blind,
        )  # fmt: skip


async def _way(tx: Tx, c: Conversation) -> tuple[Way, Claimed] | None:
    """The first inbox for which he left an address that may be written to."""
    for way in await outbox.ways_of(tx, c.id):
        address = await contacts.claimed(tx, c.contact_id, way.kind)
        if address is None:
            continue
        stops = await outbox.suppressions_of_claim(tx, address.blind)
        if not any(one.scope == outbox.ALL for one in stops):
            return way, address
    return None


async def as_letter(tx: Tx, written: Written) -> Written | None:
    """The answers that a line names, as one letter by who wrote the last of them; None when all were recalled."""
    answers = await outbox.answers(tx, written.message_id)
    if not answers:
        return None
    last, payload = answers[-1], written.payload or {}
    texted = payload.get("code") == TEXTED
    _, hint = _lines(written.contact_locale, TEXTED if texted else _MAIL)
    words = [each.text for each in answers if each.text.strip()]
    return replace(
        written, author=last.author, agent_name=last.agent_name, kind="text", payload=None if texted else payload,
        text=_cut(" ".join(words) or hint, hint, int(payload["most"])) if texted else "\n\n".join([*words, hint]),
        attachments=None if texted else [file for each in answers for file in each.attachments or []] or None,
    )  # fmt: skip


def _cut(text: str, hint: str, most: int) -> str:
    return text if len(text) <= most else text[: max(0, most - len(hint))] + hint


def _lines(locale: str | None, channel: str) -> tuple[str, str]:
    return (_LINES if channel == _MAIL else _TEXT)["en" if locale and locale.lower().startswith("en") else "zh"]
