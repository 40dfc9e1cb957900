"""An inbox at WhatsApp: one number of the house."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.meta.settings import Id, MetaSettings

_Line = Annotated[str, Meta(min_length=1, max_length=1_200)]
_Bytes = Annotated[int, Meta(ge=1, le=200 * 1024 * 1024)]
_BLANK = re.compile(r"\{\{(\w+)\}\}")
_MB = 1024 * 1024


class WhatsappTemplate(msgspec.Struct, frozen=True):
    name: str
    language: str
    text: str
    marketing: bool

    @property
    def key(self) -> str:
        return f"{self.name}:{self.language}"

    @property
    def blanks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))


class WhatsappSettings(MetaSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`templates` are lines of name, language and approved text; a name that begins with a star is marketing."""

    phone_number_id: Id = ""
    templates: Annotated[tuple[_Line, ...], Meta(max_length=200)] = ()
    image_bytes: _Bytes = 5 * _MB
    voice_bytes: _Bytes = 16 * _MB
    video_bytes: _Bytes = 16 * _MB
    file_bytes: _Bytes = 100 * _MB
    text_chars: Annotated[int, Meta(ge=1, le=65_536)] = 4096

    def __post_init__(self) -> None:
        for line in self.templates:
            _template(line)

    @property
    def known(self) -> dict[str, WhatsappTemplate]:
        return {each.key: each for each in map(_template, self.templates)}


def _template(line: str) -> WhatsappTemplate:
    words = line.strip().split(None, 2)
    if len(words) != 3:
        raise ValueError(f"a template is a name, a language and its text: {line[:40]}")
    return WhatsappTemplate(words[0].lstrip("*"), words[1], words[2], words[0].startswith("*"))
