"""A channel of an outside package, small enough to be read at once: notes on paper, signed with a word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from yizhan.desk.channels import (
    Account,
    Adapter,
    Arrival,
    Capabilities,
    ChannelTemplate,
    FileLimit,
    FormField,
    Heard,
    Line,
    Reply,
    Request,
    SignatureRefused,
    TextParts,
    Words,
)
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid
from yizhan.records.outbox import WindowRule

TAKEN_BACK: list[str] = []


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    most: int = 3


class Secrets(msgspec.Struct, frozen=True):
    word: str = ""


def hear(account: Account, request: Request, now: datetime) -> Heard:
    if request.header("x-word") != account.secrets.word:
        raise SignatureRefused("the word is wrong")
    if request.method == "GET":
        return Heard(reply=Reply(request.query.partition("=")[2].encode()))
    try:
        note = msgspec.json.decode(request.body, type=dict[str, str])
    except msgspec.DecodeError as error:
        raise Invalid(str(error), "body") from None
    who = Sender(kind="paper", value=note["from"], inbox_scoped=True, masked="p***")
    arrival = Arrival(id=note["id"], who=who, name=note["from"], text=note["text"], opens=note.get("opens", "message"))
    return Heard((arrival,), Reply(b"success"))


async def recall(line: Line, vendor_id: str, payload: dict[str, Any]) -> None:
    TAKEN_BACK.append(vendor_id)


ADAPTER = Adapter(
    name="paper", title=Words("纸条", "Paper"), settings=Settings, secrets=Secrets, live=True, hear=hear, recall=recall,
    form=(FormField(key="word", label=Words("暗号", "Word"), secret=True, required=True),),
    capabilities=lambda _: Capabilities(
        text_chars=10, files={"image": FileLimit(100, ("image/png",))}, recall=timedelta(minutes=2), first=True,
        templates_outside=True, templates=(ChannelTemplate("moved", "您的{item}改到{day}", ("item", "day")),),
        parts=TextParts(70, 67, 4),
    ),
    windows=lambda settings: (WindowRule("message", 48 * 3600, settings.most),),
)  # fmt: skip
