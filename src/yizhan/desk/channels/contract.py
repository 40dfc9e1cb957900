"""The contract: a channel is one `Adapter`, a value made of functions. What it cannot do it leaves out.

`hear` and everything below it is pure; `sender`, `pull`, `fetch`, `recall` and `check` call the vendor over a `Line`.
An outside package offers one under the entry point group `yizhan.channels`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from yizhan.desk.channels.model import (
    Account,
    Capabilities,
    Fetched,
    FormField,
    Heard,
    Pulled,
    Request,
    SetupStep,
    Words,
)
from yizhan.desk.outbound import Sender
from yizhan.foundation.clock import Clock
from yizhan.foundation.errors import DomainError, Forbidden
from yizhan.foundation.http import Http
from yizhan.foundation.tokens import Granted, Renew
from yizhan.records.contacts import Identifier
from yizhan.records.inboxes import Check
from yizhan.records.outbox import WindowRule


class TokenRefused(DomainError):  # noqa: N818 - what happened
    """The vendor does not take this access token (any more)."""

    code = "token_refused"


class Line(Protocol):
    """What an adapter has to call its vendor for one inbox."""

    account: Account
    http: Http
    clock: Clock

    async def load(self, hash: str) -> bytes:
        """A file of ours."""
        ...

    async def token(self, name: str, ask: Callable[[], Awaitable[Granted]]) -> str:
        """The token called `name`, asked for with `ask` by one process at a time when there is none that lives."""
        ...

    async def lasting(self, first: str, renew: Renew) -> str:
        """What became of a token that somebody entered and that is renewed by itself, in time."""
        ...

    async def refused(self, name: str, token: str) -> None:
        """The vendor refused this very token; the next `token` is another one."""
        ...


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is part of callback addresses: /hooks/<name>/<key>. `mark` names its icon in the workbench, or is the
    address of one. `live`: a person waits at the screen. `unsaid`: people can take back here what they said.

    `hear(account, request, now)` verifies and parses what the vendor calls us with; it raises SignatureRefused for a
    stranger and Invalid for what is no such message, and answers the vendor's own checks of the address. `pull(line,
    cursor, token)` gets one page of what came; `pull_every` when nothing calls us. `enrich(line, addresses)` asks who
    newcomers are, at most a hundred, and returns what the vendor vouches for, by address; a `nickname` among it is only
    what he is called. `tend(line)` does what must be done from time to time though nobody writes. `typing(line,
    address)` shows him that somebody writes. `check` tries the settings for real.
    """

    name: str
    title: Words
    settings: type[msgspec.Struct]
    secrets: type[msgspec.Struct]
    form: Sequence[FormField]
    steps: Sequence[SetupStep] = ()
    mark: str = ""
    live: bool = False
    unsaid: bool = False
    off: Words | None = None  # why it ships switched off, where it does
    capabilities: Callable[[Any], Capabilities]
    windows: Callable[[Any], tuple[WindowRule, ...]] = lambda _: ()
    hear: Callable[[Account, Request, datetime], Heard] | None = None
    sender: Callable[[Line], Sender] | None = None
    pull: Callable[[Line, Any, str], Awaitable[Pulled]] | None = None
    pull_every: timedelta = timedelta(minutes=5)
    fetch: Callable[[Line, dict[str, str]], Awaitable[Fetched]] | None = None
    recall: Callable[[Line, str, dict[str, Any]], Awaitable[None]] | None = None
    enrich: Callable[[Line, Sequence[str]], Awaitable[Mapping[str, Sequence[Identifier]]]] | None = None
    typing: Callable[[Line, str], Awaitable[None]] | None = None
    tend: Callable[[Line], Awaitable[None]] | None = None
    check: Callable[[Line], Awaitable[list[Check]]] | None = None


class SignatureRefused(Forbidden):
    """Not signed as this inbox's vendor signs, not for this receiver, or not lately."""

    code = "signature_refused"


class MediaGone(DomainError):  # noqa: N818
    """The vendor no longer has the file; it is not asked again."""

    code = "media_gone"


async def with_token(
    line: Line, name: str, ask: Callable[[], Awaitable[Granted]], call: Callable[[str], Awaitable[Any]]
) -> Any:
    """`call` with a token; refused once, called again with another. Raises TokenRefused for the second refusal."""
    token = await line.token(name, ask)
    try:
        return await call(token)
    except TokenRefused:
        await line.refused(name, token)
    return await call(await line.token(name, ask))
