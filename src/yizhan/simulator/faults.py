"""What goes wrong at a vendor, on purpose and in turn. A fault is taken by one call and then gone."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One of: `status` an answer of HTTP alone; `html` a page where JSON was promised; `code` a refusal in the vendor's
    own words (`errcode` is the same); all three without effect. With effect: `delay` the answer comes so many seconds
    late; `lose` it never comes, the connection ends.

    Only for calls whose path begins with `path`; for so many of them as `times`.
    """

    status: int = 0
    html: bool = False
    code: int | str | None = None
    errcode: int | str | None = None
    delay: float = 0.0
    lose: bool = False
    path: str = ""
    times: int = 1

    @property
    def refusal(self) -> int | str | None:
        return self.errcode if self.code is None else self.code


class Faults:
    """`next` are waiting, in their order. `mischief` waits for the pusher: thrice (three deliveries at once), tamper
    (the body is altered after it was signed)."""

    def __init__(self) -> None:
        self.next: list[Fault] = []
        self.mischief: list[str] = []

    def add(self, faults: Sequence[Fault]) -> None:
        for each in faults:
            self.next += [each] * max(1, each.times)

    def take(self, path: str) -> Fault | None:
        for at, each in enumerate(self.next):
            if path.startswith(each.path):
                return self.next.pop(at)
        return None

    def take_mischief(self) -> str:
        return self.mischief.pop(0) if self.mischief else ""

    def clear(self) -> None:
        self.next.clear()
        self.mischief.clear()
