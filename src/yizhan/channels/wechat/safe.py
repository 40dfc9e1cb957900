"""The callback of 公众号 and 小程序: the address is checked, a message let in, an answer sealed. Pure."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from yizhan.channels.wechat.crypto import Keys, encrypt, ensure_lately, is_signed, opened, query_of, signature
from yizhan.channels.wechat.xml import Branch, write_xml
from yizhan.desk.channels import Heard, Reply, Request, SignatureRefused

SUCCESS = Reply(b"success")
_PLAIN_SECONDS = 300


def checked_address(keys: Keys, request: Request) -> Heard:
    """The console asks whether the address is ours. Raises SignatureRefused."""
    said = query_of(request.query)
    _ensure_signed(keys, said)
    return Heard((), Reply(said.get("echostr", "").encode()))


def let_in(keys: Keys, request: Request, now: datetime, *, plain: bool, fresh_seconds: int) -> bytes:
    """The message in clear. Without encryption the signature does not cover it: whoever saw one address can forge
    messages, so that is only let in where the settings say `plain`. Raises SignatureRefused and Invalid."""
    said = query_of(request.query)
    if said.get("encrypt_type", "raw") != "raw" or "msg_signature" in said:
        ensure_lately(said.get("timestamp", ""), now, fresh_seconds)
        return opened(keys, request.query, request.body)
    if not plain:
        raise SignatureRefused("only encrypted messages are taken: choose safe mode 安全模式 in the console")
    _ensure_signed(keys, said)
    ensure_lately(said.get("timestamp", ""), now, _PLAIN_SECONDS)
    return request.body


def sealed_reply(keys: Keys, request: Request, tree: Branch) -> Reply:
    """A passive reply, encrypted where the request was."""
    plain = write_xml(tree).encode()
    said = query_of(request.query)
    if "msg_signature" not in said:
        return Reply(plain, "application/xml; charset=utf-8")
    timestamp, nonce = said.get("timestamp", ""), said.get("nonce", "")
    # As unforeseeable as the request it answers, which makes a retry the same bytes.
    random = sha256(f"{keys.aes_key}{said['msg_signature']}".encode()).digest()[:16]
    encrypted = encrypt(plain, keys.aes_key, keys.receiver, random)
    signed = signature(keys.token, timestamp, nonce, encrypted)
    body = write_xml({"Encrypt": encrypted, "MsgSignature": signed, "TimeStamp": _number(timestamp), "Nonce": nonce})
    return Reply(body.encode(), "application/xml; charset=utf-8")


def _ensure_signed(keys: Keys, said: dict[str, str]) -> None:
    parts = (keys.token, said.get("timestamp", ""), said.get("nonce", ""))
    if not keys.token or not is_signed(said.get("signature", ""), *parts):
        raise SignatureRefused("the signature is not that of this inbox's token")


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text
