"""The ways out for notices, joined: one HTTP client for bots and hooks, the house's inboxes for mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from yizhan.channels.outlets import HttpPoster
from yizhan.desk.channels import TextFailed, Wording
from yizhan.desk.outlets import Cause, Dispatch, Outlet, OutletKind, Poster, PostFailed, Postman, values_of
from yizhan.foundation.errors import NotFound
from yizhan.foundation.lease import Lease
from yizhan.records import inboxes
from yizhan.records.inboxes import Channel
from yizhan.records.texts import Purpose

if TYPE_CHECKING:
    from yizhan.app.house import House
    from yizhan.channels.email import MailSender, MailSettings


def open_postman(house: House) -> Postman:
    """In the demo no text message leaves the house, but through an inbox."""
    http = HttpPoster(house.http)
    posters: dict[OutletKind, Poster] = dict.fromkeys(HttpPoster.KINDS, http)
    posters[OutletKind.EMAIL] = _Mail(house)
    posters[OutletKind.SMS] = _Texts(house, house.demo_phone if house.settings.demo else http)
    return Postman(
        house.db, house.clock, house.vault, Lease(house.db, "outlets", house.holder), lambda: house.rules.live.now,
        posters, house.settings.public_url,
    )  # fmt: skip


class _Texts:
    """By an inbox as an approved template, or by a gateway that takes any words."""

    def __init__(self, house: House, gateway: Poster) -> None:
        self._house = house
        self._gateway = gateway

    async def warm(self) -> None:
        await self._gateway.warm()

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        if outlet.inbox is None or outlet.template is None:
            await self._gateway.post(outlet, secrets, dispatch)
            return
        first = dispatch.items[0]
        wording = Wording(outlet.template, dispatch.values or values_of(dispatch))
        purpose = Purpose.CODE if dispatch.values else Purpose.NOTICE
        try:
            await self._house.the_adapting.texting.send(
                outlet.inbox, wording, dispatch.to, purpose=purpose, subject=first.id
            )
        except TextFailed as failure:
            cause = Cause.LIMITED if failure.limited else Cause.TRANSPORT
            raise PostFailed(
                Cause.REFUSED if failure.again_in is None else cause, failure.message, pause=failure.again_in
            ) from failure


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
