"""What followers write, do and tap, from the vendor's own XML."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.wechat import asking
from yizhan.channels.wechat.crypto import decrypt, is_signed
from yizhan.channels.wechat.mp import ADAPTER, hear, parse
from yizhan.channels.wechat.xml import read, read_xml
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport, Happening, Heard, Request, SignatureRefused
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid

APPID = "wx0123456789abcdef"
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
AT = datetime.fromtimestamp(asking.SECONDS, UTC)


def heard(name: str, **settings: Any) -> Heard:
    account = asking.account(ADAPTER, APPID, **settings)
    return hear(account, asking.pushed(APPID, asking.sample("mp", f"{name}.xml")), AT)


def one(name: str) -> Any:
    (happening,) = heard(name).happenings
    return happening


def test_words_of_a_follower() -> None:
    said = one("text")
    assert isinstance(said, Arrival)
    assert said.id == "24342380000000001"
    assert said.who.kind == "openid"
    assert said.who.value == f"{APPID}:{OPENID}"
    assert OPENID not in said.who.masked
    assert (said.kind, said.text, said.at) == ("text", "你好🙂订单还没到🤦 😀", AT)
    assert said.name == "微信用户-fL2M"
    assert said.origin == {"article": "2247483912_1"}
    assert heard("text").reply.body == b"success"


def test_a_tapped_item_opens_the_window_of_a_menu() -> None:
    said = one("menu_item")
    assert (said.text, said.opens, said.payload) == ("退款", "menu", {"menu": "101"})


@pytest.mark.parametrize(
    ("name", "kind", "ref"),
    [
        ("image", "image", {"media_id": "media-image-1", "url": "http://mmbiz.qpic.cn/mmbiz_jpg/x/0"}),
        ("voice", "voice", {"media_id": "media-voice-16k", "format": "amr"}),
        ("video", "video", {"media_id": "media-video-1", "thumb": "media-thumb-1"}),
        ("shortvideo", "video", {"media_id": "media-video-2", "thumb": "media-thumb-2"}),
    ],
)
def test_files_lie_at_the_vendor_for_three_days(name: str, kind: str, ref: dict[str, str]) -> None:
    said = one(name)
    assert said.kind == kind
    (media,) = said.media
    assert (media.kind, dict(media.ref), media.expires_at) == (kind, ref, AT + timedelta(days=3))


def test_what_the_vendor_heard_in_a_voice_is_a_hint() -> None:
    said = one("voice")
    assert (said.text, said.payload) == ("", {"transcript": "我的快递到哪了"})


def test_a_place_and_a_link() -> None:
    where, link = one("location"), one("link")
    assert where.payload == {
        "latitude": 23.134521, "longitude": 113.358803, "name": "", "address": "广州市天河区天河路208号",
    }  # fmt: skip
    assert link.payload["url"] == "https://shop.example.com/x2"
    assert link.text == "空气净化器 X2"


def test_a_type_of_tomorrow_is_kept_as_it_came() -> None:
    said = one("file")
    assert (said.kind, said.payload) == ("unsupported", {"type": "file"})
    assert said.raw == asking.sample("mp", "file.xml")


@pytest.mark.parametrize(
    ("name", "kind", "detail"),
    [
        ("event_subscribe", "follow", {}),
        ("event_subscribe_qr", "follow", {"scene": "store_88", "ticket": "gQH47joAAAAAAAAAASxodHRw"}),
        ("event_unsubscribe", "unfollow", {}),
        ("event_scan", "scan", {"scene": "store_88", "ticket": "gQH47joAAAAAAAAAASxodHRw"}),
        ("event_location", "location", {"latitude": "23.137466", "longitude": "113.352425"}),
        ("event_click", "menu", {"key": "ASK_REFUND", "type": "click"}),
        ("event_view", "menu_opened", {"key": "https://shop.example.com/", "type": "view"}),
        ("event_scancode", "menu", {"key": "SCAN_SN", "type": "scancode_waitmsg", "scanned": "SN-20260001"}),
        ("event_view_miniprogram", "menu_opened", {"key": "pages/index/index", "type": "view_miniprogram"}),
        (
            "event_location_select", "menu_opened",
            {"key": "WHERE", "type": "location_select", "address": "广州市海珠区",
             "latitude": "23", "longitude": "113"},
        ),
        (
            "event_subscription", "subscription",
            {
                "type": "subscribe_msg_popup_event", "template": "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3",
                "status": "accept",
            },
        ),
        ("event_revoked", "authorization_revoked", {"what": "1"}),
        ("event_paid", "paid", {"type": "merchant_order", "order": "7197417460812533543"}),
        ("event_unknown", "other", {"type": "a_new_event_of_2027", "Something": "new"}),
    ],
)  # fmt: skip
def test_what_a_follower_does_begins_no_conversation(name: str, kind: str, detail: dict[str, str]) -> None:
    done = one(name)
    assert isinstance(done, ChannelEvent)
    assert (done.kind, done.detail, done.at) == (kind, detail, AT)
    assert done.who.value.endswith(":o6_bmjrPTlm6_2sgVt7hMZOPfL2M")
    assert done.who.value == f"{APPID}:{OPENID}"


def test_two_events_of_one_second_are_two() -> None:
    ids = {one(name).id for name in ("event_click", "event_view", "event_scan", "event_subscribe")}
    assert len(ids) == 4


def test_what_became_of_a_template() -> None:
    done, blocked = one("event_template_done"), one("event_template_blocked")
    assert isinstance(done, DeliveryReport)
    assert (done.vendor_id, done.state) == ("200163836", "delivered")
    assert (blocked.state, blocked.error_class) == ("failed", ErrorClass.RECIPIENT)
    assert heard("event_mass_done").happenings == ()


def test_the_welcome_goes_back_with_the_callback() -> None:
    reply = heard("event_subscribe", welcome="欢迎关注 😀 ]]>").reply
    outer = read_xml(reply.body)
    assert is_signed(outer["MsgSignature"], asking.TOKEN, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    inner = read_xml(decrypt(outer["Encrypt"], asking.AES_KEY, APPID))
    assert (inner["ToUserName"], inner["FromUserName"]) == (OPENID, "gh_7f083739789a")
    assert (inner["MsgType"], inner["Content"]) == ("text", "欢迎关注 😀 ]]>")


def test_a_menu_item_is_answered_at_once_where_there_are_words_for_it() -> None:
    replies = ("ASK_REFUND = 请回复订单号", "OTHER=x")
    said = read_xml(decrypt(read_xml(heard("event_click", menu_replies=replies).reply.body)["Encrypt"],
                            asking.AES_KEY, APPID))  # fmt: skip
    assert said["Content"] == "请回复订单号"
    assert heard("event_click", menu_replies=("OTHER=x",)).reply.body == b"success"


def test_the_console_checks_the_address() -> None:
    account = asking.account(ADAPTER, APPID)
    signed = asking.in_plain(b"").query + "&echostr=5837%2B397"
    assert hear(account, Request(method="GET", query=signed, headers={}, body=b""), AT).reply.body == b"5837+397"
    forged = signed.replace("signature=", "signature=0")
    with pytest.raises(SignatureRefused):
        hear(account, Request(method="GET", query=forged, headers={}, body=b""), AT)


def test_without_encryption_nothing_is_believed() -> None:
    request = asking.in_plain(asking.sample("mp", "text.xml"))
    with pytest.raises(SignatureRefused, match="安全模式"):
        hear(asking.account(ADAPTER, APPID), request, AT)
    trial = asking.account(ADAPTER, APPID, plain=True)
    assert len(hear(trial, request, AT).happenings) == 1
    with pytest.raises(SignatureRefused):
        hear(trial, request, AT + timedelta(minutes=6))


def test_a_copy_of_an_hour_ago_is_refused() -> None:
    request = asking.pushed(APPID, asking.sample("mp", "text.xml"))
    with pytest.raises(SignatureRefused):
        hear(asking.account(ADAPTER, APPID), request, AT + timedelta(hours=1))
    assert hear(asking.account(ADAPTER, APPID, fresh_seconds=0), request, AT + timedelta(hours=1)).happenings


def test_without_a_token_nobody_is_believed() -> None:
    nothing = ADAPTER.secrets()
    account = asking.account(ADAPTER, APPID)
    unset = type(account)(
        inbox_id=account.inbox_id, key="k", channel="wechat_mp", settings=account.settings, secrets=nothing
    )
    with pytest.raises(SignatureRefused):
        hear(unset, asking.pushed(APPID, asking.sample("mp", "text.xml"), token=""), AT)


_LEAVES = st.text(max_size=20)
_TREES = st.dictionaries(
    st.sampled_from([
        "FromUserName", "ToUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "Content", "Location_X",
        "MediaId", "ScanCodeInfo", "SendLocationInfo", "SubscribeMsgPopupEvent", "Title", "Status",
    ]),
    st.one_of(
        _LEAVES, st.sampled_from(["text", "event", "LOCATION", "subscribe", "voice", "9" * 30]),
        st.dictionaries(_LEAVES, _LEAVES, max_size=2), st.lists(_LEAVES, max_size=2),
    ),
)  # fmt: skip


@given(_TREES)
def test_no_content_breaks_it(tree: dict[str, Any]) -> None:
    try:
        happenings: tuple[Happening, ...] = parse(APPID, tree, b"raw")
    except Invalid:
        assert not str(tree.get("FromUserName") or "").strip() or not isinstance(tree["FromUserName"], str)
        return
    assert len(happenings) <= 1


@pytest.mark.parametrize("name", asking.samples("mp"))
def test_every_sample_is_understood(name: str) -> None:
    raw = asking.sample("mp", name)
    assert len(parse(APPID, read(raw), raw)) == (0 if "mass" in name else 1)
