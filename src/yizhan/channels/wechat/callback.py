"""Callbacks of 企业微信: the address is checked with an encrypted question, events come encrypted. Pure."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.wechat.crypto import Keys, echoed, ensure_lately, opened, query_of
from yizhan.channels.wechat.xml import Tree, read
from yizhan.desk.channels import Account, Heard, Reply, Request


def keys_of(account: Account) -> Keys:
    return Keys(account.secrets.token, account.secrets.aes_key, account.settings.corp_id)


def answered(account: Account, request: Request) -> Heard | None:
    """The answer to the vendor's check of the address; None where it brings something. Raises SignatureRefused."""
    if request.method != "GET":
        return None
    return Heard((), Reply(echoed(keys_of(account), request.query)))


def brought(account: Account, request: Request, now: datetime) -> tuple[Tree, bytes]:
    """What it brings, read and as it came. Raises SignatureRefused and Invalid."""
    plain = opened(keys_of(account), request.query, request.body)
    ensure_lately(query_of(request.query).get("timestamp", ""), now, account.settings.signed_seconds)
    return read(plain), plain
