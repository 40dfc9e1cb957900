"""The stand-in of 企业微信 signs and encrypts as the vendor does: values that others computed."""

from __future__ import annotations

import json
from pathlib import Path

from yizhan.simulator.tencent import new_aes_key, seal, sha1_of

VECTORS = json.loads((Path(__file__).parents[1] / "channels" / "vectors.json").read_text("utf-8"))


def test_callbacks_are_sealed_and_signed() -> None:
    known = VECTORS["wecom_kf_callback"]
    sealed = seal(
        known["plaintext_xml"].encode(), known["encoding_aes_key"], known["corpid"], known["random16"].encode()
    )
    assert sealed == known["expected_encrypt"]
    assert sha1_of(known["token"], known["timestamp"], known["nonce"], sealed) == known["expected_msg_signature"]


def test_keys_are_what_consoles_make() -> None:
    assert len(new_aes_key()) == 43
    assert seal(b"x", new_aes_key(), "ww1") != seal(b"x", new_aes_key(), "ww1")
