"""What a house may look like."""

from __future__ import annotations

import msgspec


class Look(msgspec.Struct, frozen=True):
    """`color` is `#rrggbb` in small letters, empty for the product's own; `logo` the hash of a blob."""

    color: str = ""
    logo: str | None = None
    version: int = 0


PLAIN = Look()
"""Of a house that has not said how it looks."""
