"""From what Weibo pushes to what happened. Pure: whatever it does not know it keeps as it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.weibo.emoji import FACES
from yizhan.desk.channels import Arrival, ChannelEvent, Happening, Media
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid

KIND = "weibo"
OPENING = ("follow", "subscribe", "click", "scan", "scan_follow")
"""What a customer does besides writing that lets us write to him."""
_TIME = "%a %b %d %H:%M:%S %z %Y"

Id = int | str


class Pushed(msgspec.Struct, frozen=True):
    """One push; `data` depends on `type`."""

    sender_id: Id
    receiver_id: Id
    type: str = ""
    created_at: str = ""
    text: str = ""
    data: Any = None


_DECODER = msgspec.json.Decoder(Pushed)


def decode(body: bytes) -> Pushed:
    """Raises Invalid for what is no push of Weibo's at all."""
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None


def happening(push: Pushed, body: bytes) -> Happening:
    said = push.data if isinstance(push.data, dict) else {}
    if push.type == "event" or push.type == "mention":
        what = _word(said.get("subtype")) if push.type == "event" else push.type
        if what:
            return _event(push, what, said)
    kind = {"position": "location"}.get(push.type, push.type)
    make = _FORMS.get(kind)
    form = make(push, said) if make is not None else None
    if form is None:
        return _arrival(push, "unsupported", payload={"type": push.type[:60] or "?"}, raw=body)
    return msgspec.structs.replace(form, kind=kind)


def _text(push: Pushed, _: dict[str, Any]) -> Arrival | None:
    return _arrival(push, "text") if push.text.strip() else None


def _file(push: Pushed, said: dict[str, Any]) -> Arrival | None:
    """`tovfid` is the file as its receiver may have it; `vfid` is the sender's own."""
    fid = _word(said.get("tovfid"))
    if not fid:
        return None
    media = Media(kind="image" if push.type == "image" else "voice", ref={"fid": fid})
    return _arrival(push, push.type, media=(media,))


def _location(push: Pushed, said: dict[str, Any]) -> Arrival | None:
    try:
        at = {"latitude": float(said["latitude"]), "longitude": float(said["longitude"])}
    except (KeyError, TypeError, ValueError):
        return None
    return _arrival(push, "location", payload={**at, "name": FACES.to_unicode(push.text), "address": ""})


_FORMS: dict[str, Callable[[Pushed, dict[str, Any]], Arrival | None]] = {
    "text": _text, "image": _file, "voice": _file, "location": _location,
}  # fmt: skip


def _arrival(
    push: Pushed, kind: str, *, payload: dict[str, Any] | None = None, media: tuple[Media, ...] = (), raw: bytes = b""
) -> Arrival:
    return Arrival(
        id=identity_of(push), who=who(push.sender_id), name="", kind=kind, text=FACES.to_unicode(push.text),
        payload=payload, media=media, at=moment(push.created_at), raw=raw,
    )  # fmt: skip


def _event(push: Pushed, what: str, said: dict[str, Any]) -> ChannelEvent:
    detail = {name: _word(said[name])[:200] for name in ("key", "ticket", "subtype") if said.get(name)}
    return ChannelEvent(
        id=identity_of(push),
        who=who(push.sender_id),
        name="",
        kind=what[:60],
        detail=detail,
        at=moment(push.created_at),
    )


def who(uid: Id) -> Sender:
    """A uid is the same in every application, so one person's comments and messages are of one contact."""
    text = str(uid)
    return Sender(kind=KIND, value=text, inbox_scoped=False, masked=f"微博用户 ***{text[-4:]}")


def under(post: str, uid: Id) -> Sender:
    """What he says below one post is one conversation, and what he says below another is another."""
    return Sender(kind=f"{KIND}_comment", value=f"{post}/{uid}", inbox_scoped=False, masked=who(uid).masked)


def identity_of(push: Pushed) -> str:
    """Weibo gives a push no id: made of what does not change between its deliveries."""
    parts = (str(push.sender_id), push.created_at, push.type, push.text)
    whole = "|".join(parts).encode(errors="surrogatepass") + b"|" + msgspec.json.encode(push.data, order="sorted")
    return sha256(whole).hexdigest()


def moment(text: str) -> datetime | None:
    """`Mon Jul 16 18:09:20 +0800 2012`; None for anything else."""
    try:
        return datetime.strptime(text, _TIME)  # noqa: DTZ007 - the format has the zone
    except ValueError:
        return None


def _word(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
