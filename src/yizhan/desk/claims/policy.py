"""Which addresses a sentence claims."""

from __future__ import annotations

from yizhan.foundation.text import mask_email, mask_phone, pii

_MOST = 3  # somebody who pastes a list claims none of it


def claimed(text: str) -> list[tuple[str, str, str]]:
    """(kind, value, masked) of each mail address and mobile number in what a visitor wrote."""
    found: dict[tuple[str, str], str] = {}
    for span in pii.find(text):
        if span.kind is pii.Kind.EMAIL:
            value = span.value.lower()
            found["email", value] = mask_email(value)
        elif span.kind is pii.Kind.PHONE:
            value = f"+86{span.value}" if _is_mobile(span.value) else span.value
            found["phone", value] = mask_phone(span.value)
    return [(kind, value, masked) for (kind, value), masked in found.items()] if len(found) <= _MOST else []


def _is_mobile(value: str) -> bool:
    """Bare mainland numbers become E.164, as identities keep them."""
    return len(value) == 11 and value.startswith("1")
