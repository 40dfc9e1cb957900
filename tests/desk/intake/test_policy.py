"""Where a message belongs, decided without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from yizhan.desk.intake import Attachment, InboundMessage, Sender, policy
from yizhan.desk.intake.model import KnownConversation, KnownTicket
from yizhan.desk.intake.policy import Candidates, Effect, place, preview_of, subject_of

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BRAND, OTHER_BRAND = uuid4(), uuid4()


def message(text: str = "灯不亮", **more: Any) -> InboundMessage:
    fields: dict[str, Any] = {
        "inbox_id": uuid4(), "sender": Sender(kind="visitor", value="v", inbox_scoped=True), "name": "v", "text": text,
        "dedupe": b"0" * 16, "at": NOW, "received_at": NOW, **more,
    }  # fmt: skip
    return InboundMessage(**fields)


def ticket(status: str = "open", **more: Any) -> KnownTicket:
    closed = NOW - timedelta(hours=1) if status in ("done", "cancelled") else None
    whole = KnownTicket(uuid4(), BRAND, uuid4(), status, "other", None, None, None, NOW - timedelta(hours=1), closed, 3)
    return msgspec.structs.replace(whole, **more)


def conversation(ticket_id: UUID | None = None, phase: str = "served") -> KnownConversation:
    return KnownConversation(uuid4(), uuid4(), uuid4(), uuid4(), ticket_id, phase, True, None, 4)


def placed(
    said: InboundMessage, *tickets: KnownTicket, current: KnownConversation | None = None,
    ended: KnownConversation | None = None, pointed: KnownTicket | None = None, thanks: bool = False,
) -> policy.Placement:  # fmt: skip
    return place(said, Candidates(current, ended, tickets, pointed), brand_id=BRAND, thanks=thanks)


def test_a_stranger_opens_a_conversation_and_a_ticket() -> None:
    assert placed(message()) == policy.Placement(Effect.CREATE, None, None)


def test_a_pointer_wins_over_the_current_conversation() -> None:
    pointed, own = ticket(), ticket()
    current = conversation(own.id)
    done = placed(message(), own, pointed, current=current, pointed=pointed)
    assert (done.effect, done.ticket, done.conversation) == (Effect.CONTINUE, pointed, current)


def test_the_current_conversation_wins_over_the_joining_rule() -> None:
    own, other = ticket(order_no="A"), ticket()
    done = placed(message(order_no="B"), own, other, current=conversation(own.id))
    assert (done.effect, done.ticket) == (Effect.CONTINUE, own)


@pytest.mark.parametrize(("status", "thanks", "automatic", "effect"), [
    ("new", False, False, Effect.CONTINUE), ("open", False, False, Effect.CONTINUE),
    ("open", True, False, Effect.CONTINUE), ("pending", False, False, Effect.RETURN),
    ("pending", True, False, Effect.CONFIRM), ("pending", False, True, Effect.CONTINUE),
    ("done", False, False, Effect.REOPEN), ("done", True, False, Effect.ASIDE), ("done", False, True, Effect.ASIDE),
])  # fmt: skip
def test_what_a_message_does_to_the_ticket_of_its_conversation(
    status: str, thanks: bool, automatic: bool, effect: Effect
) -> None:
    own = ticket(status)
    done = placed(message(automatic=automatic), own, current=conversation(own.id), thanks=thanks)
    assert (done.effect, done.ticket) == (effect, own)


def test_it_joins_the_only_open_ticket_of_another_channel() -> None:
    mail = ticket()
    done = placed(message(), mail)
    assert (done.effect, done.ticket, done.conversation) == (Effect.CONTINUE, mail, None)


@pytest.mark.parametrize("against", [
    {"last_message_at": NOW - timedelta(hours=72, seconds=1)}, {"order_no": "SO-2"}, {"brand_id": OTHER_BRAND},
])  # fmt: skip
def test_what_speaks_against_joining(against: dict[str, Any]) -> None:
    other = ticket(**against)
    done = placed(message(order_no="SO-1"), other)
    assert (done.effect, done.ticket) == (Effect.CREATE, None)
    assert done.suggested == (None if "brand_id" in against else other.id)


def test_with_two_open_tickets_the_newest_is_suggested() -> None:
    older, newer = ticket(last_message_at=NOW - timedelta(hours=5)), ticket(last_message_at=NOW - timedelta(hours=2))
    done = placed(message(), newer, older)
    assert (done.effect, done.ticket, done.suggested) == (Effect.CREATE, None, newer.id)


@pytest.mark.parametrize(("kind", "days", "effect"), [
    ("other", 7, Effect.REOPEN), ("other", 8, Effect.CREATE), ("complaint", 30, Effect.REOPEN),
    ("complaint", 31, Effect.CREATE),
])  # fmt: skip
def test_a_closed_ticket_reopens_within_its_window_and_is_linked_after_it(kind: str, days: int, effect: Effect) -> None:
    closed = ticket("done", type=kind, closed_at=NOW - timedelta(days=days))
    done = placed(message(), closed)
    assert done.effect is effect
    assert done.linked_to == (closed.id if effect is Effect.CREATE else None)


def test_a_cancelled_ticket_never_comes_back_by_itself() -> None:
    cancelled = ticket("cancelled")
    done = placed(message(), cancelled, current=conversation(cancelled.id))
    assert (done.effect, done.ticket, done.linked_to) == (Effect.CREATE, None, cancelled.id)


def test_thanks_after_the_end_stay_in_the_ended_conversation() -> None:
    closed = ticket("done", closed_at=NOW - timedelta(days=20))
    ended = conversation(closed.id, "ended")
    assert placed(message("谢谢"), closed, ended=ended, thanks=True) == policy.Placement(Effect.ASIDE, ended, closed)


def test_an_open_ticket_keeps_a_closed_one_from_reopening() -> None:
    opened, closed = ticket(), ticket("done")
    done = placed(message(), opened, closed)
    assert (done.effect, done.ticket) == (Effect.CONTINUE, opened)


@pytest.mark.parametrize("pointer", ["pointed", "current", "ended"])
def test_a_ticket_of_another_brand_is_out_of_reach(pointer: str) -> None:
    foreign = ticket(brand_id=OTHER_BRAND)
    ways: dict[str, dict[str, Any]] = {
        "pointed": {"pointed": foreign}, "current": {"current": conversation(foreign.id)},
        "ended": {"ended": conversation(foreign.id, "ended"), "thanks": True},
    }  # fmt: skip
    done = placed(message(), foreign, **ways[pointer])
    assert done.ticket is None


def test_a_subject_is_one_line_with_an_end() -> None:
    assert subject_of(message("  第一行\n第二行")) == "第一行"
    assert subject_of(message("正文", subject="Re: 发货")) == "Re: 发货"
    assert len(subject_of(message("长" * 500))) == 120
    photo = Attachment(hash="0" * 64, name="照片.jpg", type="image/jpeg", size=1)
    assert subject_of(message(" \n ", attachments=(photo,), kind="image")) == "照片.jpg"
    assert subject_of(message("", kind="sticker")) == "[sticker]"


def test_a_preview_is_one_line_too() -> None:
    assert preview_of(message("一\n\n 二\t三")) == "一 二 三"
    assert preview_of(message("", kind="voice")) == "[voice]"
    assert len(preview_of(message("长" * 500))) == 140


def test_what_is_left_again_within_the_hour_is_the_same_matter() -> None:
    """Also where there are two open tickets, or another order is named."""
    old, new = ticket(order_no="A", last_message_at=NOW - timedelta(hours=2)), ticket(order_no="B")
    left = {"leave": True}
    assert placed(message(order_no="C", payload=left), old, new).ticket is new
    assert placed(message(order_no="C", payload=left), old).effect is Effect.CREATE
    assert placed(message(order_no="C"), old, new).effect is Effect.CREATE
