"""The ways out for notices, joined: one HTTP client for bots and hooks, the house's inboxes for mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from yizhan.channels.outlets import HttpPoster
from yizhan.desk.outlets import Dispatch, Outlet, OutletKind, Poster, Postman
from yizhan.foundation.errors import NotFound
from yizhan.foundation.lease import Lease
from yizhan.records import inboxes
from yizhan.records.inboxes import Channel

if TYPE_CHECKING:
    from yizhan.app.house import House
    from yizhan.channels.email import MailSender, MailSettings


def open_postman(house: House) -> Postman:
    """In the demo no text message leaves the house."""
    http = HttpPoster(house.http)
    posters: dict[OutletKind, Poster] = dict.fromkeys(HttpPoster.KINDS, http)
    posters[OutletKind.EMAIL] = _Mail(house)
    if house.settings.demo:
        posters[OutletKind.SMS] = house.demo_phone
    return Postman(
        house.db, house.clock, house.vault, Lease(house.db, "outlets", house.holder), lambda: house.rules.live.now,
        posters, house.settings.public_url,
    )  # fmt: skip


class _Mail:
    """SMTP is loaded by who has an outlet that needs it."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def warm(self) -> None:
        """Mail is not expected within the second."""

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        from yizhan.channels.email import MailPoster

        await MailPoster(self._open).post(outlet, secrets, dispatch)

    async def _open(self, key: str) -> tuple[MailSettings, MailSender]:
        from yizhan.app.mailroom_keys import MailKeys
        from yizhan.channels.email import MailSender, MailSettings

        house = self._house
        async with house.db.read() as tx:
            inbox = await inboxes.inbox_by_key(tx, house.vault, key)
        if inbox.channel != Channel.EMAIL or not inbox.enabled:
            raise NotFound(f"{key} is no e-mail inbox that is switched on")
        settings = msgspec.convert(inbox.settings, MailSettings)
        keys = MailKeys(house, inbox, settings)
        return settings, MailSender(settings, keys, house.signer, house.blobs, house.settings.public_url)
