"""The floor's rules as people see them: grave matters, clocks, transfers, teams that are overrun, the night."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import wait_for
from tests.journeys.floor import SECRET, Floor, open_floor
from tests.journeys.people import AgentDesk, Visitor
from tests.journeys.test_twenty_chats import Caller
from yizhan.foundation.db import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GOLD = 2
SLOW = 1.0


@pytest.fixture(scope="module")
def house(
    postgres: Server, template: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Floor]:
    with open_floor(postgres, template, tmp_path_factory.mktemp("floor"), chromium) as floor:
        yield floor


@pytest.fixture
def floor(house: Floor) -> Iterator[Floor]:
    """Everybody went home after the journey before."""
    yield house
    house.all_go_home()
    house.everybody_leaves()


def a_member_since(floor: Floor, name: str, level: int) -> None:
    """She wrote once, nine days ago, and it is over since; her level came with what she bought."""
    lead, admin = floor.api("suzhang"), floor.api("admin")
    lead.call("PUT", "/me/presence", {"state": "online"})
    identity = {"id": name, "name": name, "hash": hmac.digest(SECRET.encode(), name.encode(), sha256).hex()}
    Caller(floor.url, "online", identity).says("你们几点上班?")
    (chat,) = wait_for(lambda: lead.call("GET", "/conversations/mine")["items"], "the chat comes")
    lead.call("POST", f"/conversations/{chat['id']}/messages", {"client_id": "a", "text": "九点半。"})
    lead.call("POST", f"/conversations/{chat['id']}/end", {
        "summary": {"type": "consult", "solved": "solved", "text": "已告知上班时间"},
    })  # fmt: skip
    lead.call("PUT", "/me/presence", {"state": "offline"})
    contact = admin.call("GET", f"/contacts/{chat['contact_id']}")["contact"]
    admin.call("PATCH", f"/contacts/{contact['id']}", {"version": contact["version"], "level": level})
    for days in (2, 8):
        floor.moves(days=days)
        wait_for(lambda: not floor.rows("SELECT FROM timer WHERE due <= $1", floor.now()), "what was due")


def test_a_gold_members_complaint_goes_to_the_senior_although_a_junior_is_idle(floor: Floor) -> None:
    a_member_since(floor, "王晓燕", GOLD)
    senior, junior = AgentDesk(floor.page(), floor.url, "suda"), floor.api("xiaoya")
    senior.goes_online()
    Caller(floor.url, "online").says("请问滤芯多少钱")
    expect(senior.page.get_by_test_id("mine-row")).to_contain_text("滤芯多少钱")
    junior.call("PUT", "/me/presence", {"state": "online"})
    with floor.shop("online") as address:
        visitor = Visitor(floor.page(1100, 820), f"{address}?as=王晓燕")
        visitor.says("我要投诉!退款申请了两周还没到账")
        senior.opens_chat_with("退款申请了两周")
        page = senior.page
        expect(page.get_by_test_id("priority")).to_have_text("高")
        card = page.get_by_test_id("complaint-card")
        expect(card.get_by_test_id("complaint-grade")).to_have_text("一般")
        expect(card).to_contain_text("首次联系")
        page.get_by_test_id("priority").click()
        expect(page.get_by_role("dialog")).to_contain_text("会员升一级")
        page.keyboard.press("Escape")
        page.get_by_test_id("more").click()
        page.get_by_test_id("more-why_done").click()
        told = page.get_by_role("dialog")
        for words in ("苏达", "小雅"):  # who has it, and beside whom
            expect(told).to_contain_text(words)
    assert junior.call("GET", "/conversations/mine")["items"] == []


def test_who_is_not_answered_moves_on_with_his_place_and_the_supervisor_sees_it(floor: Floor) -> None:
    slow, other = AgentDesk(floor.page(), floor.url, "suda"), floor.api("xiaoya")
    slow.goes_online()
    wall = AgentDesk(floor.page(), floor.url, "zhuguan").page
    wall.goto(f"{floor.url}/app/monitor")
    expect(wall.get_by_test_id("monitor-page")).to_be_visible()
    came = floor.now().isoformat().replace("+00:00", "Z")
    Caller(floor.url, "online").says("机器一直响,有人吗")
    row = slow.page.get_by_test_id("mine-row").filter(has_text="有人吗")
    expect(row).to_be_visible()
    other.call("PUT", "/me/presence", {"state": "online"})

    floor.moves(seconds=31)
    expect(row).to_have_class(re.compile("amber"))
    late = wall.get_by_test_id("served-wait").filter(has_text="有人吗")
    expect(late).to_contain_text("苏达")
    floor.moves(seconds=30)
    expect(row).to_have_class(re.compile("red"))
    floor.moves(seconds=60)
    expect(row).to_have_count(0)
    expect(late).to_contain_text("小雅")
    (moved,) = other.call("GET", "/conversations/mine")["items"]
    assert moved["seniority"] == came


def test_a_transfer_is_refused_with_a_reason_runs_out_and_the_third_goes_to_the_lead(floor: Floor) -> None:
    giver, taker = AgentDesk(floor.page(), floor.url, "suda"), AgentDesk(floor.page(), floor.url, "xiaoya")
    giver.goes_online()
    Caller(floor.url, "online").says("想换一台净化器")
    giver.opens_chat_with("想换一台")
    taker.goes_online()
    floor.api("suzhang").call("PUT", "/me/presence", {"state": "online"})
    offer = taker.page.get_by_test_id("offer")

    floor.same_time()
    giver.transfers_to("小雅", "请办换货")
    expect(offer).to_contain_text("请办换货")
    offer.get_by_test_id("offer-decline").click()
    offer.get_by_role("textbox").fill("我不懂换货")
    taker.page.keyboard.press("Enter")
    expect(offer).to_have_count(0)
    expect(giver.page.get_by_test_id("toast").filter(has_text="对方没有接受转接")).to_be_visible()
    expect(giver.page.get_by_test_id("note").last).to_contain_text("我不懂换货")

    floor.same_time()
    giver.transfers_to("小雅", "那请您接着聊")
    expect(offer).to_be_visible()
    floor.moves(seconds=21)
    expect(offer).to_have_count(0)
    expect(giver.page.get_by_test_id("mine-row").filter(has_text="想换一台")).to_be_visible()

    floor.same_time()
    giver.transfers_to("小雅", "第一次转接")
    offer.get_by_test_id("offer-accept").click()
    expect(taker.page.get_by_test_id("thread")).to_contain_text("想换一台")
    floor.same_time()
    taker.transfers_to("苏达", "第二次转接")
    giver.page.get_by_test_id("offer").get_by_test_id("offer-accept").click()
    expect(giver.page.get_by_test_id("thread")).to_contain_text("想换一台")
    giver.page.get_by_test_id("transfer").click()
    expect(giver.page.get_by_test_id("transfer-lead")).to_be_visible()
    expect(giver.page.get_by_role("option")).to_have_count(1)
    expect(giver.page.get_by_role("option")).to_contain_text("苏组长")


def test_a_breach_is_on_the_wall_and_in_the_supervisors_group_within_a_second(floor: Floor) -> None:
    floor.api("suda").call("PUT", "/me/presence", {"state": "online"})
    wall = AgentDesk(floor.page(), floor.url, "zhuguan").page
    wall.goto(f"{floor.url}/app/monitor")
    late = wall.get_by_test_id("figure-sla_breached").locator(".number")
    expect(late).to_have_text("0")
    quick: list[bool] = []
    while not any(quick) and len(quick) < 3:  # a machine that held its breath is asked again
        first = promised(floor, f"滤芯漏水了,第 {len(quick)} 次")
        floor.is_it(first - timedelta(seconds=1))
        wait_for(lambda: not floor.rows("SELECT FROM timer WHERE due <= $1", floor.now()), "what was due before")
        told = len(floor.group.came)
        began = time.time()
        floor.is_it(first)
        expect(late).to_have_text(str(len(quick) + 1))
        seen = time.time()
        came = told_after(floor, told)
        quick.append(max(seen, came) - began < SLOW)
    assert any(quick)
    assert "已超时 · 首次响应" in floor.group.texts("wecom")[-1]


def told_after(floor: Floor, told: int) -> float:
    came: list[float] = wait_for(lambda: floor.group.came[told:], "the group is told")
    return came[0]


def promised(floor: Floor, words: str) -> datetime:
    """Somebody writes; until when he is promised a first answer."""
    Caller(floor.url, "online").says(words)
    sql = """SELECT s.due_at FROM sla_target s JOIN ticket t ON t.id = s.ticket_id
             WHERE s.kind = 'first_response' AND t.subject = $1"""
    due: datetime = wait_for(lambda: floor.rows(sql, words), "a promise")[0]["due_at"]
    return due


def test_a_hotline_that_is_overrun_is_helped_by_chat_and_manages_alone_again(floor: Floor) -> None:
    """Its calls come with telephony; until then what it is asked in writing overruns it alike."""
    teams = {each["key"]: each["id"] for each in floor.api("admin").call("GET", "/teams")["items"]}
    floor.rules("overflow", "hotline", {
        "title": "热线高峰", "team": teams["phone"], "steps": [{"team": teams["online"], "waiting": 3}],
    })  # fmt: skip
    hotline, helper = floor.api("dianyi"), floor.api("suda")
    hotline.call("PUT", "/me/presence", {"state": "online"})
    AgentDesk(floor.page(), floor.url, "suda").goes_online()
    wall = AgentDesk(floor.page(), floor.url, "zhuguan").page
    wall.goto(f"{floor.url}/app/monitor")
    helped = wall.get_by_test_id("overflow")

    def waiting() -> int:
        return len(floor.api("admin").call("GET", "/conversations/queue")["items"])

    def calls(words: str) -> None:
        Caller(floor.url, "phone").says(words)

    calls("打不通电话,请回电")
    wait_for(lambda: hotline.call("GET", "/conversations/mine")["items"], "the first has his agent")
    calls("插头漏电,人被电到受伤了")
    calls("安装师傅几点到")
    wait_for(lambda: waiting() == 2, "two wait: nobody is troubled for them")
    expect(helped).to_have_count(0)
    calls("发票抬头想改一下")

    expect(helped).to_contain_text("电话组 排队 3")
    expect(helped).to_contain_text("在线组 正在支援")
    expect(helped).to_contain_text("紧急工单留在本组")
    wait_for(lambda: waiting() == 1, "two went to who helps")
    helped.get_by_test_id("overflow-moved").click()
    moved = wall.get_by_test_id("behind-row")
    expect(moved).to_have_count(2)
    expect(moved.filter(has_text="苏达")).to_have_count(2)
    expect(moved.filter(has_text="漏电")).to_have_count(0)
    wall.keyboard.press("Escape")
    assert waiting() == 1

    floor.ends_chats_of("dianyi")
    expect(helped).to_have_count(0)
    (urgent,) = wait_for(lambda: hotline.call("GET", "/conversations/mine")["items"], "the grave one is next")
    assert "漏电" in urgent["preview"]
    floor.ends_chats_of("suda")
    calls("保修卡丢了怎么办")
    wait_for(lambda: waiting() == 1, "new work stays at home")
    assert helper.call("GET", "/conversations/mine")["items"] == []


def test_at_night_danger_wakes_who_is_on_call_and_the_rest_is_promised_for_the_morning(floor: Floor) -> None:
    admin = floor.api("admin")
    (team,) = (each for each in admin.call("GET", "/teams")["items"] if each["key"] == "online")
    (suda,) = (each for each in admin.call("GET", "/agents")["items"] if each["login"] == "suda")
    admin.call("POST", "/inboxes", {"channel": "webchat", "name": "夜间官网", "team_id": team["id"], "key": "night"})
    floor.rules("reception", "default", {"title": "夜间", "begins": "unattended", "entries": [
        {"key": "filter", "questions": ["滤芯多久换一次"], "answer": "建议半年换一次。"},
    ]})  # fmt: skip
    night = floor.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=23, minute=0)
    floor.api("suzhang").call("POST", "/roster/shifts", {
        "team_id": team["id"], "agent_id": suda["id"], "kind": "on_call", "day": night.date().isoformat(),
        "begin": "21:00", "until": "08:00",
    })  # fmt: skip
    floor.is_it(night)
    called = AgentDesk(floor.page(), floor.url, "suda")

    with floor.shop("night") as address:
        calm = Visitor(floor.page(1100, 820), address)
        calm.says("滤芯多久换一次")
        calm.hears("建议半年换一次")
        calm.says("转人工")
        expect(calm.page.get_by_role("log").get_by_text("明早 9:30 前回复")).to_be_visible()
        assert not floor.rows("SELECT FROM duty_call")

        afraid = Visitor(floor.page(1100, 820), address)
        afraid.says("插座着火了,怎么办")
        expect(afraid.page.get_by_text("已通知值班客服")).to_be_visible()
        called.page.get_by_test_id("notices").click()
        expect(called.page.get_by_text("夜间来访,请您上线接待".replace(",", "，")).first).to_be_visible()
        wait_for(lambda: any("夜间消息" in told for told in floor.group.texts("wecom")), "the group is told")
        called.page.keyboard.press("Escape")
        called.goes_online()
        called.opens_chat_with("插座着火了")
