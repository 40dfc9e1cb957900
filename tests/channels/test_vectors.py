"""Every published vector is used by some test. Those here are of what has no folder of its own: of the rest, who
speaks to the vendor checks them. Vendors we do not speak to yet are recomputed: who adds one can trust the copy."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yizhan.channels.email.parsing.headers import decode_text
from yizhan.channels.email.transport.connect import xoauth2_base64
from yizhan.channels.outlets import dingtalk, feishu

TESTS = Path(__file__).parents[1]
VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
Vector = Mapping[str, Any]


def _hmac(key: str, words: str, way: str) -> bytes:
    return hmac.new(key.encode(), words.encode(), way).digest()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _form(params: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(params[name], safe='~')}" for name in sorted(params))


def _aliyun_rpc(v: Vector) -> list[tuple[object, object]]:
    said = f"{v['method']}&%2F&{quote(_form(v['params']), safe='~')}"
    signed = _base64(_hmac(v["access_key_secret"] + "&", said, "sha1"))
    return [(said, v["string_to_sign"]), (signed, v["expected_signature"])]


def _feishu_event(v: Vector) -> list[tuple[object, object]]:
    signed = hashlib.sha256((v["timestamp"] + v["nonce"] + v["encrypt_key"] + v["request_body"]).encode()).hexdigest()
    sealed = base64.b64decode(json.loads(v["request_body"])["encrypt"])
    key = hashlib.sha256(v["encrypt_key"].encode()).digest()
    opening = Cipher(algorithms.AES(key), modes.CBC(sealed[:16])).decryptor()
    plain = opening.update(sealed[16:]) + opening.finalize()
    return [(signed, v["expected_x_lark_signature"]), (plain[: -plain[-1]].decode(), v["plaintext"])]


def _oauth1(v: Vector) -> list[tuple[object, object]]:
    said = "&".join(quote(part, safe="~") for part in (v["method"], v["url"], _form(v["params"])))
    signed = _base64(_hmac(f"{v['consumer_secret']}&{v['token_secret']}", said, "sha1"))
    return [(said, v["base_string"]), (signed, v["expected_signature"])]


def _cmpp(v: Vector) -> list[tuple[object, object]]:
    said = v["source_addr"].encode() + bytes(9) + (v["shared_secret"] + v["timestamp"]).encode()
    return [(hashlib.md5(said).hexdigest(), v["expected_hex"]), (int(v["timestamp"]), v["timestamp_uint32"])]


def _header(v: Vector) -> bytes:
    return base64.b64decode(v["header"]) if v.get("is_base64_of_raw_bytes") else v["header"].encode()


CHECKS: dict[str, Callable[[Any], list[tuple[object, object]]]] = {
    "dingtalk_robot_sign": lambda v: [(dingtalk.sign(v["secret"], v["timestamp"]), v["expected_base64"])],
    "feishu_bot_sign": lambda v: [(feishu.sign(v["secret"], v["timestamp"]), v["expected_sign"])],
    "xoauth2_sasl": lambda v: [(xoauth2_base64(v["user"], v["access_token"]), v["expected_base64"])],
    "email_header_charsets": lambda every: [(decode_text(_header(v)), v["expected"]) for v in every],
    "feishu_event_callback": _feishu_event,
    "aliyun_rpc_hmac_sha1_legacy": _aliyun_rpc,
    "slack_signature": lambda v: [
        ("v0=" + _hmac(v["signing_secret"], f"v0:{v['timestamp']}:{v['raw_body']}", "sha256").hex(), v["expected"])
    ],
    "x_crc": lambda v: [
        ("sha256=" + _base64(_hmac(v["consumer_secret"], v["crc_token"], "sha256")),
         v["expected_response_json"]["response_token"])
    ],
    "x_oauth1_hmac_sha1": _oauth1,
    "cmpp2_connect_authenticator": _cmpp,
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_a_vector_is_what_it_says(name: str) -> None:
    for found, published in CHECKS[name](VECTORS[name]):
        assert found == published


def test_no_vector_is_left_out() -> None:
    tests = [path.read_text("utf-8") for path in TESTS.rglob("test_*.py")]
    assert [name for name in VECTORS if name != "_about" and not any(f'"{name}"' in each for each in tests)] == []
