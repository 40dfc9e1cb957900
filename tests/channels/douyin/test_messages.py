"""Douyin's webhooks: signed plainly, content in two forms, and what is refused in which words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.lines import account_for
from tests.channels.standing import letter
from yizhan.channels.douyin import ADAPTER, errors, render, sign
from yizhan.channels.douyin.comments import ADAPTER as COMMENTS
from yizhan.desk.channels import Account, Adapter, ChannelEvent, Recall, Request, SignatureRefused
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.errors import Invalid
from yizhan.simulator import douyin as vendor

VECTOR = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))["douyin_webhook_signature"]
SAMPLES = Path(errors.__file__).parent / "samples"
NOW = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
WANG = "_000WangXiaoyan"
SETTINGS = {"client_key": "awclient", "open_id": "_000Brand"}
SECRETS = {"client_secret": "s", "refresh_token": "r"}
ACCOUNT = account_for(ADAPTER, SETTINGS, SECRETS)


def heard(body: bytes, adapter: Adapter = ADAPTER, account: Account = ACCOUNT, secret: str = "s") -> Any:
    assert adapter.hear is not None
    headers = {"x-douyin-signature": sign(secret, body), "msg-id": "msg-1"}
    return adapter.hear(account, Request(method="POST", query="", headers=headers, body=body), NOW)


def one(name: str) -> Any:
    [found] = heard((SAMPLES / f"{name}.json").read_bytes()).happenings
    return found


@pytest.mark.parametrize("made", [sign, vendor.sign])
def test_the_published_vector(made: Any) -> None:
    assert made(VECTOR["client_secret"], VECTOR["raw_body"].encode()) == VECTOR["expected_x_douyin_signature"]


def test_the_address_is_proved_by_its_challenge() -> None:
    account = account_for(ADAPTER, SETTINGS, {"client_secret": VECTOR["client_secret"]})
    reply = heard(VECTOR["raw_body"].encode(), account=account, secret=VECTOR["client_secret"]).reply
    assert json.loads(reply.body) == VECTOR["expected_response_json"]


def test_who_may_speak() -> None:
    body = (SAMPLES / "text.json").read_bytes()
    for wrong, secret in (
        (body, "other"), (body, ""), (body.replace(b"awclient", b"awothers"), "s"),
        (body.replace(b"_000Brand", b"_000Other"), "s"),
    ):  # fmt: skip
        with pytest.raises(SignatureRefused):
            heard(wrong, secret=secret)
    for nothing in (b"", b"[]", b'{"content":{}}', b"\xff"):
        with pytest.raises(Invalid):
            heard(nothing)


def test_what_people_send() -> None:
    text, again = one("text"), one("text_as_string")
    assert (text.kind, text.text, text.name, text.who.value) == ("text", "杯子漏水😭😭", "小满", WANG)
    assert (text.id, again.id) == ("7121953459288211999", "7121953459288212001")
    assert text.payload["handle"] == {"message": text.id, "conversation": "7121953459288211463"}
    assert text.at == datetime(2026, 11, 23, 10, 9, 20, 123000, tzinfo=UTC)
    card, video = one("card"), one("video")
    assert (card.kind, "王女士" in card.payload["text"]) == ("card", True)
    assert (video.kind, video.payload["path"]) == ("card", "@9VwWjvGUTp9kKW==")


@pytest.mark.parametrize(("name", "type"), [("image", "user_local_image"), ("unknown", "group_fans_event")])
def test_what_cannot_be_shown_is_kept(name: str, type: str) -> None:
    found = one(name)
    assert (found.kind, found.payload["type"], bool(found.raw)) == ("unsupported", type, True)


def test_what_people_do() -> None:
    enter, read, elsewhere = one("enter"), one("read"), one("answered_elsewhere")
    assert [each.kind for each in (enter, read, elsewhere)] == ["enter", "read", "answered_elsewhere"]
    assert all(isinstance(each, ChannelEvent) and each.who.value == WANG for each in (enter, read, elsewhere))
    assert one("recall") == Recall(id="7121953459288211999", at=datetime(2026, 11, 23, 10, 9, 31, 123000, tzinfo=UTC))
    echo = (SAMPLES / "answered_elsewhere.json").read_bytes().replace(b'"source":""', b'"source":"awclient"')
    assert heard(echo).happenings == ()  # what we sent ourselves
    assert {rule.trigger: rule.messages for rule in ADAPTER.windows(ACCOUNT.settings)} == {"message": 6}


def test_a_comment_comes_to_its_own_inbox() -> None:
    body = (SAMPLES.parent / "comments" / "samples" / "comment.json").read_bytes()
    account = account_for(COMMENTS, SETTINGS, SECRETS)
    [found] = heard(body, COMMENTS, account).happenings
    assert (found.text, found.name, found.of.value) == ("什么时候补货🫰", "小满", WANG)
    assert found.payload["handle"] == {"comment": "@9VxCommentOne==", "item": "@9VwWjvGUTp9kKW=="}
    own = body.replace(b'"comment_user_id":"_000WangXiaoyan"', b'"comment_user_id":"_000Brand"')
    assert heard(own, COMMENTS, account).happenings == ()
    [event] = heard(body).happenings
    assert (event.kind, event.detail["comment_id"]) == ("comment", "@9VxCommentOne==")


def test_a_reply_names_what_it_answers() -> None:
    body = render(letter(WANG, "马上处理 👍", NOW, answers=one("text").payload), ACCOUNT.settings)
    assert (body["msg_id"], body["conversation_id"]) == ("7121953459288211999", "7121953459288211463")
    assert body["content"] == {"msg_type": 1, "text": {"text": "马上处理 [赞]"}}


@pytest.mark.parametrize(("text", "more", "cause"), [
    ("长" * 1001, {}, ErrorClass.CONTENT),
    ("看 https://shop.cn", {}, ErrorClass.CONTENT),
    ("图", {"files": (LetterFile(hash="h", name="a.png", type="image/png"),)}, ErrorClass.BAD_REQUEST),
    ("你好", {"answers": None}, ErrorClass.WINDOW_CLOSED),
])  # fmt: skip
def test_what_douyin_cannot_take_is_refused_before(text: str, more: dict[str, Any], cause: ErrorClass) -> None:
    answers = {"answers": {"handle": {"message": "1", "conversation": "2"}}}
    with pytest.raises(SendFailed) as failure:
        render(letter(WANG, text, NOW, **{**answers, **more}), ACCOUNT.settings)
    assert failure.value.error_class is cause
