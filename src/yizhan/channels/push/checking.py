"""The test button: whether each vendor takes us for who we say we are. Nobody's phone rings."""

from __future__ import annotations

from uuid import UUID

from yizhan.channels.push import apns, jpush
from yizhan.channels.push.model import Ask, Request, call
from yizhan.channels.push.sending import VENDORS
from yizhan.desk.push import Provider, PushAccount, PushFailed, Ring, configured
from yizhan.foundation.clock import Clock
from yizhan.foundation.http import Http
from yizhan.records.inboxes import Check

_NOBODY = "0" * 64
_HINTS = {
    Provider.APNS: ("核对 Key ID、Team ID、Bundle ID 和 .p8 文件的全部内容。",
                    "Compare key ID, team ID, bundle ID and the whole text of the .p8 file."),
    Provider.FCM: ("粘贴服务账号 JSON 文件的全部内容，并在 Google 控制台启用 Firebase Cloud Messaging API。",
                   "Paste the whole JSON file of the service account, and enable the Firebase Cloud Messaging API."),
    Provider.GETUI: ("核对个推的 AppID、AppKey 和 MasterSecret。", "Compare GeTui's AppID, AppKey and MasterSecret."),
    Provider.JPUSH: ("核对极光的 AppKey 和 Master Secret。", "Compare JPush's AppKey and Master Secret."),
}  # fmt: skip


async def check_push(http: Http, account: PushAccount, clock: Clock) -> list[Check]:
    """One check for each provider that has its ids; none where there is none."""
    return [await _checked(http, provider, account, clock) for provider in configured(account)]


async def _checked(http: Http, provider: Provider, account: PushAccount, clock: Clock) -> Check:
    name = f"push.{provider}"
    try:
        ask: Ask | None = VENDORS[provider].entry(http, account, clock.now())
        token = (await ask()).token if ask else ""
        if provider is Provider.APNS:
            ring = Ring(key=UUID(int=1), token=_NOBODY, title="", body="", badge=0, conversation_id=UUID(int=1),
                        at=clock.now())  # fmt: skip
            apns.read(await call(http, apns.render(account, ring, token)), ring)  # an unknown device is a welcome
        elif provider is Provider.JPUSH:
            url = f"{account.settings.jpush_url}/v3/push/cid?count=1"
            answer = await call(http, Request("GET", url, jpush.headers(account)))
            if not answer.ok:
                raise PushFailed(f"HTTP {answer.status}: {answer.content[:160].decode(errors='replace')}", again=False)
    except PushFailed as failure:
        return Check(name, False, failure.message, *_HINTS[provider])
    return Check(name, True)
