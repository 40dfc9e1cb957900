"""Of a mail that is too large: its text and the files that fit, put together again; the rest is named. Pure.

The structure an IMAP server tells (BODYSTRUCTURE) says which parts there are and how large, before any is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

LEFT_OUT = "X-Yizhan-Left-Out"
_MOST_PARTS = 100
_MOST_DEPTH = 10
_TEXT_BYTES = 2 * 1024 * 1024
_BOUNDARY = re.compile(rb"(?i)boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;]{1,200}))")


class Node(msgspec.Struct, frozen=True):
    """`number` as IMAP counts parts; `size` in bytes as they are encoded."""

    number: str
    kind: str
    size: int = 0
    children: tuple[Node, ...] = ()


def read_structure(body: Any) -> Node | None:
    """Of imapclient's BODYSTRUCTURE; None where it is not one we can follow."""
    try:
        return _node(body, "", 0)
    except (IndexError, TypeError, ValueError, AttributeError):
        return None


def _node(body: Any, number: str, depth: int) -> Node:
    if depth > _MOST_DEPTH:
        raise ValueError("too deep")
    if isinstance(body[0], list):
        inner = [_node(part, f"{number}.{n}".lstrip("."), depth + 1) for n, part in enumerate(body[0], start=1)]
        return Node(number, f"multipart/{_word(body[1])}", 0, tuple(inner))
    return Node(number or "1", f"{_word(body[0])}/{_word(body[1])}", int(body[6] or 0))


def _word(raw: bytes) -> str:
    return raw.decode("ascii", "replace").lower()


def leaves(node: Node) -> list[Node]:
    return [node] if not node.children else [leaf for child in node.children for leaf in leaves(child)]


def wanted(root: Node, budget: int) -> list[str]:
    """The numbers to fetch: texts first, then files from the smallest on, while there is room."""
    found = leaves(root)
    if len(found) > _MOST_PARTS:
        return []
    texts = [one for one in found if one.kind in ("text/plain", "text/html") and one.size <= _TEXT_BYTES]
    files = sorted((one for one in found if one not in texts), key=lambda one: one.size)
    chosen: list[str] = []
    for one in (*texts, *files):
        if one.size <= budget:
            chosen.append(one.number)
            budget -= one.size
    return chosen


def assemble(root: Node, header: bytes, mimes: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> bytes:
    """The mail with its own headers and boundaries; a part that was not fetched is empty and says how large it is."""
    return header.rstrip(b"\r\n") + b"\r\n\r\n" + _content(root, header, mimes, bodies)


def _content(node: Node, header: bytes, mimes: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> bytes:
    if not node.children:
        return bodies.get(node.number, b"")
    found = _BOUNDARY.search(header)
    boundary = (found[1] or found[2]) if found else b"yizhan"
    pieces: list[bytes] = []
    for child in node.children:
        head = mimes.get(child.number, b"").strip(b"\r\n")
        if not child.children and child.number not in bodies:
            head = (head + b"\r\n" if head else b"") + f"{LEFT_OUT}: {child.size}".encode()
        inner = _content(child, mimes.get(child.number, b""), mimes, bodies)
        pieces += [b"--", boundary, b"\r\n", head, b"\r\n\r\n" if head else b"\r\n", inner, b"\r\n"]
    return b"".join([*pieces, b"--", boundary, b"--\r\n"])
