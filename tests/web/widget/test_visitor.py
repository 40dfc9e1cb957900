"""What a visitor does beside writing: asks for a person, ends, says who he is, leaves a message, sends files."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.desk.reception.counter import book_of
from tests.web.house import House
from tests.web.server import Line, Running, Widget, open_inbox, running
from tests.web.widget.test_talk import answer, hand
from yizhan.desk import routing
from yizhan.desk.routing import Chain, Step
from yizhan.foundation.clock import FakeClock
from yizhan.records import agents, rosters
from yizhan.records.agents import Member, PresenceState
from yizhan.records.rosters import NewShift, ShiftKind
from yizhan.web.services import Services
from yizhan.web.widget import tell_duty

AMR = b"#!AMR\n" + bytes(32)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SECRET = "s3cret-of-the-shop"


async def said(line: Line, client_id: str = "c1", text: str = "你好") -> dict[str, Any]:
    await line.say(t="message", client_id=client_id, text=text)
    while True:
        shown: dict[str, Any] = (await line.next("message"))["message"]
        if shown["text"] == text:  # what was left before may be shown first
            return shown


async def fetch(live: Running, query: str) -> Any:
    return await live.services.db.pool.fetchval(query)


async def test_asking_for_a_person_moves_from_the_bot_into_the_queue_once(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, house.care, bot=True)
    widget = Widget(live, key)
    async with widget.line() as line:
        await said(line)
        assert (await line.next("state"))["conversation"]["phase"] == "bot"
        for client_id in ("h1", "h1", "h2"):
            await line.say(t="human", client_id=client_id)
            await line.next("ack", client_id=client_id)
        assert (await line.next("state"))["conversation"]["phase"] == "queued"
    assert (
        await fetch(live, "SELECT count(*) FROM event_new WHERE kind = 'conversation.requeued'")
        + await fetch(live, "SELECT count(*) FROM event WHERE kind = 'conversation.requeued'")
        == 1
    )


async def test_where_nothing_runs_asking_for_a_person_is_the_first_word(live: Running, widget: Widget) -> None:
    async with widget.line() as line:
        await line.say(t="human", client_id="h1")
        assert (await line.next("message"))["message"]["text"] == "转人工"
        assert (await line.next("state"))["conversation"]["phase"] == "queued"


async def test_a_visitor_ends_and_the_next_word_begins_anew(live: Running, widget: Widget, house: House) -> None:
    async with widget.line() as line:
        first = await said(line)
        await hand(live, first["conversation_id"], house.people["lin"])
        await line.next("state", seconds=5)
        for client_id in ("e1", "e2"):
            await line.say(t="end", client_id=client_id)
            assert await line.next("ack", client_id=client_id)
        ended = await line.next("state")
        while ended["conversation"]["phase"] != "ended":
            ended = await line.next("state")
        assert ended["conversation"]["survey"] is False  # no person had answered yet
        second = await said(line, "c2", "还有一件事")
        assert second["conversation_id"] != first["conversation_id"]
    assert await fetch(live, "SELECT end_reason FROM conversation WHERE phase = 'ended'") == "customer"


async def test_only_the_own_ended_conversation_can_be_rated(
    live: Running, shop: str, house: House, clock: FakeClock
) -> None:
    wang, li = Widget(live, shop), Widget(live, shop)
    async with wang.line() as line, li.line() as other:
        mine = await said(line)
        rating = {"conversation_id": mine["conversation_id"], "solved": False, "stars": 1, "tags": [], "comment": ""}
        await line.say(t="rate", client_id="r1", **rating)
        assert (await line.next("error"))["client_id"] == "r1"
        await line.say(t="end", client_id="e1")
        await line.next("ack", client_id="e1")
        await said(other)
        await other.say(t="rate", client_id="r2", **rating)
        assert (await other.next("error"))["code"] == "not_found"
        await line.say(t="rate", client_id="r3", **rating)
        await line.next("ack", client_id="r3")
        clock.advance(timedelta(hours=25))
        await line.say(t="rate", client_id="r4", **rating | {"stars": 5})
        assert (await line.next("error"))["code"] == "conflict"
    assert (await fetch(live, "SELECT rating FROM conversation WHERE rating IS NOT NULL"))["stars"] == 1


async def test_what_he_says_of_himself_before_he_writes_is_kept(live: Running, widget: Widget) -> None:
    async with widget.line() as line:
        await line.say(t="profile", client_id="p1", name="王晓燕", phone="199 0000 1234", fields={"order": "SO1"})
        await line.next("ack", client_id="p1")
        await line.say(t="profile", client_id="p2", email="not an address")
        assert (await line.next("error"))["code"] == "invalid"
        await said(line)
        await line.say(t="profile", client_id="p3", email="Wang@Example.com")
        await line.next("ack", client_id="p3")
    assert await fetch(live, "SELECT name FROM contact") == "王晓燕"
    assert await fetch(live, "SELECT fields FROM contact") == {"order": "SO1"}
    claims = {r["kind"]: r["blind"] for r in await live.services.db.pool.fetch("SELECT kind, blind FROM claim")}
    vault = live.services.vault
    assert claims == {
        "phone": vault.blind("phone", "+8619900001234"), "email": vault.blind("email", "wang@example.com"),
    }  # fmt: skip
    again = await widget.session()
    assert again["profile"] == {"name": "王晓燕"}


async def test_a_claim_never_opens_another_ones_history(live: Running, shop: str, house: House) -> None:
    wang, thief = Widget(live, shop), Widget(live, shop)
    async with wang.line() as line:
        await line.say(t="profile", client_id="p1", phone="19900001234")
        await said(line, text="我的地址是…")
    async with thief.line() as line:
        await line.say(t="profile", client_id="p1", phone="19900001234")
        await said(line, text="我是谁?")
        assert not [f for f in await line.quiet() if f["t"] == "message"]
    assert [m["text"] for m in (await thief.session())["messages"]] == ["我是谁?"]


async def come(live: Running, agent: UUID, state: PresenceState, now: datetime) -> None:
    async with live.services.db.transaction() as tx:
        await agents.set_presence(tx, agent, state, None, now, "system")


async def test_with_nobody_on_duty_messages_are_left_though_it_is_open(
    live: Running, house: House, clock: FakeClock
) -> None:
    key = await open_inbox(live.services, house.brand, house.care, queue_cap=1)
    widget, hub = Widget(live, key), live.services.the_hub
    await come(live, house.people["su"], PresenceState.OFFLINE, clock.now())
    await come(live, house.people["gao"], PresenceState.ONLINE, clock.now())  # of another team

    async def config() -> tuple[bool, str | None]:
        said = (await widget.http.get(f"{widget.root}/config")).json()
        return said["online"], said["reply_by"]

    away, by = await config()
    assert (away, by is None) == (False, False)
    await widget.session()
    left = {"text": "什么时候发货", "contact": "19900001234", "client_id": "l1"}
    assert (await widget.http.post(f"{widget.root}/leave", json=left, headers=widget.bearer)).json() == {"reply_by": by}
    assert await fetch(live, "SELECT end_reason || ' ' || live FROM conversation") == "message false"
    async with widget.line() as line:
        await line.next("welcome")
        await tell_duty(live.services, hub)
        assert (await line.next("duty"))["reply_by"] == by
        await come(live, house.people["lin"], PresenceState.BREAK, clock.now())
        await tell_duty(live.services, hub)
        assert (await line.next("duty"))["online"] is True
        assert await config() == (True, None)
        await said(line, "c5", "排队的第一位")
        assert (await config())[0] is False  # the queue is full
        await tell_duty(live.services, hub)
        assert (await line.next("duty"))["online"] is False


async def test_at_night_the_window_says_who_comes_for_what_before_the_first_word(
    live: Running, house: House, clock: FakeClock
) -> None:
    widget = Widget(live, await open_inbox(live.services, house.brand, house.care))
    await come(live, house.people["lin"], PresenceState.OFFLINE, clock.now())
    await come(live, house.people["su"], PresenceState.OFFLINE, clock.now())
    local = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    shift = NewShift(
        team_id=house.care, agent_id=house.people["lin"], kind=ShiftKind.ON_CALL, tz="Asia/Shanghai", day=local.date(),
        begin=time(0, 5), until=time(23, 55),
    )  # fmt: skip
    async with live.services.db.transaction() as tx:
        await rosters.add_shifts(tx, [shift], by="test", now=clock.now())
    said = (await widget.http.get(f"{widget.root}/config")).json()
    assert (said["online"], said["night"], said["reply_by"] is None) == (True, True, False)
    async with live.services.db.transaction() as tx:
        await agents.set_presence(tx, house.people["su"], PresenceState.ONLINE, None, clock.now(), "test")
    said = (await widget.http.get(f"{widget.root}/config")).json()
    assert (said["online"], said["night"]) == (True, False)


async def test_the_welcome_goes_by_hour_and_by_where_the_visit_came_from(
    live: Running, house: House, clock: FakeClock
) -> None:
    key = await open_inbox(live.services, house.brand, house.care, welcome=[
        {"text": "夜里好", "hours": {"start": "22:00:00", "end": "06:00:00"}},
        {"text": "微博来的朋友", "sources": ["weibo"], "questions": ["活动几点结束"]}, {"text": "您好"},
    ])  # fmt: skip
    widget = Widget(live, key)

    async def greeting(**said: str) -> str:
        answer = await widget.http.get(f"{widget.root}/config", params=said, headers={"Referer": "https://shop.cn/"})
        return str(answer.json()["welcome"]["text"])

    first = {"url": "https://shop.cn/", "referrer": "https://m.weibo.cn/u/1"}
    second = {"url": "https://shop.cn/x3", "referrer": "https://shop.cn/"}
    assert [await greeting(**first), await greeting(**second)] == ["微博来的朋友", "您好"]
    assert await greeting(url="https://shop.cn/?utm_source=Weibo") == "微博来的朋友"
    visitor = (await widget.session(page={"title": "", **first}))["visitor"]
    assert await greeting(visitor=visitor, **second) == "微博来的朋友"  # a visit has one source
    clock.advance(timedelta(hours=14))
    assert await greeting(visitor=visitor, **second) == "夜里好"


async def test_words_that_nobody_can_take_are_left_whatever_window_they_came_from(
    live: Running, widget: Widget, house: House, clock: FakeClock
) -> None:
    await come(live, house.people["su"], PresenceState.OFFLINE, clock.now())
    async with widget.line() as line:
        first = await said(line, "c1", "订单 SO20260301 没收到")
        told = (await line.next("message"))["message"]["text"]
        assert told.startswith("现在没有客服在线,您的留言已收到,我们将在 今天")
        second = await said(line, "c2", "还有订单 SO20260302")
    assert first["conversation_id"] != second["conversation_id"]
    assert await fetch(live, "SELECT count(*) FROM ticket") == 1  # within the hour it is one matter
    spells = await live.services.db.pool.fetch("SELECT phase, live, end_reason FROM conversation")
    assert {tuple(spell) for spell in spells} == {("ended", False, "message")}
    await answer(live, first["conversation_id"], house.people["lin"], "查到了")
    assert "查到了" in [m["text"] for m in (await widget.session())["messages"]]  # it waits in the widget


async def test_words_that_the_assistant_takes_are_not_left(
    live: Running, widget: Widget, house: House, clock: FakeClock
) -> None:
    await come(live, house.people["su"], PresenceState.OFFLINE, clock.now())
    for n, (begins, phases) in enumerate((("unattended", ["queued"]), ("outside_hours", ["ended"]))):
        published = book_of({"begins": begins})._published
        assert published is not None
        live.services.reception.book.take(published)
        visitor = Widget(live, widget.key)
        async with visitor.line() as line:
            shown = await said(line, f"c{n}", "退款多久到账")
            rows = await live.services.db.pool.fetch(
                "SELECT phase FROM conversation WHERE id = $1", UUID(shown["conversation_id"])
            )
            assert [row["phase"] for row in rows] == phases
        await visitor.close()


async def test_who_queues_may_ask_the_assistant(live: Running, widget: Widget, house: House, clock: FakeClock) -> None:
    published = book_of({"begins": "bot_first"})._published
    assert published is not None
    live.services.reception.book.take(published)
    await come(live, house.people["su"], PresenceState.BUSY, clock.now())
    assert (await widget.http.get(f"{widget.root}/config")).json()["assistant"] is True
    async with widget.line() as line:
        await said(line, "c1", "退款多久到账")
        await line.say(t="assistant", client_id="a1")
        await line.next("ack")
        assert await fetch(live, "SELECT phase FROM conversation") == "bot"


async def test_who_helps_the_team_counts_as_there(
    live: Running, widget: Widget, house: House, clock: FakeClock
) -> None:
    await come(live, house.people["su"], PresenceState.OFFLINE, clock.now())
    await come(live, house.people["gao"], PresenceState.ONLINE, clock.now())
    async with live.services.db.transaction() as tx:
        await agents.set_members(tx, house.sales, [Member(house.people["gao"], False)], clock.now(), "system")
        (inbox,) = await tx.fetch("SELECT id FROM inbox")
        helps = Chain(team_id=house.care, steps=(Step(house.sales, 1),))
        for chains in ([], [helps]):
            takes = await routing.can_take(tx, inbox["id"], house.care, queue_cap=0, now=clock.now(), chains=chains)
            assert takes is bool(chains)


async def test_a_message_left_at_night_promises_the_morning(live: Running, widget: Widget, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=14))  # half past eleven at night in Shanghai
    await widget.session()
    config = (await widget.http.get(f"{widget.root}/config")).json()
    assert (config["online"], config["opens"]) == (False, "明早 9:30")
    wish = {"text": "净水器漏水", "contact": "199 0000 1234", "name": "王", "callback": False, "client_id": "l1"}
    for _ in range(2):
        left = await widget.http.post(f"{widget.root}/leave", json=wish, headers=widget.bearer)
        assert (left.status_code, left.json()) == (200, {"reply_by": "明早 9:30"})
    assert await fetch(live, "SELECT count(*) FROM message") == 1
    assert (await fetch(live, "SELECT origin FROM conversation"))["leave"] is True
    assert await fetch(live, "SELECT kind FROM claim") == "phone"
    bad = await widget.http.post(f"{widget.root}/leave", json=wish | {"contact": "nowhere"}, headers=widget.bearer)
    assert (bad.status_code, bad.json()["field"]) == (422, "contact")


async def test_a_file_is_read_by_his_links_alone(live: Running, shop: str, house: House) -> None:
    wang, li = Widget(live, shop), Widget(live, shop)
    await wang.session()
    await li.session()
    name = {"content-type": "image/png", "x-file-name": "%E7%85%A7%E7%89%87.png"}
    kept = await wang.http.post(f"{wang.root}/files", content=PNG, headers=wang.bearer | name)
    assert kept.status_code == 201, kept.text
    file = kept.json()
    assert (file["name"], file["type"], file["size"]) == ("照片.png", "image/png", len(PNG))
    async with wang.line() as line, li.line() as other:
        await line.say(t="message", client_id="c1", text="", attachments=[file["hash"]])
        shown = (await line.next("message"))["message"]
        assert (shown["kind"], shown["attachments"][0]["name"]) == ("image", "照片.png")
        for url in (file["url"], shown["attachments"][0]["url"]):
            got = await wang.http.get(live.base + url)
            assert (got.status_code, got.content) == (200, PNG)
            assert got.headers["access-control-allow-origin"] == "*"
            assert got.headers["cross-origin-resource-policy"] == "cross-origin"
        digest = sha256(PNG).hexdigest()
        for bare in (f"/widget/files/{digest}", f"/widget/files/{digest}?token=x", url.replace("token=", "token=a")):
            assert (await wang.http.get(live.base + bare)).status_code == 404
        await other.say(t="message", client_id="c1", text="", attachments=[file["hash"]])
        assert (await other.next("error"))["code"] == "invalid"
        await other.say(t="message", client_id="c2", text="", attachments=[digest])
        assert (await other.next("error"))["code"] == "invalid"
        named = {"content-type": "audio/amr", "x-file-name": "a.amr"}
        voice = (await wang.http.post(f"{wang.root}/files", content=AMR, headers=wang.bearer | named)).json()
        await line.say(t="message", client_id="c3", text="", attachments=[voice["hash"]])
        await line.next("ack")
    rendering = "WHERE data->>'state' = 'rendering'"  # in order by now, or still to be put in order
    asked = await live.services.db.pool.fetch(
        f"SELECT kind FROM event_new {rendering} UNION ALL SELECT kind FROM event {rendering}"
    )
    assert len(asked) == 1, "voice of a phone is made playable as on any channel"


async def test_files_too_large_or_of_no_known_kind_are_refused(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, file_limit=100)
    widget = Widget(live, key)
    await widget.session()

    async def put(content: bytes, name: str) -> int:
        headers = widget.bearer | {"x-file-name": name}
        return (await widget.http.post(f"{widget.root}/files", content=content, headers=headers)).status_code

    assert await put(b"x" * 101, "a.txt") == 413
    assert await put(b"MZ\x90\x00", "a.exe") == 422
    assert await put(b"", "a.txt") == 422
    assert await put(b"hello", "a.txt") == 201
    assert (await widget.http.post(f"{widget.root}/files", content=b"hello")).status_code == 401


def jwt(claims: dict[str, Any], secret: str = SECRET) -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    head = f"{part(json.dumps({'alg': 'HS256'}).encode())}.{part(json.dumps(claims).encode())}"
    return f"{head}.{part(hmac.digest(secret.encode(), head.encode(), sha256))}"


async def test_a_proved_user_is_one_person_on_every_device(live: Running, house: House, clock: FakeClock) -> None:
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    phone, laptop = Widget(live, key), Widget(live, key)
    async with phone.line() as line:
        await said(line, text="匿名时说的")
    proof = jwt({"user_id": "u-7", "name": "王晓燕", "exp": int(clock.now().timestamp()) + 300})
    identity = {"id": "u-7", "jwt": proof}
    before = await phone.session(identity=identity)
    assert [m["text"] for m in before["messages"]] == ["匿名时说的"]  # his own words do not vanish as he signs in
    async with phone.line() as line:
        mine = await said(line, "c2", "登录后说的")
        assert mine["conversation_id"] == before["conversation"]["id"]
        await hand(live, mine["conversation_id"], house.people["lin"])
        await answer(live, mine["conversation_id"], house.people["lin"], "您好,王女士")
        await line.next("message")
    told = await laptop.session(identity=identity)
    assert [m["text"] for m in told["messages"]] == ["匿名时说的", "登录后说的", "您好,王女士"]
    assert await fetch(live, "SELECT count(*) FROM ticket") == 1
    link = await live.services.db.pool.fetchrow("SELECT strength, evidence FROM link")
    assert link is not None
    assert (link["strength"], link["evidence"]["kind"]) == ("proved", "sign_in")
    assert await fetch(live, "SELECT count(DISTINCT person_id) FROM contact") == 1
    user = await live.services.db.pool.fetchrow("SELECT rank, verified_at FROM identity WHERE kind = 'user'")
    assert user is not None
    assert (user["rank"], user["verified_at"] is not None) == ("primary", True)


async def test_signed_in_he_reads_rates_and_ends_what_he_began_before(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    browser = Widget(live, key)
    async with browser.line() as line:
        await said(line, text="匿名")
    identity = {"id": "u-3", "hash": hmac.new(SECRET.encode(), b"u-3", sha256).hexdigest()}
    mine = (await browser.session(identity=identity))["conversation"]["id"]
    assert await fetch(live, "SELECT count(DISTINCT person_id) FROM contact") == 1  # before he writes as himself
    async with browser.line() as line:
        await hand(live, mine, house.people["lin"])
        await answer(live, mine, house.people["lin"], "您好")
        his = (await line.next("message"))["message"]
        await line.say(t="read", message_id=his["id"])
        await line.say(t="end", client_id="e1")
        assert (await line.next("ack", client_id="e1"))["t"] == "ack"
        await line.say(t="rate", client_id="r1", conversation_id=mine, stars=5)
        assert (await line.next("ack", client_id="r1"))["t"] == "ack"
        assert (await said(line, "c9", "又来了"))["conversation_id"] != mine
    assert (await browser.session())["unread"] == 0
    assert await fetch(live, "SELECT count(*) FROM conversation v JOIN identity i ON i.id = v.identity_id"
                             " WHERE i.kind = 'user'") == 1  # fmt: skip
    stranger = Widget(live, key)
    assert (await stranger.session())["messages"] == []  # signed out, the browser is unknown again


async def test_the_second_who_signs_in_on_a_shared_browser_stays_himself(
    live: Running, house: House, clock: FakeClock
) -> None:
    key = await open_inbox(live.services, house.brand, secrets={"identity_secret": SECRET})
    browser = Widget(live, key)
    async with browser.line() as line:
        await said(line, text="匿名")
    anonymous = browser.token
    for user in ("u-1", "u-2"):
        browser.token = anonymous
        proof = hmac.new(SECRET.encode(), user.encode(), sha256).hexdigest()
        shown = (await browser.session(identity={"id": user, "hash": proof}))["messages"]
        assert [m["text"] for m in shown] == (["匿名"] if user == "u-1" else [])
        async with browser.line() as line:
            await said(line, user, f"我是 {user}")
    assert await fetch(live, "SELECT count(*) FROM link") == 1
    assert await fetch(live, "SELECT count(DISTINCT person_id) FROM contact") == 2


async def test_what_a_site_says_without_proof_is_a_name_and_a_claim(live: Running, widget: Widget) -> None:
    await widget.session(identity={"id": "u-9", "name": "王晓燕", "email": "Wang@example.com"})
    async with widget.line() as line:
        await said(line)
    assert await fetch(live, "SELECT name FROM contact") == "王晓燕"
    assert await fetch(live, "SELECT kind FROM identity") == "visitor"
    assert await fetch(live, "SELECT blind FROM claim") == live.services.vault.blind("email", "wang@example.com")


async def test_a_false_proof_is_refused(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, secrets={"identity_secret": SECRET})
    widget = Widget(live, key)
    for identity in ({"id": "u-7", "hash": "0" * 64}, {"id": "u-7", "jwt": jwt({"user_id": "u-7", "exp": 1}, "wrong")}):
        answered = await widget.http.post(f"{widget.root}/session", json={"identity": identity})
        assert (answered.status_code, answered.json()["code"]) == (403, "identity_refused")


async def test_a_trail_and_an_invitation(live: Running, house: House, clock: FakeClock) -> None:
    rule = {"id": "repair", "text": "需要维修帮助吗?", "url_contains": "/repair", "pages": 3}
    key = await open_inbox(live.services, house.brand, rules=[rule])
    await come(live, house.people["lin"], PresenceState.ONLINE, clock.now())  # nobody is invited to an empty house
    widget = Widget(live, key)
    page = {"kind": "page", "url": "https://shop.example.com/repair", "title": "维修", "at": clock.now().isoformat()}
    async with widget.line() as line:
        await line.say(t="trail", items=[page])
        await line.say(t="invite", client_id="i1", id="repair", answer="shown")
        await line.next("ack", client_id="i1")
        await line.say(t="invite", client_id="i2", id="repair", answer="accepted")
        await line.next("ack", client_id="i2")
    gone = await widget.http.post(f"{widget.root}/trail?token={widget.token}", content=json.dumps({"items": [page]}))
    assert gone.status_code == 204
    assert live.services.trail is not None
    assert await live.services.trail.flush() == 2
    assert await fetch(live, "SELECT pages FROM visit") == 2
    assert await fetch(live, "SELECT answer FROM invitation") == "accepted"
    config = (await widget.http.get(f"{widget.root}/config", params={"visitor": widget.visitor})).json()
    assert config["rules"] == []
    stranger = (await widget.http.get(f"{widget.root}/config")).json()
    assert [each["id"] for each in stranger["rules"]] == ["repair"]


async def test_a_second_process_finds_the_visitor_by_his_blind_index(
    live: Running, widget: Widget, services: Services, house: House
) -> None:
    async with running(services) as other:
        elsewhere = Widget(other, widget.key)
        elsewhere.visitor = (await widget.session())["visitor"]
        async with elsewhere.line() as there, widget.line() as here:
            await said(here, text="从另一个进程")
            assert (await there.next("message"))["message"]["text"] == "从另一个进程"
            assert (await there.next("state"))["conversation"]["phase"] == "queued"


async def test_polling_tells_the_same_as_the_socket(live: Running, widget: Widget, house: House) -> None:
    await widget.session()
    posted = await widget.http.post(
        f"{widget.root}/frames", json={"t": "message", "client_id": "c1", "text": "轮询"}, headers=widget.bearer
    )
    assert posted.json()["frames"][0]["t"] == "ack"

    async def poll() -> list[dict[str, Any]]:
        answered = await widget.http.get(f"{widget.root}/poll?after={widget.pos}", headers=widget.bearer)
        frames: list[dict[str, Any]] = answered.json()["frames"]
        widget.pos = next(f["pos"] for f in reversed(frames) if "pos" in f)
        return frames

    frames = await poll()
    [mine] = [f["message"] for f in frames if f["t"] == "message"]
    await hand(live, mine["conversation_id"], house.people["lin"])
    await answer(live, mine["conversation_id"], house.people["lin"], "收到")
    told: list[str] = []
    while "收到" not in told:
        told += [f["message"]["text"] for f in await poll() if f["t"] == "message"]
    assert told == ["收到"]
    old = await widget.http.get(f"{widget.root}/poll?after=9:9", headers=widget.bearer)
    assert [f["t"] for f in old.json()["frames"]] == ["resync"]


async def test_a_conversation_of_mail_never_shows_in_the_widget(live: Running, widget: Widget, house: House) -> None:
    async with widget.line() as line:
        mine = await said(line)
        contact = await fetch(live, "SELECT contact_id FROM conversation")
        mail = UUID(int=7)
        await live.services.db.pool.execute(
            "INSERT INTO conversation SELECT (jsonb_populate_record(v, jsonb_build_object('id', $1::uuid,"
            " 'identity_id', $1::uuid, 'inbox_id', $1::uuid, 'channel', 'email'))).* FROM conversation v", mail,
        )  # fmt: skip
        assert contact
        await live.services.db.pool.execute(
            "INSERT INTO message SELECT (jsonb_populate_record(m, jsonb_build_object('id', $1::uuid, 'conversation_id',"
            " $1::uuid, 'identity_id', $1::uuid, 'text', '邮件里的秘密'))).* FROM message m", mail,
        )  # fmt: skip
        assert not [f for f in await line.quiet() if f["t"] == "message"]
    assert [m["id"] for m in (await widget.session())["messages"]] == [mine["id"]]
