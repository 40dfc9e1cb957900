"""Which colours and pictures are taken, and the style sheet that a look is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yizhan.foundation.errors import Invalid
from yizhan.records.look.colors import shades_of
from yizhan.records.look.model import Look

MOST_BYTES = 200_000
_SMALLEST = 64
_LARGEST = 1_024
_LONGEST = 2
"""How much longer one side may be than the other: the logo stands in a square."""
_COLOR = re.compile(r"#[0-9a-f]{6}")
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def ensure_color(color: str) -> str:
    """As it is kept; empty for the product's own. Raises Invalid."""
    found = color.strip().lower()
    if found and not _COLOR.fullmatch(found):
        raise Invalid("write a colour as # and six digits or letters from a to f, like #0f766e", "color")
    return found


def ensure_picture(content: bytes) -> str:
    """Its content type. Raises Invalid: a drawing that a browser would run is not taken at all."""
    if len(content) > MOST_BYTES:
        raise Invalid("the logo has more than 200 KB: save it smaller", "logo")
    found = _png(content) or _jpeg(content)
    if found is None:
        raise Invalid("the logo must be a PNG or JPEG picture", "logo")
    kind, width, height = found
    if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
        raise Invalid("each side of the logo must have 64 to 1,024 pixels", "logo")
    if max(width, height) > _LONGEST * min(width, height):
        raise Invalid("the logo stands in a square: one side may be at most twice the other", "logo")
    return kind


def address_of(logo: str) -> str:
    """Where browsers find a logo, for ever."""
    return f"/app/look/logo?v={logo[:16]}"


def css_of(look: Look) -> str:
    """What the workbench loads before its first paint. Who wants more contrast keeps the shades made for that."""
    found = ""
    if look.color:
        shades = shades_of(look.color)
        found += f"html:root:not(.contrast){_rule(shades.light)}html:root.dark:not(.contrast){_rule(shades.dark)}"
    if look.logo:
        found += (
            f'.brand-mark{{background:url("{address_of(look.logo)}") center/contain no-repeat}}'
            ".brand-mark>*{visibility:hidden}"
        )
    return found


def _rule(values: Mapping[str, str]) -> str:
    return "{" + ";".join(f"--{name}:{value}" for name, value in values.items()) + "}"


def _png(content: bytes) -> tuple[str, int, int] | None:
    if not content.startswith(_PNG) or content[12:16] != b"IHDR" or len(content) < 45:
        return None
    return "image/png", int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    """From segment to segment to the one that tells the size."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            return "image/jpeg", int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    return None
