"""The connection checks of the channels, as the settings page of an inbox calls them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec

from yizhan.channels.email import MailSecret, MailSettings
from yizhan.channels.generic import GenericCheck, GenericSecret, GenericSettings
from yizhan.channels.webchat import WebchatSecret, WebchatSettings
from yizhan.foundation.clock import Clock
from yizhan.foundation.http import Http
from yizhan.records.inboxes import Channel, Check, ConnectionCheck

_SECONDS = 45.0


class MailCheck:
    """Signs in to both servers; nothing is fetched or sent."""

    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        from yizhan.channels.email import check_connection

        try:
            typed = msgspec.convert(settings, MailSettings)
            secret = msgspec.convert(secrets, MailSecret)
        except msgspec.ValidationError as wrong:
            return [Check("settings", False, str(wrong))]
        try:
            async with asyncio.timeout(_SECONDS):
                results = await check_connection(typed, secret)
        except TimeoutError:
            return [Check("incoming.connect", False, f"no answer within {_SECONDS:.0f} s")]
        return [Check(one.name, one.ok, one.detail, one.hint_zh, one.hint_en) for one in results]


class WebchatCheck:
    """Nothing to connect to: only whether the settings can be read."""

    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        try:
            msgspec.convert(settings, WebchatSettings)
            msgspec.convert(secrets, WebchatSecret)
        except msgspec.ValidationError as wrong:
            return [Check("settings", False, str(wrong))]
        return [Check("settings", True)]


def inbox_types() -> Mapping[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]:
    """What an inbox's settings and secrets must be."""
    return {
        Channel.EMAIL: (MailSettings, MailSecret),
        Channel.WEBCHAT: (WebchatSettings, WebchatSecret),
        Channel.GENERIC: (GenericSettings, GenericSecret),
    }


def connection_checks(http: Http, clock: Clock) -> Mapping[str, ConnectionCheck]:
    return {Channel.EMAIL: MailCheck(), Channel.WEBCHAT: WebchatCheck(), Channel.GENERIC: GenericCheck(http, clock)}
