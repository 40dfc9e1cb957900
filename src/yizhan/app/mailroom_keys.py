"""What opens the mailbox of an inbox, for who receives and for who sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from yizhan.channels.email import Auth, MailSecret, MailSettings, Tokens
from yizhan.foundation.log import get_logger
from yizhan.records import inboxes
from yizhan.records.inboxes import Inbox

if TYPE_CHECKING:
    from yizhan.app.house import House

log = get_logger(__name__)


class MailKeys:
    """The inbox's own secret, or with OAuth an access token got with it."""

    def __init__(self, house: House, inbox: Inbox, settings: MailSettings) -> None:
        self._house = house
        self._inbox = inbox
        self._tokens: Tokens | None = None
        if settings.auth is Auth.XOAUTH2 and settings.oauth is not None:
            self._tokens = Tokens(house.http, house.clock, settings, self._saved, self._keep)

    async def __call__(self) -> MailSecret:
        """Raises MailServerError where a token server says no."""
        saved = await self._saved()
        if self._tokens is None:
            return saved
        return msgspec.structs.replace(saved, token=(await self._tokens.secret()).token)

    def refused(self) -> None:
        """The mail server did not take it: a token is got anew before the next try."""
        if self._tokens is not None:
            self._tokens.forget()

    async def _saved(self) -> MailSecret:
        async with self._house.db.read() as tx:
            return msgspec.convert(await inboxes.secrets_of(tx, self._house.vault, self._inbox.id), MailSecret)

    async def _keep(self, refresh_token: str) -> None:
        """The provider gave another one: the old may be worth nothing from now on."""
        async with self._house.db.transaction() as tx:
            await inboxes.keep_secret(tx, self._house.vault, self._inbox.id, "refresh_token", refresh_token)
        log.info("mail.refresh_token_renewed", inbox=self._inbox.key)
