"""From a letter to the body of a message; where it carries a file, around the id Meta gave it. Pure."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from yizhan.channels.meta.whatsapp.settings import WhatsappSettings
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed

_BLANK = re.compile(r"\{\{(\w+)\}\}")
TYPES = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"),
}
_CAPTIONED = ("image", "video", "document")


def type_of(file: LetterFile, settings: WhatsappSettings) -> str:
    """What Meta calls it; raises SendFailed for one that is too large."""
    found = next((kind for kind, types in TYPES.items() if file.type in types), "document")
    most = {
        "image": settings.image_bytes, "video": settings.video_bytes, "audio": settings.voice_bytes,
        "document": settings.file_bytes,
    }  # fmt: skip
    if file.size > most[found]:
        raise SendFailed(
            ErrorClass.BAD_REQUEST, f"文件超过 {most[found] // 1024 // 1024} MB the file is too large: {file.name}"
        )
    return found


def render(letter: Letter, settings: WhatsappSettings, media_id: str = "") -> bytes:
    """Raises SendFailed for what WhatsApp does not take."""
    said: dict[str, Any] = {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": letter.to.removeprefix("+"),
        "biz_opaque_callback_data": str(letter.message_id), **_content(letter, settings, media_id),
    }  # fmt: skip
    if letter.answers_to:
        said["context"] = {"message_id": letter.answers_to}
    return msgspec.json.encode(said)


def _content(letter: Letter, settings: WhatsappSettings, media_id: str) -> dict[str, Any]:
    if letter.files:
        return _with_file(letter, settings, media_id)
    payload = letter.payload or {}
    if letter.kind == "template" and "template" in payload:
        return _template(payload, settings)
    if letter.kind == "location" and "latitude" in payload:
        place = {key: payload[key] for key in ("latitude", "longitude", "name", "address") if payload.get(key)}
        return {"type": "location", "location": place}
    if not letter.text.strip():
        raise SendFailed(ErrorClass.BAD_REQUEST, "没有内容 there is nothing to send")
    if len(letter.text) > settings.text_chars:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"超过 {settings.text_chars} 字 the text is too long")
    return {"type": "text", "text": {"body": letter.text, "preview_url": "https://" in letter.text}}


def _with_file(letter: Letter, settings: WhatsappSettings, media_id: str) -> dict[str, Any]:
    if len(letter.files) > 1:
        raise SendFailed(ErrorClass.BAD_REQUEST, "一次只能发一个文件 one file at a time")
    [file] = letter.files
    kind = type_of(file, settings)
    part: dict[str, str] = {"id": media_id}
    if letter.text.strip():
        if kind not in _CAPTIONED:
            raise SendFailed(ErrorClass.BAD_REQUEST, "语音不能附文字 a voice message carries no words")
        part["caption"] = letter.text[:1024]
    if kind == "document":
        part["filename"] = file.name
    return {"type": kind, kind: part}


def _template(payload: dict[str, Any], settings: WhatsappSettings) -> dict[str, Any]:
    template = settings.known.get(str(payload["template"]))
    if template is None:
        raise SendFailed(ErrorClass.PERMISSION, f"没有模板 no template {payload['template']}")
    given = payload.get("blanks") or {}
    missing = [name for name in template.blanks if not str(given.get(name, "")).strip()]
    if missing:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"变量 {missing[0]} 未填写 the blank {missing[0]} is empty")
    named = not all(name.isdigit() for name in template.blanks)
    blanks = [
        {"type": "text", "text": str(given[name]), **({"parameter_name": name} if named else {})}
        for name in template.blanks
    ]
    parts = [{"type": "body", "parameters": blanks}] if blanks else []
    language = {"code": template.language}
    return {"type": "template", "template": {"name": template.name, "language": language, "components": parts}}
