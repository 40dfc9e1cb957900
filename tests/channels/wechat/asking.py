"""Callbacks as WeChat makes them, signed and sealed by code of our own that the vectors check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yizhan.channels.wechat as family
from tests.channels.lines import account_for
from yizhan.channels.wechat.crypto import Keys, encrypt, signature
from yizhan.desk.channels import Account, Adapter, Request

TOKEN, AES_KEY = "pamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SECRETS = {"app_secret": "s3cret", "token": TOKEN, "aes_key": AES_KEY}
SECONDS = 1_764_000_000


def account(adapter: Adapter, appid: str, **settings: Any) -> Account:
    return account_for(adapter, {"appid": appid, **settings}, SECRETS)


def sample(folder: str, name: str) -> bytes:
    return (Path(family.__file__).parent / folder / "samples" / name).read_bytes()


def samples(folder: str) -> list[str]:
    return sorted(each.name for each in (Path(family.__file__).parent / folder / "samples").iterdir())


def query(given: Mapping[str, str]) -> str:
    return urlencode(given)


def pushed(appid: str, plain: bytes, *, at: int = SECONDS, nonce: str = "n1", token: str = TOKEN) -> Request:
    """In safe mode."""
    sealed = encrypt(plain, AES_KEY, appid, b"0123456789abcdef")
    stamp = str(at)
    said = {
        "signature": signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "encrypt_type": "aes",
        "msg_signature": signature(token, stamp, nonce, sealed),
    }  # fmt: skip
    body = f"<xml><ToUserName><![CDATA[gh_x]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    if plain.lstrip()[:1] == b"{":
        body = f'{{"ToUserName":"gh_x","Encrypt":"{sealed}"}}'
    return Request(method="POST", query=query(said), headers={}, body=body.encode())


def in_plain(body: bytes, *, at: int = SECONDS) -> Request:
    said = {"signature": signature(TOKEN, str(at), "n1"), "timestamp": str(at), "nonce": "n1"}
    return Request(method="POST", query=query(said), headers={}, body=body)


def keys(appid: str) -> Keys:
    return Keys(TOKEN, AES_KEY, appid)
