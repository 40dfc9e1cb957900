"""The port of the desk: a ring goes to its vendor, once more with another access token where one was over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yizhan.channels.push import apns, fcm, getui, jpush
from yizhan.channels.push.model import Keeping, TokenOver, Vendor, call
from yizhan.desk.push import Fate, Provider, PushAccount, Ring
from yizhan.foundation.clock import Clock
from yizhan.foundation.http import Http

VENDORS: Mapping[Provider, Any] = {
    Provider.APNS: apns,
    Provider.FCM: fcm,
    Provider.GETUI: getui,
    Provider.JPUSH: jpush,
}
_ONCE_ONLY = frozenset({Provider.JPUSH})  # what it was told twice it shows twice on Android


class VendorPush:
    """`http` speaks HTTP/2 where the other side does: Apple takes nothing else."""

    def __init__(self, http: Http, clock: Clock, tokens: Keeping) -> None:
        self._http = http
        self._clock = clock
        self._tokens = tokens

    async def push(self, provider: Provider, account: PushAccount, ring: Ring) -> Fate:
        vendor: Vendor = VENDORS[provider]
        name = f"push.{provider}"
        ask = vendor.entry(self._http, account, self._clock.now())
        for is_last in (False, True):
            token = await self._tokens.token(account.inbox_id, name, ask) if ask else ""
            request = vendor.render(account, ring, token)
            answer = await call(self._http, request, repeatable=provider not in _ONCE_ONLY)
            try:
                return Fate.TAKEN if vendor.read(answer, ring) else Fate.GONE
            except TokenOver:
                await self._tokens.refused(account.inbox_id, name, token)
                if is_last:
                    raise
        raise AssertionError("the second try returns or raises")
