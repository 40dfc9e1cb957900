"""Reading JSON of a vendor that may be anything: what is not there, or not of its kind, is empty. Pure."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.foundation.errors import Invalid


def told(body: bytes) -> dict[str, Any]:
    """Raises Invalid for what is no JSON object."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None
    if not isinstance(said, dict):
        raise Invalid("not a JSON object", "body")
    return said


def several(body: bytes) -> list[dict[str, Any]]:
    """Of an array of objects, or of one alone. Raises Invalid for what is neither."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None
    found = said if isinstance(said, list) else [said]
    if not all(isinstance(each, dict) for each in found):
        raise Invalid("not an object, nor an array of them", "body")
    return found


def at(said: object, *path: str) -> Any:
    """What lies there; None where nothing does."""
    for key in path:
        said = said.get(key) if isinstance(said, dict) else None
    return said


def part(said: object, *path: str) -> dict[str, Any]:
    found = at(said, *path)
    return found if isinstance(found, dict) else {}


def rows(said: object, *path: str) -> list[dict[str, Any]]:
    found = at(said, *path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(said: object, *path: str) -> str:
    """A number too: ids must not lose digits, so they are strings from here on."""
    found = at(said, *path)
    if isinstance(found, bool) or found is None:
        return ""
    return str(found) if isinstance(found, str | int | float) else ""


def number(said: object, *path: str) -> float | None:
    found = at(said, *path)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return float(found)


def moment(value: str, per_second: int = 1) -> datetime | None:
    """Of Unix seconds, or of milliseconds where there are a thousand to the second."""
    try:
        return datetime.fromtimestamp(int(value) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def digest(said: object) -> str:
    """The same for every delivery of the same words: an id where the vendor gives none."""
    return sha256(msgspec.json.encode(said)).hexdigest()[:40]
