"""What the platform answers a push with: `success`, or a sealed reply that the vendor shows the person."""

from __future__ import annotations

import base64
import hmac
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yizhan.simulator.tencent import sha1_of


def unsealed(body: bytes, token: str, aes_key: str, appid: str) -> str | None:
    """The words of a sealed text reply; None for an answer without one. Raises ValueError for one that is not right."""
    if body in (b"", b"success"):
        return None
    said = _leaves(body)
    expected = sha1_of(token, said.get("TimeStamp", ""), said.get("Nonce", ""), said.get("Encrypt", ""))
    if not hmac.compare_digest(expected, said.get("MsgSignature", "")):
        raise ValueError("the reply is not signed as it must be")
    key = base64.b64decode(aes_key + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(said["Encrypt"])) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    size = int.from_bytes(plain[16:20], "big")
    if plain[20 + size :] != appid.encode():
        raise ValueError("the reply is another account's")
    inner = _leaves(plain[20 : 20 + size])
    if inner.get("MsgType") != "text":
        raise ValueError("only texts are shown here")
    return inner["Content"]


def _leaves(body: bytes) -> dict[str, str]:
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - of the platform under trial
    except ElementTree.ParseError as wrong:
        raise ValueError(str(wrong)) from wrong
    return {each.tag: each.text or "" for each in root}
