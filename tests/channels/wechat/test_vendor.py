"""Both accounts through the stand-in: what people do on their phones is what the desk hears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.channels.standing import ANNA, Standing, standing
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wechat_calls import MINI, MP

_WHERE = {"latitude": 23.1, "longitude": 113.3, "address": "天河路208号"}
_LINK = {"title": "X2", "text": "净化器", "url": "https://shop.example.com/x2"}


@pytest.fixture
async def wechat(clock: FakeClock) -> AsyncIterator[Standing]:
    async with standing(WeChat, clock) as stand:
        yield stand


async def test_the_console_saves_the_address(wechat: Standing) -> None:
    for channel in (MP, MINI):
        answered = await wechat.vendor.verify(channel)
        assert (answered.status, answered.body) == (200, b"58+31")


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", {"text": "灯不亮 💡"}),
        ("image", {"file": Blob("a.png", "image/png", b"\x89PNG")}),
        ("voice", {"file": Blob("a.amr", "audio/amr", b"#!AMR")}),
        ("video", {"file": Blob("a.mp4", "video/mp4", b"film")}),
        ("location", {"payload": _WHERE}),
        ("link", {"payload": _LINK}),
    ],
)
async def test_everything_a_follower_can_say(wechat: Standing, kind: str, given: dict[str, Any]) -> None:
    anna = wechat.vendor.meet(ANNA)
    said = await wechat.vendor.say(anna, channel=MP, kind=kind, **given)
    (heard,) = wechat.take()
    assert isinstance(heard, Arrival)
    assert (said.state, heard.id, heard.kind) == ("accepted", said.id, kind)
    assert heard.text == (given.get("text") or {"location": "天河路208号", "link": "X2"}.get(kind, ""))
    assert [each.kind for each in heard.media] == ([kind] if "file" in given else [])


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_a_mini_program_in_both_forms(wechat: Standing, form: str) -> None:
    wechat.vendor.mini_form = form
    anna = wechat.vendor.meet(ANNA)
    await wechat.vendor.act(anna, "enter", channel=MINI)
    said = await wechat.vendor.say(anna, "有货吗 😀", channel=MINI)
    await wechat.vendor.say(anna, channel=MINI, kind="card", payload={"title": "X2", "path": "pages/item"})
    entered, words, card = wechat.take()
    assert isinstance(entered, ChannelEvent)
    assert (entered.kind, words.id, words.text) == ("enter", said.id, "有货吗 😀")
    assert words.who.value.endswith(f":{wechat.vendor.openid(MINI, anna)}")
    assert (card.kind, card.payload["path"]) == ("card", "pages/item")


async def test_what_is_altered_on_the_way_is_refused_and_comes_again(wechat: Standing) -> None:
    wechat.vendor.faults.mischief.append("tamper")
    said = await wechat.vendor.say(wechat.vendor.meet(ANNA), "在吗", channel=MP)
    assert said.state == "refused"
    assert wechat.take() == []


async def test_a_follower_is_welcomed_and_a_tap_answered_uncounted(wechat: Standing) -> None:
    ears = wechat.ears.accounts
    account = ears[MP]
    settings = type(account.settings)(appid=account.settings.appid, welcome="欢迎", menu_replies=("CONTACT=请讲",))
    ears[MP] = type(account)(
        inbox_id=account.inbox_id, key="door", channel=MP, settings=settings, secrets=account.secrets
    )
    anna = wechat.vendor.meet(ANNA)
    for act in ("follow", "scan", "click", "pay", "revoke", "unfollow"):
        await wechat.vendor.act(anna, act, channel=MP)
    assert [each.kind for each in wechat.take()] == [
        "follow", "scan", "menu", "paid", "authorization_revoked", "unfollow"
    ]
    assert [each.text for each in wechat.vendor.people.chat(MP, anna.id)] == ["欢迎", "请讲"]
    await wechat.vendor.tap(anna, "101", "退款")
    (tapped,) = wechat.take()
    assert (tapped.opens, tapped.text) == ("menu", "退款")
    assert wechat.vendor.left(MP, anna).messages == 3


async def test_what_becomes_of_a_template_is_told(wechat: Standing) -> None:
    anna = wechat.vendor.meet(ANNA)
    await wechat.vendor.pusher.push(wechat.vendor.template_done(anna, 4_000_000_000_000_000_001, "failed:user block"))
    (report,) = wechat.take()
    assert isinstance(report, DeliveryReport)
    assert (report.vendor_id, report.state) == ("4000000000000000001", "failed")
