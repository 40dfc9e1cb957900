"""A stand-in that signs something else than it meant to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import msgspec

from yizhan.simulator import Answer, Bubble, Person, Push, Vendor, Wire

Change = Callable[[bytes], bytes]
# Where a stand-in writes down what it is about to sign.
WRITTEN = {
    "wechat": [("wechat", "seal")], "wecom": [("wecom", "seal"), ("wecom_group", "as_json")],
    "whatsapp": [("meta", "compact_ascii")], "messenger": [("meta", "compact_ascii")],
}  # fmt: skip


@contextmanager
def writing(vendor: Vendor, change: Change) -> Iterator[None]:
    """While it lasts the vendor signs something else than it meant to."""
    places = [
        (import_module(f"yizhan.simulator.{name}"), function)
        for name, function in WRITTEN.get(vendor.name, [(vendor.name, "compact")])
    ]
    before = [getattr(module, function) for module, function in places]
    for (module, function), real in zip(places, before, strict=True):
        setattr(module, function, _changed(real, change, sealing=function == "seal"))
    try:
        yield
    finally:
        for (module, function), real in zip(places, before, strict=True):
            setattr(module, function, real)


def _changed(real: Any, change: Change, *, sealing: bool) -> Any:
    def other(said: Any, *more: Any, **named: Any) -> Any:
        if sealing:
            return real(change(said), *more, **named)
        written = real(said, *more, **named)
        if isinstance(written, Answer):
            return msgspec.structs.replace(written, body=change(written.body))
        return change(written)

    return other


def unknown_by(channel: str, known: bytes, other: bytes = b"hologram") -> Callable[[Vendor, Person], Awaitable[Push]]:
    """A text message, in which `known` stands for its type, as one of a type nobody knows."""

    async def unknown(vendor: Vendor, person: Person) -> Push:
        seen = []

        def change(plain: bytes) -> bytes:
            seen.append(known in plain)
            return plain.replace(known, known.replace(b"text", other), 1)

        bubble = Bubble(id=vendor.new_id(), by="customer", text="在吗", at=vendor.clock.now())
        vendor.people.put(channel, person.id, bubble)
        with writing(vendor, change):
            push = await vendor.said(channel, person, bubble)
            assert push is not None
            wire = push.sign()
        assert any(seen), f"{known!r} stands nowhere"
        return Push(channel=channel, sign=lambda: wire)

    return unknown


def for_another(module: str) -> Callable[[Vendor, Push], Wire]:
    """Well signed with this account's secrets, and inside it is meant for somebody else."""

    def other_receiver(vendor: Vendor, push: Push) -> Wire:
        place = import_module(f"yizhan.simulator.{module}")
        real: Any = place.seal
        place.seal = lambda plain, key, _, *more: real(plain, key, "ww0000000000000000", *more)  # type: ignore[attr-defined]
        try:
            return push.sign()
        finally:
            place.seal = real  # type: ignore[attr-defined]

    return other_receiver
