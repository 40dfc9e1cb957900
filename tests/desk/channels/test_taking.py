"""Whatever a channel heard is durable once, whoever delivers it how often."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.intake.samples import Shop, open_shop
from yizhan.desk.channels import (
    Account,
    Adapter,
    Arrival,
    Capabilities,
    ChannelEvent,
    DeliveryReport,
    Fetched,
    Granted,
    Line,
    Media,
    MediaFetcher,
    MediaGone,
    Nudge,
    Puller,
    Recall,
    Taking,
    Tokens,
    Words,
    forget_old,
    rewrap_refs,
    stand,
)
from yizhan.desk.channels.model import Pulled
from yizhan.desk.channels.policy import packed, unpacked
from yizhan.desk.intake import Attachment, Sender
from yizhan.desk.outbound import Receipt
from yizhan.desk.outbound.service import record
from yizhan.foundation.clock import Clock, FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Conflict, RateLimited
from yizhan.foundation.http import Http
from yizhan.foundation.lease import Lease
from yizhan.foundation.tokens import Renew
from yizhan.records import cases, outbox, tickets
from yizhan.records.outbox import ErrorClass, WindowRule


class Nothing(msgspec.Struct):
    pass


PAPER = Adapter(
    name="paper", title=Words("纸条", "Paper"), settings=Nothing, secrets=Nothing, form=(), live=True,
    capabilities=lambda _: Capabilities(text_chars=100),
    windows=lambda _: (WindowRule("message", 48 * 3600, 5), WindowRule("menu", 60, 3)),
)  # fmt: skip


class Post(msgspec.Struct):
    shop: Shop
    account: Account
    taking: Taking
    words: list[str]
    kept: dict[str, bytes]

    async def keep(self, content: bytes, name: str, claimed: str) -> Attachment:
        self.kept[name] = content
        return Attachment(hash="ab" * 32, name=name, type=claimed or "image/png", size=len(content))

    async def rows(self, query: str, *given: object) -> list[Mapping[str, Any]]:
        return [dict(row) for row in await self.shop.db.pool.fetch(query, *given)]

    def sheet(self, id: str, text: str = "在吗", **more: Any) -> Arrival:
        who = Sender(kind="paper", value="o-1", inbox_scoped=True, masked="o***")
        return Arrival(id=id, who=who, name="纸条", text=text, **more)


@pytest.fixture
async def post(db: Database, clock: FakeClock) -> Post:
    shop = await open_shop(db, clock)
    async with db.transaction() as tx:
        await tx.execute("UPDATE inbox SET channel = 'paper' WHERE id = $1", shop.mail)
        await stand(tx, PAPER, shop.mail, Nothing())
    await shop.intake.load_inboxes()
    account = Account(inbox_id=shop.mail, key="paper", channel="paper", settings=Nothing(), secrets=Nothing())
    words: list[str] = []

    async def hear(conversation_id: UUID, text: str, now: object) -> None:
        words.append(text)

    async def raw(content: bytes) -> str:
        return "cd" * 32

    post = Post(shop, account, None, words, {})  # type: ignore[arg-type]
    post.taking = Taking(db, shop.vault, clock, shop.intake, post.keep, raw, hear)
    return post


async def test_three_deliveries_at_once_are_one_message(post: Post, clock: FakeClock) -> None:
    await asyncio.gather(*(post.taking.take(post.account, [post.sheet("m1")], clock.now()) for _ in range(3)))
    (row,) = await post.rows("SELECT kind, external_id, identity_id FROM message")
    assert row["external_id"] == "m1"
    assert post.words == ["在吗"]
    (talk,) = await post.rows("SELECT live FROM conversation")
    assert talk["live"]


async def test_a_menu_opens_its_own_window_and_no_other(post: Post, clock: FakeClock) -> None:
    await post.taking.take(post.account, [post.sheet("m1")], clock.now())
    (talk,) = await post.rows("SELECT id FROM conversation")
    clock.advance(timedelta(hours=49))
    tapped = post.sheet("m2", "查订单", opens="menu")
    for _ in range(2):
        await post.taking.take(post.account, [tapped], clock.now())
    async with post.shop.db.read() as tx:
        room = (await outbox.rooms(tx, [talk["id"]], clock.now()))[talk["id"]]
    assert (room.left, room.until) == (3, clock.now() + timedelta(seconds=60))
    assert len(await post.rows("SELECT 1 FROM channel_event")) == 1


async def test_what_is_no_message_stands_in_his_timeline_and_begins_nothing(post: Post, clock: FakeClock) -> None:
    who = Sender(kind="paper", value="o-2", inbox_scoped=True, masked="o***")
    follow = ChannelEvent(id="f1", who=who, name="粉丝", kind="follow", detail={"scene": "门店"})
    for _ in range(2):
        await post.taking.take(post.account, [follow], clock.now())
    (event,) = await post.rows(
        "SELECT e.kind, e.detail, c.name FROM channel_event e JOIN contact c ON c.id = e.contact_id"
    )
    assert event == {"kind": "follow", "detail": {"scene": "门店"}, "name": "粉丝"}
    assert not await post.rows("SELECT 1 FROM conversation")
    told = await post.rows("SELECT data FROM event_new WHERE kind = 'contact.acted'")
    assert [each["data"]["what"] for each in told] == ["follow"]


async def test_who_takes_consent_back_is_work_for_people_and_nothing_is_erased(post: Post, clock: FakeClock) -> None:
    who = Sender(kind="paper", value="o-2", inbox_scoped=True, masked="o***")
    for id in ("r1", "r2"):
        back = ChannelEvent(id=id, who=who, name="粉丝", kind="authorization_revoked", detail={"what": "6"})
        await post.taking.take(post.account, [back], clock.now())
        await post.taking.take(post.account, [back], clock.now())
        async with post.shop.db.transaction() as tx:
            (contact,) = await post.rows("SELECT id FROM contact")
            await cases.hold(tx, contact["id"], reason="诉讼中", actor="agent:x", now=clock.now())
    made = await post.rows("SELECT subject FROM ticket ORDER BY number")
    said = [tickets.line(code, act="authorization_revoked") for code in ("withdrew", "withdrew_held")]
    assert [each["subject"] for each in made] == said
    told = await post.rows("SELECT data FROM event_new WHERE kind = 'contact.withdrew' ORDER BY seq")
    assert [(each["data"]["act"], each["data"]["held"]) for each in told] == [
        ("authorization_revoked", False), ("authorization_revoked", True),
    ]  # fmt: skip


async def test_who_asks_for_no_more_is_sent_no_notices(post: Post, clock: FakeClock) -> None:
    who = Sender(kind="phone", value="+8613800138000", inbox_scoped=False, rank="primary", masked="+86138****8000")
    stop = ChannelEvent(id="up:1", who=who, name="", kind="unsubscribe", detail={"text": "R"})
    for _ in range(2):
        await post.taking.take(post.account, [stop], clock.now())
    (row,) = await post.rows(
        "SELECT s.scope, s.reason, s.words, c.name FROM suppressed_address s JOIN identity i ON i.blind = s.blind"
        " JOIN contact c ON c.id = i.contact_id"
    )
    assert row == {"scope": "notices", "reason": "unsubscribed", "words": "R", "name": "+86138****8000"}
    assert not await post.rows("SELECT 1 FROM conversation")


async def test_a_report_may_overtake_the_answer_to_the_call(post: Post, clock: FakeClock) -> None:
    await post.taking.take(post.account, [post.sheet("m1")], clock.now())
    (talk,) = await post.rows("SELECT id, identity_id, contact_id FROM conversation")
    sent = UUID(int=9)
    await post.shop.db.pool.execute(
        "INSERT INTO message (id, conversation_id, contact_id, identity_id, inbox_id, direction, author, kind, text,"
        " at, received_at, delivery) VALUES ($1, $2, $3, $4, $5, 'out', 'bot', 'text', '在的', $6, $6, 'sending')",
        sent, talk["id"], talk["contact_id"], talk["identity_id"], post.account.inbox_id, clock.now(),
    )  # fmt: skip
    await post.shop.db.pool.execute(
        "INSERT INTO outbound (message_id, inbox_id, conversation_id, channel, state, attempt, next_at, started_at)"
        " VALUES ($1, $2, $3, 'paper', 'sending', 1, $4, $4)",
        sent, post.account.inbox_id, talk["id"], clock.now(),
    )  # fmt: skip
    for state in ("read", "delivered"):
        await post.taking.take(post.account, [DeliveryReport(vendor_id="v1", state=state)], clock.now())
    async with post.shop.db.transaction() as tx:
        await record(tx, sent, clock.now(), Receipt("v1", reported=True), clock.now())
    assert await post.rows("SELECT delivery FROM message WHERE id = $1", sent) == [{"delivery": "read"}]
    assert not await post.rows("SELECT 1 FROM early_report")
    late = DeliveryReport(vendor_id="v1", state="failed", error_class=ErrorClass.RECIPIENT, words="blocked")
    await post.taking.take(post.account, [late], clock.now())
    (row,) = await post.rows("SELECT delivery, delivery_error FROM message WHERE id = $1", sent)
    assert row["delivery"] == "failed"


async def test_what_his_words_answer_is_quoted_above_them(post: Post, clock: FakeClock) -> None:
    await post.taking.take(post.account, [post.sheet("m1", "灯不亮")], clock.now())
    (talk,) = await post.rows("SELECT id, identity_id, contact_id FROM conversation")
    sent = UUID(int=9)
    await post.shop.db.pool.execute(
        "INSERT INTO message (id, conversation_id, contact_id, identity_id, inbox_id, direction, author, kind, text,"
        " at, received_at) VALUES ($1, $2, $3, $4, $5, 'out', 'bot', 'text', '请换灯泡', $6, $6)",
        sent, talk["id"], talk["contact_id"], talk["identity_id"], post.account.inbox_id, clock.now(),
    )  # fmt: skip
    await post.shop.db.pool.execute(
        "INSERT INTO outbound (message_id, inbox_id, conversation_id, channel, state, attempt, next_at, vendor_id)"
        " VALUES ($1, $2, $3, 'paper', 'sent', 1, $4, 'v1')",
        sent, post.account.inbox_id, talk["id"], clock.now(),
    )  # fmt: skip
    answers = {"m2": ("好的,哪种", "v1"), "m3": ("就是这个", "m1"), "m4": ("那条呢", "gone")}
    page = [post.sheet(id, text, origin={"answers": to}) for id, (text, to) in answers.items()]
    await post.taking.take(post.account, page, clock.now())
    rows = await post.rows("SELECT external_id, payload FROM message WHERE direction = 'in' ORDER BY id")
    said = {row["external_id"]: (row["payload"] or {}).get("quote") for row in rows}
    assert said["m2"] is not None
    assert said["m2"]["message_id"] == str(sent)
    assert {id: quote and quote["text"] for id, quote in said.items()} == {
        "m1": None, "m2": "请换灯泡", "m3": "灯不亮", "m4": None
    }  # fmt: skip


async def test_what_he_took_back_is_hidden_and_kept(post: Post, clock: FakeClock) -> None:
    await post.taking.take(post.account, [post.sheet("m1", "我的卡号是…")], clock.now())
    await post.taking.take(post.account, [Recall(id="m1"), Recall(id="unknown")], clock.now())
    (row,) = await post.rows("SELECT text, recalled_at FROM message")
    assert row == {"text": "我的卡号是…", "recalled_at": clock.now()}


async def test_what_he_took_back_before_it_came_is_hidden_when_it_comes(post: Post, clock: FakeClock) -> None:
    account = msgspec.structs.replace(post.account, unsaid=True)
    await post.taking.take(account, [Recall(id="m1")], clock.now())
    await post.taking.take(account, [post.sheet("m1", "我的卡号是…"), post.sheet("m2", "在吗")], clock.now())
    rows = await post.rows("SELECT text, recalled_at FROM message ORDER BY text")
    assert rows == [{"text": "在吗", "recalled_at": None}, {"text": "我的卡号是…", "recalled_at": clock.now()}]


async def test_a_file_is_fetched_later_and_one_that_is_gone_is_said_to_be(post: Post, clock: FakeClock) -> None:
    there, gone, slow = (Media(kind="image", ref={"id": each}, name=each) for each in ("a.png", "b.png", "c.png"))
    await post.taking.take(post.account, [post.sheet("m1", "", kind="image", media=(there, gone, slow))], clock.now())
    tries: list[str] = []

    async def fetch(inbox_id: UUID, media: Media) -> Fetched:
        assert inbox_id == post.account.inbox_id
        tries.append(media.ref["id"])
        if media.ref["id"] == "b.png":
            raise MediaGone("expired")
        if media.ref["id"] == "c.png":
            raise RateLimited(1)
        return Fetched(b"png", type="image/png")

    lease = Lease(post.shop.db, "media", "t")
    fetcher = MediaFetcher(post.shop.db, post.shop.vault, clock, lease, fetch, post.keep)
    assert await fetcher.step() == 3
    (row,) = await post.rows("SELECT attachments, payload FROM message")
    assert [each["state"] for each in row["payload"]["media"]] == ["fetched", "gone", "waiting"]
    assert [each["name"] for each in row["attachments"]] == ["a.png"]
    assert await fetcher.step() == 0
    clock.advance(timedelta(seconds=6))
    assert await fetcher.step() == 1
    clock.advance(timedelta(days=3))
    await fetcher.step()
    (row,) = await post.rows("SELECT payload FROM message")
    assert [each["state"] for each in row["payload"]["media"]] == ["fetched", "gone", "gone"]
    assert tries == ["a.png", "b.png", "c.png", "c.png", "c.png"]


class OneLine:
    def __init__(self, account: Account, clock: FakeClock) -> None:
        self.account = account
        self.clock: Clock = clock
        self.http: Http = None  # type: ignore[assignment]

    async def load(self, hash: str) -> bytes:
        raise AssertionError(hash)

    async def token(self, name: str, ask: object) -> str:
        return "t"

    async def lasting(self, first: str, renew: Renew) -> str:
        return first

    async def refused(self, name: str, token: str) -> None: ...


async def test_the_cursor_moves_with_the_page_or_not_at_all(post: Post, clock: FakeClock) -> None:
    asked: list[tuple[object, str]] = []
    broken = True

    async def pull(line: Line, cursor: Any, token: str) -> Pulled:
        asked.append((cursor, token))
        at = int(cursor or 0)
        return Pulled((post.sheet(f"m{at}"), post.sheet(f"n{at}")), at + 1, at < 1)

    adapter = msgspec.structs.replace(PAPER, pull=pull)
    lease = Lease(post.shop.db, "pull", "t")
    puller = Puller(post.shop.db, adapter, OneLine(post.account, clock), post.taking, lease)

    async def check(tx: object) -> None:
        if broken and len(asked) == 2:
            raise RateLimited(1)

    lease.check = check  # type: ignore[method-assign]
    puller.nudge("k1")
    with pytest.raises(RateLimited):
        await puller.drain()
    assert len(await post.rows("SELECT 1 FROM message")) == 2
    broken = False
    await puller.drain()
    assert asked == [(None, "k1"), (1, "k1"), (1, "k1")]
    assert len(await post.rows("SELECT 1 FROM message")) == 4
    await post.taking.take(post.account, [Nudge("k2")], clock.now())
    (told,) = await post.rows("SELECT data FROM event_new WHERE kind = 'inbox.nudged'")
    assert told["data"]["token"] == "k2"


async def test_a_nudge_for_another_account_reaches_the_inbox_that_has_it(post: Post, clock: FakeClock) -> None:
    await post.rows("UPDATE inbox SET channel = 'paper', settings = '{\"box\": \"7\"}' WHERE id = $1", post.shop.chat)
    await post.taking.take(post.account, [Nudge("k", ("box", "7")), Nudge("k", ("box", "8"))], clock.now())
    told = await post.rows("SELECT subject FROM event_new WHERE kind = 'inbox.nudged'")
    assert [each["subject"] for each in told] == [post.shop.chat]


async def test_one_process_asks_for_a_token_and_a_refused_one_is_asked_for_once(post: Post, clock: FakeClock) -> None:
    asked: list[int] = []

    async def ask() -> Granted:
        asked.append(len(asked))
        await asyncio.sleep(0)
        return Granted(f"t{len(asked)}", 7200)

    one, other = (Tokens(post.shop.db, post.shop.vault, clock) for _ in range(2))
    inbox = post.account.inbox_id
    assert set(await asyncio.gather(*(each.token(inbox, "access", ask) for each in (one, other, one)))) == {"t1"}
    clock.advance(timedelta(seconds=7200 * 0.8))
    assert await one.token(inbox, "access", ask) == "t2"
    assert await other.token(inbox, "access", ask) == "t2"
    clock.advance(timedelta(minutes=1))
    await one.refused(inbox, "access", "t2")
    await other.refused(inbox, "access", "t2")
    assert await one.token(inbox, "access", ask) == "t3"
    await other.refused(inbox, "access", "t2")  # somebody got another one meanwhile
    assert await other.token(inbox, "access", ask) == "t3"
    await one.refused(inbox, "access", "t3")
    with pytest.raises(RateLimited):
        await one.token(inbox, "access", ask)
    assert len(asked) == 3
    (row,) = await post.rows("SELECT token FROM vendor_token")
    assert b"t3" not in row["token"]


async def test_a_lasting_token_is_renewed_with_itself_and_its_end_is_told(post: Post, clock: FakeClock) -> None:
    renewed: list[tuple[str, bool]] = []

    async def renew(token: str, entered: bool) -> Granted:
        renewed.append((token, entered))
        if len(renewed) > 2:
            raise Conflict("renewed too often")
        return Granted(token if entered else f"{token}+", 1_000)

    tokens = Tokens(post.shop.db, post.shop.vault, clock)
    assert await tokens.lasting("r", renew) == ("r", None)
    clock.advance(timedelta(seconds=900))
    assert await Tokens(post.shop.db, post.shop.vault, clock).lasting("r", renew) == ("r+", None)
    clock.advance(timedelta(seconds=900))
    assert await tokens.lasting("r", renew) == ("r+", clock.now() + timedelta(seconds=100))
    assert renewed == [("r", True), ("r", False), ("r+", False)]
    clock.advance(timedelta(seconds=101))
    with pytest.raises(Conflict):
        await tokens.lasting("r", renew)


async def test_another_master_key_leaves_what_waits_readable_and_old_things_are_forgotten(
    post: Post, clock: FakeClock
) -> None:
    await post.taking.take(post.account, [post.sheet("m1", "", kind="image", media=(picture("a"),))], clock.now())
    ring = new_keyring()
    async with post.shop.db.transaction() as tx:
        sealed = Vault(ring).seal(packed(picture("b")), aad=await media_of(tx))
        await tx.execute("UPDATE media_fetch SET ref = $1", sealed)
        renewed = Vault(ring.rotated())
        assert await rewrap_refs(tx, renewed) == 1
        sealed = await tx.fetchval("SELECT ref FROM media_fetch")
        assert unpacked(renewed.open(sealed, aad=await media_of(tx))).ref == {"id": "b"}
        await tx.execute("UPDATE media_fetch SET state = 'gone'")
        await outbox.keep_early(tx, post.account.inbox_id, "v", "read", "unknown", "", clock.now())
        assert await forget_old(tx, clock.now()) == 0
        assert await forget_old(tx, clock.now() + timedelta(days=31)) == 2


def picture(id: str) -> Media:
    return Media(kind="image", ref={"id": id})


async def media_of(tx: Tx) -> bytes:
    found: UUID = await tx.fetchval("SELECT message_id FROM media_fetch")
    return found.bytes
