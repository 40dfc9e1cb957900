"""What opens the mailbox of an inbox, for who receives and for who sends."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from yizhan.channels.email import Auth, MailSecret, MailSettings, ask_token, token_later
from yizhan.foundation.errors import RateLimited
from yizhan.foundation.log import get_logger
from yizhan.foundation.tokens import Granted
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
        self._settings = settings
        self._signs_in = settings.auth is Auth.XOAUTH2 and settings.oauth is not None
        self._refused = False
        self._given = ""

    async def __call__(self) -> MailSecret:
        """Raises MailServerError where a token server says no."""
        saved = await self._saved()
        if not self._signs_in:
            return saved
        tokens, id, name = self._house.the_adapting.tokens, self._inbox.id, self._name(saved)
        if self._refused:
            self._refused = False
            await tokens.refused(id, name, self._given)

        async def ask() -> Granted:
            return await ask_token(self._house.http, self._settings, saved, self._keep, self._house.clock.now())

        try:
            self._given = await tokens.token(id, name, ask)
        except RateLimited as limited:
            raise token_later(limited.message) from limited
        return msgspec.structs.replace(saved, token=self._given)

    def _name(self, saved: MailSecret) -> str:
        """Other credentials have another token. A refresh token is none of them: its provider replaces it."""
        s, oauth = self._settings, self._settings.oauth
        assert oauth is not None
        said = [oauth.token_url, oauth.client_id, oauth.scope, s.login, saved.client_secret, saved.service_key]
        return f"mail:{sha256(msgspec.json.encode(said)).hexdigest()[:12]}"

    def refused(self) -> None:
        """The mail server did not take it: a token is got anew before the next try."""
        self._refused = True

    async def _saved(self) -> MailSecret:
        async with self._house.db.read() as tx:
            return msgspec.convert(await inboxes.secrets_of(tx, self._house.vault, self._inbox.id), MailSecret)

    async def _keep(self, refresh_token: str) -> None:
        """The provider gave another one: the old may be worth nothing from now on."""
        async with self._house.db.transaction() as tx:
            await inboxes.keep_secret(tx, self._house.vault, self._inbox.id, "refresh_token", refresh_token)
        log.info("mail.refresh_token_renewed", inbox=self._inbox.key)
