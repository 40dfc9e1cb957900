"""A morning of twenty chats: each closes with one key, each move has its note, nobody typed more than one a chat."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Api, Product, wait_for
from tests.journeys.people import AgentDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTIONS = (
    "一般几天能送到?", "发票在哪里下载?", "保修期是多长时间?", "收货地址还能改吗?", "优惠券为什么用不了?",
    "安装要另外收费吗?", "滤芯多久换一次?", "什么时候发货?", "可以送到楼上吗?", "会员积分怎么用?",
)  # fmt: skip


class Caller:
    """A visitor who comes by the widget's own HTTP protocol."""

    def __init__(self, url: str, key: str = "shop", identity: dict[str, str] | None = None) -> None:
        self._door = f"{url}/widget/{key}"
        page = {"url": f"{url}/shop", "title": "商城"}
        session = self._post("session", {"page": page, "locale": "zh-CN", "identity": identity}, None)
        self._token = session["token"]

    def says(self, text: str) -> None:
        self._post("messages", {"t": "message", "client_id": f"c-{text}", "text": text, "attachments": []}, self._token)

    def _post(self, path: str, body: object, token: str | None) -> dict[str, str]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(f"{self._door}/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, str] = json.loads(answer.read())
            return found


def test_twenty_chats_cost_twenty_keys_and_no_typed_note(product: Product, new_page: Callable[..., Page]) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    agent = Api(product.url, "linyi")
    for n in range(20):
        Caller(product.url).says(f"{QUESTIONS[n % 10]}(第 {n + 1} 位)")
    for _ in range(20):
        mine = wait_for(lambda: agent.call("GET", "/conversations/mine")["items"], "a chat comes by itself")
        chat = mine[0]
        agent.call("POST", f"/conversations/{chat['id']}/messages", {
            "client_id": f"a-{chat['id']}", "text": "您好,我帮您查到了,页面「我的-订单」里就能处理。",
        })  # fmt: skip
        # Not by its words: the row shows the last ones, which are ours by now.
        desk.page.locator(f'[data-test="mine-row"][href$="{chat["id"]}"]').click()
        expect(desk.page.get_by_test_id("thread")).to_contain_text(chat["preview"])
        desk.ends_with_enter()
        wait_for(partial(is_over, agent, chat["id"]), "the chat has ended")
    expect(desk.page.get_by_test_id("mine-row")).to_have_count(0)
    tickets = agent.call("GET", "/tickets?view=mine&limit=100")["items"]
    ended = [t for t in tickets if "位)" in t["subject"]]
    assert len(ended) == 20
    notes = [note for t in ended for note in agent.call("GET", f"/tickets/{t['id']}")["notes"]]
    assert all(note["text"].strip() for note in notes)
    assert {t["status"] for t in ended} == {"pending"}
    assert sum(note["action"] == "solve" for note in notes) == 20
    assert sum(note["typed"] for note in notes) <= 20


def is_over(agent: Api, id: str) -> bool:
    return id not in open_ids(agent)


def open_ids(agent: Api) -> set[str]:
    return {c["id"] for c in agent.call("GET", "/conversations/mine")["items"]}
