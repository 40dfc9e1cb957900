"""What a vendor might send instead: its own messages with parts missing, of other types, too long, broken off."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from xml.etree import ElementTree

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**70, 1.5, "", "\0", "\ud800", "💡", "0", "-1", "9" * 400, "2026-13-45", "<xml>", "null",
    "[赞]", "\u202e", [], [1, None], {}, {"a": 1}, [[]], "e\u0301" * 40,
)  # fmt: skip
_NAMES = ("MsgType", "Event", "MsgId", "FromUserName", "CreateTime", "Content", "x")


def mutated(plain: bytes, rng: Random) -> bytes:
    """Another message; now and then not even that."""
    how = rng.randrange(10)
    if how == 0:
        return rng.randbytes(rng.randrange(60))
    if how == 1:
        return plain[: rng.randrange(len(plain) + 1)]
    if plain.lstrip().startswith(b"<"):
        return _other_xml(plain, rng)
    try:
        said = json.loads(plain)
    except ValueError:
        return plain
    for _ in range(rng.randint(1, 3)):
        said = _other_json(said, rng)
    return json.dumps(said).encode()


def _other_json(said: Any, rng: Random) -> Any:
    """One place deeper or shallower is something else, or gone."""
    if isinstance(said, dict) and said:
        key, how = rng.choice(sorted(said)), rng.randrange(6)
        if how == 0:
            return {k: v for k, v in said.items() if k != key}
        return {**said, key: rng.choice(JUNK) if how == 1 else _other_json(said[key], rng)}
    if isinstance(said, list) and said:
        at = rng.randrange(len(said))
        return [*said[:at], _other_json(said[at], rng), *said[at + 1 :]]
    if isinstance(said, str) and said[:1] in ("{", "[") and rng.random() < 0.5:
        try:
            return json.dumps(_other_json(json.loads(said), rng))
        except ValueError:
            return rng.choice(JUNK)
    return rng.choice(JUNK)


def _other_xml(plain: bytes, rng: Random) -> bytes:
    tree = ElementTree.fromstring(plain)
    for _ in range(rng.randint(1, 3)):
        one, how = rng.choice(list(tree.iter())), rng.randrange(5)
        if how == 0 and len(one):
            one.remove(rng.choice(list(one)))
        elif how == 1 and len(one):
            one.append(rng.choice(list(one)))
        elif how == 2:
            one.tag = rng.choice(_NAMES)
        else:
            one.text = "".join(c for c in str(rng.choice(JUNK)) if c.isprintable())
    return bytes(ElementTree.tostring(tree, "utf-8"))
