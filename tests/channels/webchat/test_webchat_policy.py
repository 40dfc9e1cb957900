"""Settings, greetings, invitations, forms and messages of the widget."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from yizhan.channels.webchat import (
    CAPABILITY,
    Claims,
    FieldType,
    FormField,
    HourBand,
    InvitationRule,
    Moment,
    PreChat,
    WebchatSettings,
    Welcome,
    checked_profile,
    dedupe_key,
    new_visitor,
    normalised_contact,
    opens_text,
    origin_allowed,
    parse_message,
    promise,
    rules_for,
    sender_of,
    welcome_for,
)
from yizhan.desk.intake import Attachment
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # Monday, half past nine in Shanghai
INBOX = uuid4()


def moment(**changes: Any) -> Moment:
    return msgspec.structs.replace(Moment(at=NOW, locale="zh-CN"), **changes)


def test_empty_settings_work_and_unknown_ones_are_refused() -> None:
    assert msgspec.convert({}, WebchatSettings) == WebchatSettings()
    for wrong in ({"colour": "#fff"}, {"color": "red"}, {"logo": "http://x"}, {"logo": "javascript:1"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, WebchatSettings)


@pytest.mark.parametrize(
    ("allowed", "origin", "good"),
    [
        ((), None, True),
        ((), "https://any.example", True),
        (("shop.example",), "https://shop.example", True),
        (("shop.example",), "https://SHOP.example:8443", True),
        (("shop.example",), "https://evil-shop.example", False),
        (("*.shop.example",), "https://m.shop.example", True),
        (("*.shop.example",), "https://shop.example.evil.com", False),
        (("shop.example",), None, False),
        (("shop.example",), "null", False),
        (("shop.example",), "https://[", False),
    ],
)
def test_sites_an_inbox_allows(allowed: tuple[str, ...], origin: str | None, *, good: bool) -> None:
    assert origin_allowed(WebchatSettings(allowed_origins=allowed), origin) is good


@pytest.mark.parametrize(
    ("band", "at", "holds"),
    [
        (HourBand(time(9), time(18)), time(9), True),
        (HourBand(time(9), time(18)), time(18), False),
        (HourBand(time(22), time(6)), time(23, 59), True),
        (HourBand(time(22), time(6)), time(5, 59), True),
        (HourBand(time(22), time(6)), time(12), False),
    ],
)
def test_bands_of_hours_may_cross_midnight(band: HourBand, at: time, *, holds: bool) -> None:
    assert band.holds(at) is holds


WELCOMES = WebchatSettings(
    welcome=(
        Welcome(text="夜间客服为您值守", hours=HourBand(time(22), time(6))),
        Welcome(text="微博来的朋友您好", sources=("weibo",)),
        Welcome(text="退换货说明在这里", page="/return", questions=("怎么退货?",)),
        Welcome(text="Good day", locale="en"),
        Welcome(text="您好"),
    )
)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "您好"),
        ({"at": NOW + timedelta(hours=14)}, "夜间客服为您值守"),
        ({"source": "Weibo"}, "微博来的朋友您好"),
        ({"source": "m.weibo.cn"}, "微博来的朋友您好"),
        ({"source": "notweibo.com"}, "您好"),
        ({"url": "https://shop.example/return/1"}, "退换货说明在这里"),
        ({"locale": "en-GB"}, "Good day"),
    ],
)
def test_the_first_welcome_that_fits_is_said(changes: dict[str, Any], text: str) -> None:
    assert welcome_for(WELCOMES, moment(**changes)).text == text


def test_without_a_welcome_that_fits_there_is_a_plain_one() -> None:
    settings = WebchatSettings(welcome=(Welcome(text="夜", hours=HourBand(time(22), time(6))),))
    assert welcome_for(settings, moment()).text.startswith("您好")
    assert welcome_for(settings, moment(locale="fr")).text.startswith("Hello")


def test_only_rules_a_visitor_may_still_meet_are_sent() -> None:
    settings = WebchatSettings(
        rules=(
            InvitationRule(id="checkout", text="结算遇到问题了吗?", page_seconds=60),
            InvitationRule(id="night", text="还没睡?", hours=HourBand(time(22), time(6))),
            InvitationRule(id="weibo", text="微博来的?", sources=("weibo",)),
            InvitationRule(id="form", text="留个言吧", only_online=False),
            InvitationRule(id="off", text="停用", enabled=False),
        )
    )

    def ids(seen: list[str] | None, **changes: Any) -> list[str]:
        return [rule.id for rule in rules_for(settings, seen, moment(**changes))]

    assert ids([]) == ["checkout", "form"]
    assert ids(["checkout"]) == ["form"]
    assert ids([], online=False) == ["form"]
    assert ids([], source="weibo") == ["checkout", "weibo", "form"]
    assert ids([], at=NOW + timedelta(hours=15)) == ["checkout", "night", "form"]
    assert ids(None) == []


@pytest.mark.parametrize(
    ("opens", "zh", "en"),
    [
        (NOW + timedelta(hours=4, minutes=30), "今天 14:00", "today at 14:00"),
        (NOW + timedelta(hours=24), "明早 9:30", "tomorrow at 9:30"),
        (NOW + timedelta(hours=28), "明天 13:30", "tomorrow at 13:30"),
        (NOW + timedelta(hours=34), "明晚 19:30", "tomorrow at 19:30"),
        (NOW + timedelta(days=4), "周五 9:30", "Friday at 9:30"),
        (NOW + timedelta(days=9), "3 月 11 日 9:30", "Mar 11 at 9:30"),
        (None, None, None),
    ],
)
def test_when_we_are_back_is_said_as_people_say_it(opens: datetime | None, zh: str | None, en: str | None) -> None:
    settings = WebchatSettings()
    assert opens_text(settings, opens, NOW, "zh-CN") == zh
    assert opens_text(settings, opens, NOW, "en") == en


def test_a_promise_counts_from_the_opening() -> None:
    opens = NOW + timedelta(hours=10)
    assert promise(opens, NOW, timedelta(hours=2)) == opens + timedelta(hours=2)
    assert promise(None, NOW, timedelta(hours=2)) == NOW + timedelta(hours=2)


FORM = WebchatSettings(
    pre_chat=PreChat(
        fields=(
            FormField(name="name", label="称呼", required=True),
            FormField(name="phone", label="手机号", type=FieldType.TEL),
            FormField(name="topic", label="想咨询", type=FieldType.SELECT, options=("售前", "售后")),
        )
    )
)


def test_what_a_visitor_says_of_himself_is_normalised() -> None:
    profile = checked_profile(
        FORM,
        {
            "name": " 王晓燕\x00 ",
            "phone": "199 0000 1234",
            "email": "A@Example.com",
            "fields": {"topic": "售后", "x": [1]},
        },
    )
    assert (profile.name, profile.phone, profile.email) == ("王晓燕", "+8619900001234", "a@example.com")
    assert profile.fields == {"topic": "售后"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "name"),
        ({"name": "王", "phone": "12"}, "phone"),
        ({"name": "王", "email": "a@b"}, "email"),
        ({"name": "王", "fields": {"topic": "别的"}}, "topic"),
    ],
)
def test_a_wrong_field_is_refused_by_name(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_profile(FORM, given)
    assert refused.value.field == field


def test_one_address_to_be_answered_at() -> None:
    assert normalised_contact("19900001234") == ("phone", "+8619900001234")
    assert normalised_contact(" A@example.com ") == ("email", "a@example.com")
    for wrong in ("", "  ", "wang", "a@"):
        with pytest.raises(Invalid):
            normalised_contact(wrong)


def test_a_written_message_is_one_message_however_often_it_is_sent() -> None:
    assert dedupe_key(INBOX, "v", "1") == dedupe_key(INBOX, "v", "1")
    assert len({dedupe_key(INBOX, "v", "1"), dedupe_key(INBOX, "w", "1"), dedupe_key(uuid4(), "v", "1")}) == 3
    assert len(dedupe_key(INBOX, "v", "1")) == 16


def parse(**changes: Any) -> Any:
    return parse_message(INBOX, sender_of("v"), "访客", NOW, **({"client_id": "c1", "text": "在吗"} | changes))


def test_a_message_as_the_desk_takes_it() -> None:
    message = parse(text=" 在吗\x00 ")
    assert (message.text, message.kind, message.client_id) == ("在吗", "text", "c1")
    picture = Attachment(hash="ab", name="a.png", type="image/png", size=1)
    assert parse(text="", attachments=[picture]).kind == "image"
    assert parse(text="", attachments=[picture, Attachment(hash="c", name="a", type="x/y", size=1)]).kind == "file"


def test_a_card_of_the_page_carries_no_script() -> None:
    card = {
        "id": 1,
        "title": "净水器",
        "price": "¥1,899",
        "url": "javascript:alert(1)",
        "image": "https://x/1.png",
        "z": 1,
    }
    message = parse(text="", card=card)
    assert message.kind == "card"
    assert message.payload == {"card": {"id": "1", "title": "净水器", "price": "¥1,899", "image": "https://x/1.png"}}


@pytest.mark.parametrize(
    "changes",
    [{"text": "  "}, {"client_id": ""}, {"client_id": "x" * 65}, {"text": "字" * (CAPABILITY.max_chars + 1)}],
)
def test_what_is_no_message_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        parse(**changes)


def test_a_proved_user_is_one_identity_and_a_visitor_is_his_browser() -> None:
    user = sender_of("v", Claims("user-10086"))
    assert (user.kind, user.value, user.rank, user.verified, user.masked) == (
        "user",
        "user-10086",
        "primary",
        True,
        "use***",
    )
    visitor = sender_of("v")
    assert (visitor.kind, visitor.verified, visitor.inbox_scoped) == ("visitor", False, True)
    assert len(new_visitor()) >= 22
    assert new_visitor() != new_visitor()
