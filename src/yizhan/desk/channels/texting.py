"""Approved templates to one number, outside of any conversation: codes, and notices for colleagues.

No cloud of text messages knows a repetition, so each is committed before the call and what may have left is never sent
again by itself; the vendor's report tells what became of it. Neither the words nor the number are kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

import msgspec

from yizhan.desk.channels.contract import Adapter, Line
from yizhan.desk.channels.model import Capabilities, ChannelTemplate
from yizhan.desk.channels.sendable import filled
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.foundation.errors import DomainError, Invalid, NotFound
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import mask_phone
from yizhan.records import inboxes, outbox, texts
from yizhan.records.contacts import normalise
from yizhan.records.inboxes import Inbox
from yizhan.records.outbox import TEMPLATE
from yizhan.records.texts import Purpose, TextState

log = get_logger(__name__)

SMS = "sms"
_ERROR_CHARS = 300
_LEAST = timedelta(seconds=5)
_RESTS = (ErrorClass.THROTTLE, ErrorClass.WINDOW_CLOSED)
NO_INBOX = "没有启用的短信接入点 {key}:请到设置里添加 there is no SMS inbox {key}: set one up under inboxes"
NO_TEMPLATE = "短信接入点 {key} 没有模板 {template} no template {template}: enter it there as approved"


class Wording(msgspec.Struct, frozen=True):
    """What is to be said: values by the name a template's author would give the blank, the most important first."""

    template: str
    values: Mapping[str, str]


class TextFailed(DomainError):  # noqa: N818 - what happened
    """`again_in`: it certainly did not leave, and may be tried then; None is final."""

    code: ClassVar[str] = "text_failed"

    def __init__(self, message: str, again_in: timedelta | None = None, *, limited: bool = False) -> None:
        super().__init__(message)
        self.again_in = again_in
        self.limited = limited


def blanks_of(template: ChannelTemplate, values: Mapping[str, str], most: int) -> dict[str, str]:
    """A blank that is called as a value is gets it, the others what is left, in order; words too long are cut. Raises
    TextFailed for a template that asks for more than there is to say."""
    left = [words for name, words in values.items() if name not in template.blanks and words]
    given = {}
    for name in template.blanks:
        words = values.get(name) or (left.pop(0) if left else "")
        if not words:
            raise TextFailed(f"模板 {template.key} 的变量 {name} 无内容可填 nothing fills this blank: choose another")
        given[name] = words if not most or len(words) <= most else words[: most - 1] + "…"
    return given


class Texting:
    """One for each process. `find` and `line` are those of the channels."""

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, find: Callable[[str], Adapter | None],
        line: Callable[[Inbox], Awaitable[Line]],
    ) -> None:  # fmt: skip
        self._db = db
        self._vault = vault
        self._clock = clock
        self._find = find
        self._line = line

    async def send(self, key: str, wording: Wording, to: Sequence[str], *, purpose: Purpose, subject: UUID) -> None:
        """Through the inbox called `key`, once to each number however often it is called for the same subject.

        Raises TextFailed; what perhaps left raises nothing, its report says more.
        """
        adapter, line = await self._open(key)
        can: Capabilities = adapter.capabilities(line.account.settings)
        template = next((each for each in can.templates if each.key == wording.template), None)
        if template is None:
            raise TextFailed(NO_TEMPLATE.format(key=key, template=wording.template))
        text, payload = filled(can, template.key, blanks_of(template, wording.values, can.text_chars))
        failures = []
        for number in [_e164(each) for each in to]:
            letter = _letter(uuid5(subject, number), subject, line, number, text, payload, self._clock.now())
            failure = await self._one(adapter, line, letter, purpose, subject)
            failures += [failure] if failure is not None else []
        if failures:
            raise max(failures, key=lambda each: each.again_in is not None)

    async def _open(self, key: str) -> tuple[Adapter, Line]:
        missing = TextFailed(NO_INBOX.format(key=key))
        async with self._db.read() as tx:
            try:
                inbox = await inboxes.inbox_by_key(tx, self._vault, key)
            except NotFound:
                raise missing from None
        adapter = self._find(inbox.channel)
        if adapter is None or adapter.mark != SMS or adapter.sender is None or not inbox.enabled:
            raise missing
        return adapter, await self._line(inbox)

    async def _one(
        self, adapter: Adapter, line: Line, letter: Letter, purpose: Purpose, subject: UUID
    ) -> TextFailed | None:
        inbox_id, masked = line.account.inbox_id, mask_phone(letter.to)
        async with self._db.transaction() as tx:
            if not await texts.begin(tx, letter.message_id, inbox_id, purpose, subject, masked, letter.at):
                return None
        outcome: Receipt | SendFailed
        try:
            assert adapter.sender is not None
            outcome = await adapter.sender(line).send(letter)
        except SendFailed as failure:
            outcome = failure
        except Exception as error:  # a fault of ours in mid-call says nothing about what the vendor did
            log.error("texting.sender_broke", text=str(letter.message_id), error=repr(error))
            outcome = SendFailed(ErrorClass.UNKNOWN, type(error).__name__, ambiguous=True)
        return await self._settle(letter, outcome)

    async def _settle(self, letter: Letter, outcome: Receipt | SendFailed) -> TextFailed | None:
        now, id = self._clock.now(), letter.message_id
        async with self._db.transaction() as tx:
            if isinstance(outcome, Receipt):
                await texts.settle(tx, id, TextState.SENT, vendor_id=outcome.vendor_id, now=now)
                for early in await outbox.take_early_as(tx, letter.inbox_id, outcome.vendor_id):
                    state = TextState(early.state)
                    await texts.report(
                        tx, letter.inbox_id, outcome.vendor_id, state, ours=id, words=early.words, now=now
                    )
                return None
            words, again = outcome.message[:_ERROR_CHARS], outcome.retry_after is not None and not outcome.ambiguous
            state = TextState.UNKNOWN if outcome.ambiguous else TextState.FAILED
            await texts.settle(tx, id, state, error=words, again=again, now=now)
        if outcome.ambiguous:
            return None
        pause = max(outcome.retry_after, _LEAST) if outcome.retry_after is not None else None
        return TextFailed(words, pause, limited=outcome.error_class in _RESTS)


def _e164(number: str) -> str:
    try:
        return normalise("phone", number)
    except Invalid as wrong:
        raise TextFailed(wrong.message) from None


def _letter(
    id: UUID, subject: UUID, line: Line, number: str, text: str, payload: dict[str, Any], now: datetime
) -> Letter:
    return Letter(
        message_id=id, conversation_id=subject, ticket_id=None, inbox_id=line.account.inbox_id, attempt=1, at=now,
        to=number, to_name="", author="system", author_name="", kind=TEMPLATE, text=text, payload=payload,
    )  # fmt: skip
