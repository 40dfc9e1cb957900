"""What a channel takes of a reply, decided before it is stored: refused with what would be taken instead. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import msgspec

from yizhan.desk.channels.model import Capabilities, FileLimit, MediaKind
from yizhan.foundation.errors import Invalid

Kept = Mapping[str, Any]
"""A file of ours as a message keeps it: hash, name, type, size."""

MB = 1024 * 1024
_FAMILIES: Mapping[str, MediaKind] = {"image": "image", "audio": "voice", "video": "video"}
_BLANK = re.compile(r"\$?\{\{?(\w+)\}?\}")
WEBCHAT = Capabilities(
    kinds=frozenset({"order"}),
    files={kind: FileLimit(100 * MB) for kind in ("image", "voice", "video", "file")}, together=True,
    receipts=frozenset({"delivered", "read"}), recall=timedelta(minutes=2),
)  # fmt: skip
EMAIL = Capabilities(
    files={kind: FileLimit(25 * MB) for kind in ("image", "voice", "video", "file")}, together=True,
    receipts=frozenset({"delivered", "read"}),
)  # fmt: skip
OWN: Mapping[str, Capabilities] = {"webchat": WEBCHAT, "email": EMAIL}
"""Of the channels that have doors of their own."""


class TooLong(Invalid):
    """More words than one message of the channel holds."""

    code: ClassVar[str] = "text_too_long"


class FileRefused(Invalid):
    """A file that the channel does not take."""

    code: ClassVar[str] = "file_refused"


class TemplateNeeded(Invalid):
    """Only texts the vendor has approved go this way."""

    code: ClassVar[str] = "template_needed"


class TemplateRefused(Invalid):
    """No such template, or one that is not filled in."""

    code: ClassVar[str] = "template_refused"


class Piece(msgspec.Struct, frozen=True):
    """One message of the channel."""

    text: str
    files: Sequence[Kept] = ()


def kind_of_type(content_type: str) -> MediaKind:
    return _FAMILIES.get(content_type.partition("/")[0], "file")


def ensure_sendable(can: Capabilities, text: str, files: Sequence[Kept]) -> None:
    """Raises TemplateNeeded, TooLong or FileRefused."""
    if not can.free:
        raise TemplateNeeded("only approved templates go on this channel: choose one", "text")
    size = len(text.encode())
    if can.text_chars and len(text) > can.text_chars:
        raise TooLong(f"this channel takes at most {can.text_chars} characters in a message", "text")
    if can.text_bytes and size > can.text_bytes:
        raise TooLong(
            f"this channel takes at most {can.text_bytes} bytes in a message, about {can.text_bytes // 3} characters",
            "text",
        )
    for each in files:
        _ensure_file(can, each)


def _ensure_file(can: Capabilities, file: Kept) -> None:
    limit = can.files.get(kind_of_type(file["type"])) or can.files.get("file")
    if limit is None:
        taken = ", ".join(sorted(can.files)) or "text"
        raise FileRefused(f"{file['name']}: this channel takes only {taken}", "attachments")
    if limit.types and file["type"] not in limit.types:
        raise FileRefused(f"{file['name']}: this channel takes {', '.join(limit.types)}", "attachments")
    if file["size"] > limit.most:
        raise FileRefused(f"{file['name']}: this channel takes at most {limit.most / MB:g} MB", "attachments")


def filled(can: Capabilities, key: str, blanks: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The words a customer reads, and the payload the channel renders. Raises TemplateRefused."""
    found = next((each for each in can.templates if each.key == key), None)
    if found is None:
        raise TemplateRefused(f"there is no template {key} on this channel", "template.key")
    given = {name: " ".join(blanks.get(name, "").split()) for name in found.blanks}
    missing = next((name for name, words in given.items() if not words), None)
    if missing is not None:
        raise TemplateRefused(f"fill in {missing}", f"template.blanks.{missing}")
    text = _BLANK.sub(lambda blank: given.get(blank[1], blank[0]), found.text)
    return text, {"template": key, "blanks": given, **({"marketing": True} if found.marketing else {})}


def pieces(can: Capabilities, text: str, files: Sequence[Kept]) -> list[Piece]:
    """The messages a reply becomes: one, or where the channel sends words and files apart one for each."""
    if can.together or not files or (len(files) == 1 and not text.strip()):
        return [Piece(text, files)]
    return [*([Piece(text)] if text.strip() else []), *(Piece("", [each]) for each in files)]
