"""Whether somebody is rung, and what his screen says."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.outlets import quiet_until
from yizhan.desk.push.model import Provider, PushAccount, Ringable, Unheard

_MOST_CHARS = 80
_MOST_HOURS = 4
_WORDS = {"zh": "您有一条新消息", "en": "You have a new message"}


def rings_for(unheard: Unheard) -> UUID | None:
    """The answer he is rung for: the last one, unless he was rung already in this absence."""
    if not unheard.count or unheard.last is None:
        return None
    is_rung = unheard.rung is not None and (unheard.heard is None or unheard.rung > unheard.heard)
    return None if is_rung else unheard.last


def silent_for(device: Ringable, now: datetime) -> timedelta:
    """Until nobody wants it silent any more: his hours and the house's may follow each other."""
    at = now
    for _ in range(_MOST_HOURS):
        ends = [end for quiet in (device.own, device.house) if (end := quiet_until(quiet, "info", at)) is not None]
        if not ends:
            break
        at = max(ends)
    return at - now


def words_of(text: str, locale: str, *, with_text: bool) -> str:
    """A picture has no words, so it is announced like any message."""
    plain = " ".join(text.split())
    if with_text and plain:
        return plain if len(plain) <= _MOST_CHARS else plain[: _MOST_CHARS - 1] + "…"
    return _WORDS["en" if locale.lower().startswith("en") else "zh"]


def configured(account: PushAccount) -> tuple[Provider, ...]:
    """Those providers with which the house has an account, as far as its settings go."""
    s, secrets = account.settings, account.secrets
    wanted = {
        Provider.APNS: (s.apns_topic, s.apns_team, s.apns_key_id, secrets.get("push_apns_key")),
        Provider.FCM: (secrets.get("push_fcm_account"),),
        Provider.GETUI: (s.getui_app_id, s.getui_app_key, secrets.get("push_getui_secret")),
        Provider.JPUSH: (s.jpush_app_key, secrets.get("push_jpush_secret")),
    }
    return tuple(provider for provider, parts in wanted.items() if all(parts))
