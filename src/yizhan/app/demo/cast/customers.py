"""Invented people. Phones are 1990000xxxx, which nobody has."""

from __future__ import annotations

from datetime import datetime
from random import Random

import msgspec

from yizhan.app.demo.cast.words import load_words

SENDER_PREFIX = "demo-"
MEMBER_PREFIX = "demo-member-"
"""Of those who are signed in at the shop."""
_LEVELS = (0,) * 62 + (1,) * 22 + (2,) * 12 + (3,) * 4
"""普通 · 银羽 · 金羽 · 彩羽"""


class Customer(msgspec.Struct, frozen=True):
    """`number` tells them apart and makes the same visitor after every start. Who is `signed` in at the shop is
    proved to be who he is."""

    number: int
    name: str
    level: int = 0
    phone: str = ""
    locale: str = "zh-CN"
    signed: bool = False


def anybody(chance: Random, number: int, *, signed: bool = False) -> Customer:
    """Four in five gave their name, one in four a phone number."""
    words = load_words()
    kind = chance.random()
    if kind < 0.62:
        name = chance.choice(words.surnames) + chance.choice(words.given_names.split())
    elif kind < 0.8:
        name = chance.choice(words.nicknames)
    else:
        name = f"访客 {number * 7919 % 65536:04X}"
    level = chance.choice(_LEVELS) if kind < 0.8 else 0
    return Customer(number, name, level, phone(chance) if chance.random() < 0.25 else "", signed=signed)


def phone(chance: Random) -> str:
    return f"1990000{chance.randrange(10_000):04}"


def order_number(chance: Random, at: datetime) -> str:
    return f"SO{at:%Y%m%d}{chance.randrange(100_000):05}"


def is_played(sender: str) -> bool:
    """Whether this visitor is one of ours, and not a person who tries the demo."""
    return sender.startswith(SENDER_PREFIX)
