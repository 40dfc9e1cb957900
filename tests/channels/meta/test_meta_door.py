"""Meta's door: raw bytes signed, the address confirmed; both sides as the published values say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.lines import account_for
from yizhan.channels import adapter
from yizhan.channels.meta import door
from yizhan.desk.channels import Arrival, Request, SignatureRefused
from yizhan.simulator.meta import compact_ascii, proof_of, signed

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())
SIGNED = VECTORS["meta_x_hub_signature_256"]
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_both_sides_sign_as_meta_does() -> None:
    body = SIGNED["raw_body"].encode()
    door.verify(SIGNED["app_secret"], SIGNED["expected_header"], body)
    assert signed(SIGNED["app_secret"], body) == SIGNED["expected_header"]
    with pytest.raises(SignatureRefused):
        door.verify(SIGNED["app_secret"], SIGNED["expected_header"], body.replace(b"\\u4f60", "你".encode()))
    with pytest.raises(SignatureRefused):
        door.verify("", signed("", body), body)
    v = VECTORS["meta_appsecret_proof"]
    assert (
        door.proof(v["access_token"], v["app_secret"]) == proof_of(v["access_token"], v["app_secret"]) == v["expected"]
    )


def test_what_meta_escapes() -> None:
    assert compact_ascii({"a": "你😀"}) == b'{"a":"\\u4f60\\ud83d\\ude00"}'


def ask(query: str) -> str:
    found = adapter("whatsapp")
    assert found is not None
    assert found.hear is not None
    account = account_for(found, {}, {"verify_token": "mine"})
    return found.hear(account, Request(method="GET", query=query, headers={}, body=b""), NOW).reply.body.decode()


def test_the_address_is_confirmed() -> None:
    assert ask("hub.mode=subscribe&hub.verify_token=mine&hub.challenge=1158201444") == "1158201444"
    for wrong in ("", "hub.mode=subscribe&hub.verify_token=theirs&hub.challenge=1", "hub.verify_token=mine"):
        with pytest.raises(SignatureRefused):
            ask(wrong)


def test_what_is_for_another_number_is_refused() -> None:
    found = adapter("whatsapp")
    assert found is not None
    assert found.hear is not None
    body = SIGNED["raw_body"].encode().replace(b'"value":{', b'"value":{"metadata":{"phone_number_id":"2"},')
    headers = {"x-hub-signature-256": signed("s", body)}
    request = Request(method="POST", query="", headers=headers, body=body)
    with pytest.raises(SignatureRefused):
        found.hear(account_for(found, {"phone_number_id": "1"}, {"app_secret": "s"}), request, NOW)
    [happening] = found.hear(account_for(found, {"phone_number_id": "2"}, {"app_secret": "s"}), request, NOW).happenings
    assert isinstance(happening, Arrival)
    assert (happening.text, happening.id, happening.who.value) == ("你好", "wamid.HBgN", "8613800138000")
