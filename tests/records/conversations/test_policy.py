"""What may be said when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.conversations.policy import check_reply, check_text, preview_of

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ID = UUID(int=1)


def conversation(**more: Any) -> Conversation:
    fields = dict.fromkeys(Conversation.__struct_fields__) | {
        "id": ID, "inbox_id": ID, "identity_id": ID, "contact_id": ID, "brand_id": ID, "channel": "webchat",
        "live": True, "phase": Phase.SERVED, "needs": {}, "seniority": NOW, "last_message_at": NOW, "inbound_count": 1,
        "outbound_count": 0, "asleep": False, "version": 1, **more,
    }  # fmt: skip
    return msgspec.convert(fields, Conversation)


def test_an_ended_chat_takes_no_answer_and_an_ended_mail_does() -> None:
    with pytest.raises(Conflict):
        check_reply(conversation(phase=Phase.ENDED), "好", files=0)
    check_reply(conversation(phase=Phase.ENDED, live=False), "好", files=0)


def test_something_must_be_said_and_not_too_much() -> None:
    check_text("", files=1)
    for text in ("", " \n", "长" * 20_001):
        with pytest.raises(Invalid):
            check_text(text, files=0)


def test_previews() -> None:
    assert preview_of("一\n 二") == "一 二"
    assert preview_of(" ") == "[file]"
