"""From a letter to a method of the bot and its parameters; a file is put into the same call. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.telegram.settings import TelegramSettings
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed


class Method(msgspec.Struct, frozen=True):
    """`file_field` names the part of the form that holds the letter's file."""

    name: str
    fields: dict[str, str]
    file_field: str = ""


def render(letter: Letter, settings: TelegramSettings) -> Method:
    """Raises SendFailed for what Telegram does not take."""
    to = {"chat_id": letter.to, **_answering(letter)}
    if letter.files:
        return _with_file(letter, settings, to)
    place: dict[str, Any] = letter.payload or {}
    if letter.kind == "location" and "latitude" in place:
        where = {key: str(place[key]) for key in ("latitude", "longitude")}
        if place.get("name"):
            named = {"title": str(place["name"]), "address": str(place.get("address") or place["name"])}
            return Method("sendVenue", {**to, **where, **named})
        return Method("sendLocation", {**to, **where})
    if not letter.text.strip():
        raise SendFailed(ErrorClass.BAD_REQUEST, "没有内容 there is nothing to send")
    if units(letter.text) > settings.text_chars:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"超过 {settings.text_chars} 字 the text is too long")
    return Method("sendMessage", {**to, "text": letter.text})


def _with_file(letter: Letter, settings: TelegramSettings, to: dict[str, str]) -> Method:
    if len(letter.files) > 1:
        raise SendFailed(ErrorClass.BAD_REQUEST, "一次只能发一个文件 one file at a time")
    if units(letter.text) > settings.caption_chars:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"超过 {settings.caption_chars} 字 the words beside it are too long")
    [file] = letter.files
    name, field = _method(file, settings)
    if file.size > settings.file_bytes:
        raise SendFailed(
            ErrorClass.BAD_REQUEST, f"文件超过 {settings.file_bytes // 1024 // 1024} MB the file is too large"
        )
    return Method(name, {**to, "caption": letter.text} if letter.text.strip() else to, field)


def _answering(letter: Letter) -> dict[str, str]:
    """An object as a form has it, written as JSON. What its writer deleted there meanwhile is answered all the same."""
    _, _, number = letter.answers_to.partition(":")
    number = number.partition(":")[0]
    if not number.isdigit():
        return {}
    answered = {"message_id": int(number), "allow_sending_without_reply": True}
    return {"reply_parameters": msgspec.json.encode(answered).decode()}


def _method(file: LetterFile, settings: TelegramSettings) -> tuple[str, str]:
    """A picture too large for one goes as a file."""
    if file.type in ("image/jpeg", "image/png", "image/webp") and file.size <= settings.image_bytes:
        return "sendPhoto", "photo"
    if file.type == "audio/ogg":
        return "sendVoice", "voice"
    if file.type == "video/mp4":
        return "sendVideo", "video"
    return "sendDocument", "document"


def units(text: str) -> int:
    """Telegram counts as UTF-16 does."""
    return len(text.encode("utf-16-le")) // 2
