"""What goes to each vendor, byte for byte where it is signed, and what his answers mean. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.channels.outlets import dingtalk, feishu, webhook, wecom
from yizhan.channels.outlets.model import cut
from yizhan.desk.outlets import Cause, Dispatch, Item, PostFailed

AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def dispatch(
    count: int = 1, *, title: str = "已超时 · 首次响应", line: str = "工单 #208001 · 售后组", more: int = 0
) -> Dispatch:
    items = tuple(
        Item(
            id=UUID(int=n), why="sla.breach", level="critical", title=title, lines=(line,), ticket_number=208001,
            link=f"https://kf.example.com/app/desk/t/{n}", raised_at=AT, facts={"target": "first_response"},
        ) for n in range(count)
    )  # fmt: skip
    return Dispatch(id=UUID(int=7), at=AT, title=title, items=items, more=more, level="critical", language="zh-CN")


def test_signatures_are_those_the_vendors_publish() -> None:
    assert dingtalk.sign("SECabcdef0123456789", "1700000000000") == "dV0RXHUD72d0VKcnHrBhJ9jhSbDS3HUiduucxO+izso="
    url = dingtalk.signed_url("https://oapi.dingtalk.com/robot/send?access_token=t", "SECabcdef0123456789", AT)
    assert url.endswith("&timestamp=1700000000000&sign=dV0RXHUD72d0VKcnHrBhJ9jhSbDS3HUiduucxO%2Bizso%3D")
    assert feishu.sign("demo", "1599360473") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
    at = datetime.fromtimestamp(1599360473, UTC)
    assert feishu.proof("demo", at) == {
        "timestamp": "1599360473", "sign": "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="
    }  # fmt: skip


def test_without_a_secret_nothing_is_signed() -> None:
    assert dingtalk.signed_url("https://x/send?access_token=t", "", AT) == "https://x/send?access_token=t"
    assert feishu.proof("", AT) == {}
    request = webhook.render(dispatch(), {"url": "https://x"})
    assert "x-yizhan-signature" not in request.headers


def test_one_notice_says_what_it_is_and_leads_to_it() -> None:
    content = json.loads(wecom.render(dispatch(), {"url": "u"}).body)["markdown"]["content"]
    assert content.splitlines() == [
        '<font color="warning">**已超时 · 首次响应**</font>', "> 工单 #208001 · 售后组",
        "[打开处理](https://kf.example.com/app/desk/t/0)",
    ]  # fmt: skip
    said = json.loads(dingtalk.render(dispatch(), {"url": "u"}).body)["markdown"]
    assert said["title"] == "已超时 · 首次响应"
    assert said["text"].startswith("### 已超时")
    post = json.loads(feishu.render(dispatch(), {"url": "u"}).body)["content"]["post"]["zh_cn"]
    assert post["content"][-1] == [{"tag": "a", "text": "打开处理", "href": "https://kf.example.com/app/desk/t/0"}]
    sms = json.loads(webhook.render_sms(dispatch(), {"url": "u", "secret": "s"}).body)
    assert sms["text"] == "已超时 · 首次响应 工单 #208001 · 售后组"


@pytest.mark.parametrize("render", [wecom.render, dingtalk.render, feishu.render])
def test_a_digest_names_each_and_how_many_more(render: Callable[..., object]) -> None:
    text = getattr(render(dispatch(10, more=3), {"url": "u"}), "body").decode()  # noqa: B009
    assert text.count("/app/desk/t/") == 10
    assert "还有 3 条" in text


@given(st.text(max_size=3_000), st.text(max_size=3_000))
def test_whatever_people_are_called_it_fits_and_is_no_markup(title: str, line: str) -> None:
    given_ = dispatch(title=title, line=line)
    content = json.loads(wecom.render(given_, {"url": "u"}).body)["markdown"]["content"]
    assert len(content.encode()) <= wecom.MOST_BYTES
    assert content.count("<font") == 1
    assert len(dingtalk.render(given_, {"url": "u"}).body) < 20 * 1024 * 2  # as characters it is less
    json.loads(feishu.render(given_, {"url": "u"}).body)


@given(st.text(max_size=200), st.integers(10, 100))
def test_a_cut_never_splits_a_character(text: str, most: int) -> None:
    assert len(cut(text, most).encode()) <= most


@pytest.mark.parametrize(
    ("read", "body", "cause", "pause"),
    [
        (wecom.read, {"errcode": 93000, "errmsg": "invalid webhook url"}, Cause.REFUSED, None),
        (wecom.read, {"errcode": 45009, "errmsg": "api freq out of limit"}, Cause.LIMITED, timedelta(minutes=1)),
        (wecom.read, {"errcode": 40058}, Cause.REFUSED, None),
        (wecom.read, {}, Cause.TRANSPORT, None),
        (dingtalk.read, {"errcode": 310000, "errmsg": "sign not match"}, Cause.REFUSED, None),
        (dingtalk.read, {"errcode": 130101}, Cause.LIMITED, timedelta(minutes=10)),
        (dingtalk.read, {"errcode": 410100}, Cause.LIMITED, timedelta(minutes=10)),
        (feishu.read, {"code": 19021, "msg": "sign match fail"}, Cause.REFUSED, None),
        (feishu.read, {"code": 11232}, Cause.LIMITED, timedelta(minutes=1)),
    ],
)
def test_a_no_is_read_out_of_an_answer_that_says_200(
    read: Callable[[bytes], None], body: dict[str, object], cause: Cause, pause: timedelta | None
) -> None:
    with pytest.raises(PostFailed) as failed:
        read(json.dumps(body).encode())
    assert (failed.value.cause, failed.value.pause) == (cause, pause)
    with pytest.raises(PostFailed) as failed:
        read(b"<html>502</html>")
    assert failed.value.cause is Cause.TRANSPORT


def test_a_yes_is_a_yes() -> None:
    for read in (wecom.read, dingtalk.read):
        read(b'{"errcode":0,"errmsg":"ok"}')
    feishu.read(b'{"code":0,"msg":"success","data":{}}')
    webhook.read(204, {})


@pytest.mark.parametrize(
    ("status", "headers", "cause", "seconds"),
    [
        (429, {"retry-after": "7"}, Cause.LIMITED, 7),
        (429, {"retry-after": "tomorrow"}, Cause.LIMITED, 60),
        (429, {"retry-after": "99999"}, Cause.LIMITED, 3600),
        (503, {}, Cause.TRANSPORT, None),
        (404, {}, Cause.REFUSED, None),
    ],
)
def test_a_hook_answers_by_its_status(status: int, headers: dict[str, str], cause: Cause, seconds: int | None) -> None:
    with pytest.raises(PostFailed) as failed:
        webhook.read(status, headers)
    pause = failed.value.pause.total_seconds() if failed.value.pause else None
    assert (failed.value.cause, pause) == (cause, seconds)


def test_the_signed_address_keeps_its_token() -> None:
    query = parse_qs(
        urlsplit(dingtalk.render(dispatch(), {"url": "https://d/send?access_token=t", "secret": "s"}).url).query
    )
    assert query["access_token"] == ["t"]
    assert query["timestamp"] == ["1700000000000"]
