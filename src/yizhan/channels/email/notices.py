"""Notices to people of the house by mail: through an e-mail inbox, marked as made by a machine."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping

from yizhan.channels.email.model import Address
from yizhan.channels.email.outbound import MailSender
from yizhan.channels.email.rendering import Automatic, OutgoingMail, own_message_id, render
from yizhan.channels.email.settings import MailSettings
from yizhan.channels.email.transport.send import SendResult, SendState
from yizhan.desk.outlets import Cause, Dispatch, Outlet, PostFailed
from yizhan.foundation.errors import DomainError

OpenInbox = Callable[[str], Awaitable[tuple[MailSettings, MailSender]]]
"""By the inbox's key. Raises DomainError when there is none to send by."""


class MailPoster:
    def __init__(self, open_inbox: OpenInbox) -> None:
        self._open = open_inbox

    async def warm(self) -> None:
        """Each mail has a connection of its own."""

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        """To each person a mail of his own: no reader sees who else is told."""
        if not dispatch.to:
            raise PostFailed(Cause.REFUSED, "nobody of those told has a mail address")
        try:
            settings, sender = await self._open(outlet.inbox or "")
            mails = [render(compose(settings, dispatch, to)) for to in dispatch.to]
        except DomainError as refusal:
            raise PostFailed(Cause.REFUSED, refusal.message) from refusal
        for number, mail in enumerate(mails):
            failure = failure_of(await sender.transfer(mail))
            if failure is None:
                continue
            # What others have had already is not sent to them again.
            raise failure if number == 0 else PostFailed(Cause.REFUSED, f"{dispatch.to[number]}: {failure.message}")


def compose(settings: MailSettings, dispatch: Dispatch, to: str) -> OutgoingMail:
    secret = hashlib.sha256(f"{dispatch.id}:{to}".encode()).digest()[:10]
    return OutgoingMail(
        from_=Address(settings.from_name, settings.address), to=(Address("", to),),
        subject=f"[{'驿站' if dispatch.language != 'en' else 'Yizhan'}] {dispatch.title}", text=text_of(dispatch),
        message_id=own_message_id(dispatch.id, secret, settings.domain), date=dispatch.at,
        envelope_from=settings.bounce_address or settings.address, automatic=Automatic.GENERATED,
    )  # fmt: skip


def text_of(dispatch: Dispatch) -> str:
    parts = ["\n".join([item.title, *item.lines, item.link]) for item in dispatch.items]
    if dispatch.more:
        parts.append(f"and {dispatch.more} more" if dispatch.language == "en" else f"还有 {dispatch.more} 条")
    return "\n\n".join(parts)


def failure_of(result: SendResult) -> PostFailed | None:
    """None when it was accepted. What perhaps arrived is not sent once more."""
    if result.state is SendState.ACCEPTED:
        return None
    cause = Cause.TRANSPORT if result.state is SendState.RETRY else Cause.REFUSED
    return PostFailed(cause, result.message[:500])
