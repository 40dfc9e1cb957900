"""What a letter becomes: one call for each thing that is said, refused before anything is said where it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from yizhan.channels.wechat.mini import MiniSettings
from yizhan.channels.wechat.mini import plan as plan_mini
from yizhan.channels.wechat.mp import MpSettings, plan
from yizhan.channels.wechat.mp.render import capabilities
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed

SETTINGS = MpSettings(appid="wx0123456789abcdef")
MINI = MiniSettings(appid="wx1234567890abcdef")
LETTER = Letter(
    message_id=UUID(int=3), conversation_id=UUID(int=4), ticket_id=None, inbox_id=UUID(int=5), attempt=1,
    at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC), to="wx0123456789abcdef:oA1", to_name="王晓燕", author="agent:x",
    author_name="林一", kind="text", text="明天到🙂",
)  # fmt: skip
PNG = LetterFile(hash="h", name="a.png", type="image/png", size=100)


def written(**changes: Any) -> Letter:
    return msgspec.structs.replace(LETTER, **changes)


def body(letter: Letter, media_id: str = "") -> dict[str, Any]:
    (part,) = plan(letter, SETTINGS)
    return part.body(media_id)


def test_a_text() -> None:
    assert body(LETTER) == {"touser": "oA1", "msgtype": "text", "text": {"content": "明天到/::)"}}


def test_an_account_of_the_house_may_be_named() -> None:
    (part,) = plan(LETTER, MpSettings(appid="wx0123456789abcdef", kf_account="lin@shop"))
    assert part.body("")["customservice"] == {"kf_account": "lin@shop"}


@pytest.mark.parametrize(
    ("changes", "type", "said"),
    [
        ({"files": (PNG,), "text": ""}, "image", {"media_id": "m1"}),
        ({"files": (LetterFile("h", "a.mp3", "audio/mpeg", size=9),), "text": ""}, "voice", {"media_id": "m1"}),
        (
            {"files": (LetterFile("h", "a.mp4", "video/mp4", size=9),), "text": ""}, "video",
            {"media_id": "m1", "thumb_media_id": "m1", "title": "a.mp4", "description": ""},
        ),
        (
            {"kind": "link", "payload": {"title": "退货说明", "url": "https://a.example/r", "text": "三步"}}, "news",
            {"articles": [{"title": "退货说明", "description": "三步", "url": "https://a.example/r", "picurl": ""}]},
        ),
        (
            {"kind": "card", "payload": {"title": "订单", "app": "wx9", "path": "pages/o?x=1"}, "files": (PNG,)},
            "miniprogrampage",
            {"title": "订单", "appid": "wx9", "pagepath": "pages/o?x=1", "thumb_media_id": "m1"},
        ),
        (
            {"text": "您想咨询?", "payload": {"options": ["退款", {"id": "9", "text": "物流"}], "tail": "谢谢"}},
            "msgmenu",
            {
                "head_content": "您想咨询?", "tail_content": "谢谢",
                "list": [{"id": "1", "content": "退款"}, {"id": "9", "content": "物流"}],
            },
        ),
        ({"kind": "article", "payload": {"article_id": "a1"}}, "mpnewsarticle", {"article_id": "a1"}),
        ({"kind": "article", "payload": {"media_id": "n1"}}, "mpnews", {"media_id": "n1"}),
        ({"kind": "coupon", "payload": {"card_id": "c1"}}, "wxcard", {"card_id": "c1"}),
        (
            {"kind": "music", "payload": {"title": "曲", "url": "https://a.example/m"}, "files": (PNG,)}, "music",
            {
                "title": "曲", "description": "", "musicurl": "https://a.example/m",
                "hqmusicurl": "https://a.example/m", "thumb_media_id": "m1",
            },
        ),
    ],
)  # fmt: skip
def test_everything_else_a_follower_can_be_sent(changes: dict[str, Any], type: str, said: dict[str, Any]) -> None:
    made = body(written(**changes), "m1")
    assert (made["msgtype"], made[type]) == (type, said)


def test_a_template_goes_another_way() -> None:
    settings = MpSettings(appid="wx0123456789abcdef", templates=("T1 {{first.DATA}} 单号 {{no.DATA}}",))
    payload = {"template": "T1", "blanks": {"first": "已发货", "no": 2}, "url": "https://a.example", "app": "wx9"}
    (part,) = plan(written(kind="template", payload=payload), settings)
    assert part.path == "/cgi-bin/message/template/send"
    made = part.body("")
    assert made["data"] == {"first": {"value": "已发货"}, "no": {"value": "2"}}
    assert made["miniprogram"] == {"appid": "wx9", "pagepath": ""}
    (known,) = capabilities(settings).templates
    assert (known.key, known.text, known.blanks) == ("T1", "{first} 单号 {no}", ("first", "no"))
    with pytest.raises(SendFailed, match="no"):
        plan(written(kind="template", payload={"template": "T1", "blanks": {"first": "已发货"}}), settings)
    with pytest.raises(ValueError, match="space"):
        MpSettings(appid="wx0123456789abcdef", templates=("T1",))


def test_a_notice_goes_to_who_subscribed() -> None:
    payload = {"template": "N1", "blanks": {"thing1": "已发货"}, "path": "pages/o"}
    ours = MpSettings(appid="wx0123456789abcdef", notices=("N1 {{thing1.DATA}}",))
    (part,) = plan(written(kind="template", payload={**payload, "app": "wx9"}), ours)
    assert (part.path, part.repeatable) == ("/cgi-bin/message/subscribe/bizsend", False)
    assert part.body("")["miniprogram"] == {"appid": "wx9", "pagepath": "pages/o"}
    mini = MiniSettings(appid="wx1234567890abcdef", notices=("N1 {{thing1.DATA}}",))
    (part,) = plan_mini(written(kind="template", payload=payload), mini)
    assert part.path == "/cgi-bin/message/subscribe/send"
    assert part.body("") == {
        "touser": "oA1", "template_id": "N1", "data": {"thing1": {"value": "已发货"}}, "page": "pages/o",
    }  # fmt: skip


def test_words_and_a_picture_are_two() -> None:
    first, second = plan(written(files=(PNG,)), SETTINGS)
    assert (first.upload, second.upload) == (None, PNG)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "长" * 683},
        {"text": "", "files": (LetterFile("h", "a.pdf", "application/pdf", size=9),)},
        {"text": "", "files": (LetterFile("h", "a.webp", "image/webp", size=9),)},
        {"text": "", "files": (LetterFile("h", "a.png", "image/png", size=3 * 1024 * 1024),)},
        {"text": "", "kind": "location", "payload": {"latitude": 1.0}},
        {"kind": "link", "payload": {}},
        {"kind": "card", "payload": {"app": "wx9"}},
        {"kind": "template", "payload": {}},
    ],
)
def test_what_the_vendor_would_refuse_is_refused_at_once(changes: dict[str, Any]) -> None:
    with pytest.raises(SendFailed) as refused:
        plan(written(**changes), SETTINGS)
    assert (refused.value.error_class, refused.value.retry_after) == (ErrorClass.CONTENT, None)


def test_a_mini_program_sends_links_and_its_own_cards() -> None:
    (link,) = plan_mini(written(kind="link", payload={"title": "说明", "url": "https://a.example/r"}), MINI)
    assert link.body("")["link"]["url"] == "https://a.example/r"
    card = {"title": "订单", "path": "pages/o", "app": MINI.appid}
    (page,) = plan_mini(written(kind="card", payload=card, files=(PNG,)), MINI)
    assert page.body("m1")["miniprogrampage"] == {"title": "订单", "pagepath": "pages/o", "thumb_media_id": "m1"}
    (picture,) = plan_mini(written(text="", files=(PNG,)), MINI)
    assert picture.body("m1") == {"touser": "oA1", "msgtype": "image", "image": {"media_id": "m1"}}


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "", "files": (LetterFile("h", "a.mp4", "video/mp4", size=9),)},
        {"kind": "card", "payload": {"path": "p", "app": "wx-other"}, "files": (PNG,)},
        {"kind": "card", "payload": {"path": "p"}},
        {"text": " ", "kind": "template"},
    ],
)
def test_a_mini_program_sends_nothing_else(changes: dict[str, Any]) -> None:
    with pytest.raises(SendFailed):
        plan_mini(written(**changes), MINI)
