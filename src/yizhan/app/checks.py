"""The connection checks of the channels, as the settings page of an inbox calls them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from yizhan.channels.email import Auth, MailSecret, MailSettings, OAuth
from yizhan.channels.webchat import WebchatSecret, WebchatSettings
from yizhan.desk.push import PushAccount, configured
from yizhan.foundation.clock import Clock
from yizhan.foundation.errors import Invalid
from yizhan.foundation.http import Guard, Http
from yizhan.records.inboxes import Authorisation, Channel, Check, ConnectionCheck

_SECONDS = 45.0
_NOT_PUBLISHED = (
    "域名的 DNS 里还没有这些 TXT 记录，发布之前请不要开启签名。",
    "The domain does not publish these TXT records yet: do not enable signing before.",
)


class MailCheck:
    """Signs in to both servers; nothing is fetched or sent."""

    def __init__(self, http: Http, clock: Clock, dns_servers: Sequence[str] = ()) -> None:
        self._http = http
        self._clock = clock
        self._dns_servers = dns_servers

    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        from yizhan.channels.email import MailServerError, check_connection

        try:
            typed = msgspec.convert(settings, MailSettings)
            secret = msgspec.convert(secrets, MailSecret)
        except msgspec.ValidationError as wrong:
            return [Check("settings", False, str(wrong))]
        try:
            async with asyncio.timeout(_SECONDS):
                results = await check_connection(typed, await self._opened(typed, secret))
                signing = await self._signing(typed, secret)
        except MailServerError as refused:
            return [Check("oauth.token", False, refused.message)]
        except TimeoutError:
            return [Check("incoming.connect", False, f"no answer within {_SECONDS:.0f} s")]
        return [*(Check(one.name, one.ok, one.detail, one.hint_zh, one.hint_en) for one in results), *signing]

    async def _signing(self, settings: MailSettings, secret: MailSecret) -> list[Check]:
        """Whether the world can read our signature."""
        from yizhan.channels.email import DnsTrouble, SystemDns, published, records

        wanted = records(settings, secret)
        try:
            names = SystemDns(self._dns_servers) if wanted else None
            missing = [one.name for one in wanted if names and not await published(names, one)]
        except DnsTrouble as trouble:
            return [Check("outgoing.dkim", False, trouble.message)]
        if not missing:
            return [Check("outgoing.dkim", True)] if wanted else []
        return [Check("outgoing.dkim", False, ", ".join(missing), *_NOT_PUBLISHED)]

    async def _opened(self, settings: MailSettings, secret: MailSecret) -> MailSecret:
        """With the access token that the log-ins will use. One that is renewed here is renewed again there."""
        if settings.auth is not Auth.XOAUTH2 or settings.oauth is None:
            return secret
        from yizhan.channels.email import ask_token

        async def keep(_: str) -> None:
            return None

        granted = await ask_token(self._http, settings, secret, keep, self._clock.now())
        return MailSecret(token=granted.token)


class MailAuthorisation:
    """OAuth with the provider of a mailbox."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def start(self, settings: dict[str, object], *, redirect: str, state: str, verifier: str) -> str:
        from yizhan.channels.email import authorise_url

        typed, oauth = _mail_oauth(settings)
        return authorise_url(oauth, redirect=redirect, state=state, verifier=verifier, login=typed.login)

    async def finish(
        self, settings: dict[str, object], secrets: dict[str, str], *, code: str, redirect: str, verifier: str
    ) -> dict[str, str]:
        from yizhan.channels.email import redeem

        _, oauth = _mail_oauth(settings)
        secret = msgspec.convert(secrets, MailSecret)
        granted = await redeem(self._http, oauth, secret, code=code, redirect=redirect, verifier=verifier)
        return {"refresh_token": granted.refresh_token}


def _mail_oauth(settings: dict[str, object]) -> tuple[MailSettings, OAuth]:
    typed = msgspec.convert(settings, MailSettings)
    if typed.oauth is None:
        raise Invalid("this mailbox has no token server", "oauth")
    return typed, typed.oauth


class WebchatCheck:
    """Whether the settings can be read, and whether those who push to apps take us."""

    def __init__(self, guard: Guard, clock: Clock) -> None:
        self._guard = guard
        self._clock = clock

    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        try:
            typed = msgspec.convert(settings, WebchatSettings)
            msgspec.convert(secrets, WebchatSecret)
        except msgspec.ValidationError as wrong:
            return [Check("settings", False, str(wrong))]
        account = PushAccount(UUID(int=0), typed.push, secrets)
        if not configured(account):
            return [Check("settings", True)]
        from yizhan.channels.push import check_push

        http = Http(self._guard, http2=True)
        try:
            return [Check("settings", True), *await check_push(http, account, self._clock)]
        finally:
            await http.close()


def inbox_types() -> Mapping[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]:
    """What an inbox's settings and secrets must be."""
    return {
        Channel.EMAIL: (MailSettings, MailSecret),
        Channel.WEBCHAT: (WebchatSettings, WebchatSecret),
    }


def connection_checks(http: Http, clock: Clock, dns_servers: Sequence[str] = ()) -> Mapping[str, ConnectionCheck]:
    return {
        Channel.EMAIL: MailCheck(http, clock, dns_servers),
        Channel.WEBCHAT: WebchatCheck(http.guard, clock),
    }


def authorisations(http: Http) -> Mapping[str, Authorisation]:
    return {Channel.EMAIL: MailAuthorisation(http)}
