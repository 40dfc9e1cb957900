"""The callback: signed for this company, answered at once, and no more than a nudge."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.channels.lines import account_for
from yizhan.channels.wechat.kf import ADAPTER
from yizhan.desk.channels import Account, Nudge, Request, SignatureRefused
from yizhan.foundation.errors import Invalid

VECTORS = json.loads((Path(__file__).parents[2] / "vectors.json").read_text("utf-8"))
ADDRESS, EVENT = VECTORS["wecom_url_verification"], VECTORS["wecom_kf_callback"]
NOW = datetime.fromtimestamp(1700000100, UTC)
KFID = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"


def account(corp_id: str = EVENT["corpid"], **more: object) -> Account:
    secrets = {"token": EVENT["token"], "aes_key": EVENT["encoding_aes_key"]}
    return account_for(ADAPTER, {"corp_id": corp_id, "open_kfid": KFID, **more}, secrets)


def brought(signature: str = EVENT["expected_msg_signature"], body: str = EVENT["request_body"]) -> Request:
    query = f"msg_signature={signature}&timestamp={EVENT['timestamp']}&nonce={EVENT['nonce']}"
    return Request(method="POST", query=query, headers={}, body=body.encode())


def hear(account: Account, request: Request) -> object:
    assert ADAPTER.hear is not None
    return ADAPTER.hear(account, request, NOW)


def test_the_address_is_checked_with_a_question_that_only_we_can_read() -> None:
    asked = Request(method="GET", query=ADDRESS["raw_query"], headers={}, body=b"")
    heard = ADAPTER.hear(account(), asked, NOW)  # type: ignore[misc]
    assert (heard.happenings, heard.reply.body.decode()) == ((), ADDRESS["expected_response_body"])


def test_a_callback_is_a_nudge_with_its_token() -> None:
    heard = ADAPTER.hear(account(), brought(), NOW)  # type: ignore[misc]
    assert heard.happenings == (Nudge("ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR"),)
    assert (heard.reply.status, heard.reply.body) == (200, b"")


def test_another_account_of_the_company_is_named() -> None:
    [nudge] = ADAPTER.hear(account(open_kfid="wkOTHER"), brought(), NOW).happenings  # type: ignore[misc]
    assert isinstance(nudge, Nudge)
    assert nudge.of == ("open_kfid", KFID)


@pytest.mark.parametrize("request_", [
    brought(signature="0" * 40),
    brought(body=EVENT["request_body"].replace("qihobrHYN", "qihobrHYX")),
    Request(method="GET", query=ADDRESS["raw_query"].replace("1ba3", "1ba4"), headers={}, body=b""),
])  # fmt: skip
def test_a_stranger_is_refused(request_: Request) -> None:
    with pytest.raises(SignatureRefused):
        hear(account(), request_)


def test_what_is_encrypted_for_another_company_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        hear(account(corp_id="wwOTHER"), brought())


def test_an_old_one_is_refused_where_the_inbox_says_so() -> None:
    assert ADAPTER.hear is not None
    late = datetime.fromtimestamp(1700009999, UTC)
    assert ADAPTER.hear(account(), brought(), late).happenings
    with pytest.raises(SignatureRefused):
        ADAPTER.hear(account(signed_seconds=600), brought(), late)


@pytest.mark.parametrize("body", ["", "no xml", "<xml>", '{"encrypt"'])
def test_what_is_no_callback_is_refused(body: str) -> None:
    with pytest.raises((Invalid, SignatureRefused)):
        hear(account(), brought(body=body))
