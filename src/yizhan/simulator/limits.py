"""What vendors count: how long a token lives, how many replies a customer's act allows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from yizhan.foundation.clock import Clock


class Tokens:
    """Access tokens, each with an owner and an end. `expire` ends them all before their time."""

    def __init__(self, clock: Clock, life: float = 7200.0) -> None:
        self._clock = clock
        self.life = life
        self._kept: dict[str, tuple[str, datetime]] = {}

    def issue(self, owner: str, *, again: bool = True) -> tuple[str, int]:
        """A token and its seconds. Without `again` the one that lives is given once more."""
        now = self._clock.now()
        if not again:
            for token, (whose, until) in self._kept.items():
                if whose == owner and until > now:
                    return token, int((until - now).total_seconds())
        token = secrets.token_urlsafe(40)
        self._kept[token] = owner, now + timedelta(seconds=self.life)
        return token, int(self.life)

    def state(self, token: str, owner: str | None = None) -> Literal["good", "expired", "unknown"]:
        whose, until = self._kept.get(token, ("", None))
        if until is None or (owner is not None and whose != owner):
            return "unknown"
        return "good" if self._clock.now() < until else "expired"

    def owner(self, token: str) -> str:
        return self._kept.get(token, ("", None))[0]

    def expire(self) -> None:
        now = self._clock.now()
        self._kept = {token: (owner, min(now, until)) for token, (owner, until) in self._kept.items()}


class Allowance(msgspec.Struct, frozen=True):
    """So many messages (None: any number) within so many seconds."""

    messages: int | None
    seconds: float


class Left(msgspec.Struct, frozen=True):
    messages: int | None
    until: datetime


class Quotas:
    """The vendor's side of reply windows. They do not add up: a new act raises what is left to its own allowance, and
    the end to its own end, and lowers neither."""

    def __init__(self, clock: Clock, rules: Mapping[str, Allowance]) -> None:
        self._clock = clock
        self.rules = dict(rules)
        self._left: dict[str, Left] = {}

    def open(self, who: str, act: str = "message") -> None:
        """What is not in the rules opens nothing."""
        rule = self.rules.get(act)
        if rule is None:
            return
        now = self._clock.now()
        until, messages = now + timedelta(seconds=rule.seconds), rule.messages
        before = self.left(who)
        if before is not None:
            until = max(until, before.until)
            if messages is None or before.messages is None:
                messages = None
            else:
                messages = max(messages, before.messages)
        self._left[who] = Left(messages, until)

    def left(self, who: str) -> Left | None:
        """None: nothing may be sent, for he did nothing, or too long ago."""
        kept = self._left.get(who)
        return kept if kept is not None and self._clock.now() < kept.until else None

    def take(self, who: str) -> Literal["ok", "closed", "exhausted"]:
        left = self.left(who)
        if left is None:
            return "closed"
        if left.messages is None:
            return "ok"
        if left.messages <= 0:
            return "exhausted"
        self._left[who] = Left(left.messages - 1, left.until)
        return "ok"

    def close(self, who: str) -> None:
        """He unfollowed, or blocked us."""
        self._left.pop(who, None)
