"""Both sides sign as the clouds' own values say, each by code of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from yizhan.channels.sms import aliyun, tencent
from yizhan.simulator.clouds import acs3, tc3

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())


@pytest.mark.parametrize("name", ["aliyun_acs3_public_vector", "aliyun_sendsms_acs3"])
def test_acs3(name: str) -> None:
    v = VECTORS[name]
    said = aliyun.authorization(
        v["access_key_id"], v["access_key_secret"], query=v["query"], headers=v["headers"], method=v["method"],
        path=v["uri"],
    )  # fmt: skip
    assert said == v["expected_authorization"]
    names = ";".join(sorted(v["headers"]))
    theirs = acs3(v["access_key_secret"], v["method"], v["uri"], v["query"], v["headers"], names)
    assert theirs == v["expected_signature"]


@pytest.mark.parametrize(
    "name",
    [
        "tencent_tc3_public_vector",
        "tencent_sendsms_tc3_minimal_headers",
        "tencent_sendsms_tc3_with_action_header",
    ],
)
def test_tc3(name: str) -> None:
    v = VECTORS[name]
    sent = {"content-type": v["content_type"], "host": v["host"], "x-tc-action": v.get("action", "")}
    headers = {each: sent[each] for each in v["signed_headers"].split(";")}
    body = v["body"].encode()
    scope = tencent.Scope(v["secret_id"], v["secret_key"], v["service"], v["timestamp"])
    said = tencent.authorization(scope, headers, body)
    assert said.endswith(f"SignedHeaders={v['signed_headers']}, Signature={v['expected_signature']}")
    if "expected_authorization" in v:
        assert said == v["expected_authorization"]
    theirs = tc3(v["secret_key"], v["service"], v["timestamp"], headers, v["signed_headers"], body)
    assert theirs == v["expected_signature"]
