"""Customers on their telephones, at the vendors that stand in for the real ones; the agent at the workbench."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import CLI, Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.standins.mailserver import free_ports
from yizhan.simulator.people import Human
from yizhan.simulator.stage import CAST

pytestmark = pytest.mark.browser


class Phones:
    """`yizhan simulator` beside the product; whoever holds a phone acts by what its page asks."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}", data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def says(self, vendor: str, channel: str, text: str = "", kind: str = "text", human: str = "wang") -> None:
        wish = {"vendor": vendor, "channel": channel, "human": human, "kind": kind, "text": text}
        self.ask("/api/say", wish)

    def does(self, vendor: str, channel: str, act: str, human: str = "wang") -> None:
        self.ask("/api/act", {"vendor": vendor, "channel": channel, "human": human, "act": act})

    def hears(self, vendor: str, channel: str, words: str, human: str = "wang") -> None:
        def heard() -> bool:
            return words in json.dumps(
                self.ask(f"/api/chat?vendor={vendor}&channel={channel}&human={human}"), ensure_ascii=False
            )

        wait_for(heard, f"{words} is on the phone")


@pytest.fixture
def phones(product: Product) -> Iterator[Phones]:
    (port,) = free_ports(1)
    env = {**product.environment, "YIZHAN_SIMULATOR_PORT": str(port)}
    process = subprocess.Popen([*CLI, "simulator"], env=env, stdout=subprocess.DEVNULL)
    phones = Phones(f"http://127.0.0.1:{port}")

    def there() -> bool:
        try:
            return bool(phones.ask("/api/cast"))
        except OSError:
            return False

    wait_for(there, "the simulator is there", 60)
    yield phones
    process.terminate()
    process.wait(20)


def tickets_of(admin: Api, family: str) -> list[dict[str, Any]]:
    return [each for each in admin.call("GET", "/tickets?view=all")["items"] if each["channel"].startswith(family)]


def known_to_the_crm(admin: Api, human: Human) -> None:
    """Whose number the shop's own system has verified."""
    now = datetime.now(UTC).isoformat()
    proved = [("unionid", human.unionid), ("phone", human.phone)]
    row = {"id": 7, "identifiers": [{"kind": kind, "value": value, "verified_at": now} for kind, value in proved]}
    told = admin.call("PUT", "/profiles", {"source": "crm", "rows": [row]})
    assert told["counts"] == {"created": 1}


def test_a_follower_is_one_customer_over_channels_and_what_cannot_be_sent_goes_another_way(
    product: Product, phones: Phones, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    page = desk.page

    known_to_the_crm(product.admin(), CAST[0])
    phones.does("wechat", "wechat_mp", "subscribe")
    phones.says("wechat", "wechat_mp", "净化器的滤芯什么时候到?")
    phones.says("wechat", "wechat_mp", kind="image")
    phones.says("wechat", "wechat_mp", kind="voice")
    page.get_by_test_id("mine-row").first.click()
    expect(page.get_by_test_id("thread")).to_contain_text("净化器的滤芯什么时候到")
    expect(page.get_by_test_id("picture")).to_be_visible()
    expect(page.get_by_test_id("file").or_(page.get_by_test_id("audio")).first).to_be_visible()
    expect(page.get_by_test_id("quota")).to_contain_text("剩余 5 条")
    for n in range(1, 6):
        if n == 5:
            expect(page.get_by_test_id("quota")).to_contain_text("最后 1 条，原留给邀评")
        desk.answers(f"第 {n} 条答复")
        phones.hears("wechat", "wechat_mp", f"第 {n} 条答复")
    expect(page.get_by_test_id("refused")).to_contain_text("等客户再次来信")
    page.get_by_test_id("write-first").filter(has_text="短信(阿里云)").click()  # offered in its place
    desk.answers("滤芯明天送到")
    phones.hears("sms", "sms_aliyun", "滤芯明天送到")

    phones.says("wecom", "wechat_kf", "我换到微信客服问")
    expect(page.get_by_test_id("thread")).to_contain_text("我换到微信客服问")  # the same ticket, without being asked
    assert len(tickets_of(product.admin(), "wechat")) == 1

    desk.chooses_channel("wechat_kf")
    desk.answers("在这里继续为您服务")
    phones.hears("wecom", "wechat_kf", "在这里继续为您服务")


def test_a_comment_is_answered_in_public_and_goes_on_in_private(
    product: Product, phones: Phones, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    phones.says("weibo", "weibo_comment", "买的净水器漏水没人管?", human="zhang")
    admin = product.admin()
    ticket = wait_for(lambda: tickets_of(admin, "weibo_comment"), "the comment is a ticket", 90)[0]
    desk.page.goto(f"{product.url}/app/desk/t/{ticket['id']}")
    expect(desk.page.get_by_test_id("public")).to_be_visible()
    desk.answers("抱歉给您添麻烦了,请私信我们订单号")
    phones.hears("weibo", "weibo_comment", "请私信我们订单号", human="zhang")
    phones.says("weibo", "weibo", "订单号 20261122001", human="zhang")
    expect(desk.page.get_by_test_id("thread")).to_contain_text("订单号 20261122001")
    desk.chooses_channel("weibo")
    desk.answers("已为您登记上门维修")
    phones.hears("weibo", "weibo", "已为您登记上门维修", human="zhang")
