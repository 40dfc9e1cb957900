"""What is raised reaches a group, as its vendor takes it: signed, at his rate, once more when the wire broke."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.desk.notices.office import Raising, open_raising
from tests.standins.bots import DINGTALK_SECRET, FEISHU_SECRET, HOOK_SECRET, Bots, bots
from yizhan.channels.outlets import HttpPoster
from yizhan.desk import notices, outlets
from yizhan.desk.outlets import OUTLET, Postman, outlet_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.lease import Lease
from yizhan.records.config import Configuration, Kinds, Published

KINDS = Kinds([OUTLET])
MINUTE = timedelta(minutes=1)
NAME = {"zh": "主管群", "en": "Supervisors"}


class House(msgspec.Struct):
    office: Raising
    postman: Postman
    vault: Vault
    configuration: Configuration
    in_force: Published

    async def opens(self, name: str, kind: str, secrets: dict[str, str], **said: Any) -> None:
        now, db = self.office.clock.now(), self.office.db
        body = {"name": NAME, "kind": kind, **said}
        async with db.transaction() as tx:
            await self.configuration.save(tx, "outlet", name, body, by="test", now=now)
            await self.configuration.release(tx, by="test", now=now)
            self.in_force = await self.configuration.published(tx)
            outlet = OUTLET.decode(body)
            await outlets.keep_secrets(tx, self.vault, name, outlet, secrets, now=now, by="test")

    async def delivers(self) -> None:
        """Until nothing more can be sent now."""
        await self.office.settle()
        while lanes := await self.postman.step():
            await asyncio.gather(*lanes)
        await self.office.settle()

    async def states(self, name: str) -> list[str]:
        async with self.office.db.read() as tx:
            return [each.state for each in await outlets.posts_of(tx, name)]


@pytest.fixture
def standin(clock: FakeClock) -> Iterator[Bots]:
    with bots(lambda: clock.now().timestamp()) as running:
        yield running


@pytest.fixture
async def house(db: Database, clock: FakeClock) -> AsyncIterator[House]:
    http, lease, vault = Http(Guard(["127.0.0.1"])), Lease(db, "outlets", "here"), Vault(new_keyring())
    await lease.step()
    found = House(None, None, vault, Configuration(KINDS), Published(KINDS, 0, ()))  # type: ignore[arg-type]
    posters = dict.fromkeys(HttpPoster.KINDS, HttpPoster(http))
    found.postman = Postman(db, clock, vault, lease, lambda: found.in_force, posters, "https://kf.example.com")
    readers = [notices.notice_reader(db, clock), outlet_reader(db, clock, lambda: found.in_force)]
    found.office = await open_raising(db, clock, readers)
    yield found
    await http.close()


async def test_every_vendor_takes_it_as_he_wants_it(house: House, standin: Bots) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom})
    await house.opens("ding", "dingtalk", {"url": standin.dingtalk, "secret": DINGTALK_SECRET})
    await house.opens("feishu", "feishu", {"url": standin.feishu, "secret": FEISHU_SECRET})
    await house.opens("hook", "webhook", {"url": standin.hook, "secret": HOOK_SECRET}, language="en")
    await house.opens("sms", "sms", {"url": standin.hook, "secret": HOOK_SECRET}, to=["13900000000"])
    await house.office.raises("sla.breach", [], target="first_response")
    await house.delivers()
    assert sorted(who for who, _ in standin.told) == ["dingtalk", "feishu", "hook", "hook", "wecom"]
    assert "已超时 · 首次响应" in standin.texts("wecom")[0]
    hook = next(body for body in standin.bodies if "notices" in body)
    assert (hook["level"], hook["notices"][0]["why"], hook["title"]) == (
        "critical",
        "sla.breach",
        "Overdue · First response",
    )
    assert next(body for body in standin.bodies if "to" in body)["to"] == ["13900000000"]
    await house.delivers()
    assert len(standin.told) == 5


async def test_a_wrong_secret_is_told_to_the_administrator_and_only_in_the_house(house: House, standin: Bots) -> None:
    admin = await house.office.hire("admin", "admin")
    await house.opens("ding", "dingtalk", {"url": standin.dingtalk, "secret": "wrong"}, least="info")
    await house.office.raises("sla.breach", [])
    await house.delivers()
    assert await house.states("ding") == ["failed"]
    told = next(each for each in (await house.office.page(admin)).items if each.why == "outlet.failed")
    assert told.facts["outlet"] == "ding"
    assert "310000 sign not match" in told.facts["error"]
    assert standin.dingtalk not in str(told)


async def test_a_morning_of_breaches_is_a_digest(house: House, standin: Bots) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom})
    for _ in range(45):
        await house.office.raises("sla.breach", [])
    await house.delivers()
    assert len(standin.texts("wecom")) == 2  # forty, and the five that are left
    assert "还有 30 条" in standin.texts("wecom")[0]
    assert await house.states("wecom") == ["sent"] * 45


async def test_the_rate_of_the_vendor_is_kept_and_nothing_is_lost(
    house: House, standin: Bots, clock: FakeClock
) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom}, per_minute=2)
    for _ in range(3):
        await house.office.raises("sla.breach", [])
        await house.delivers()
    assert len(standin.told) == 2
    clock.advance(MINUTE)
    await house.delivers()
    assert (len(standin.told), await house.states("wecom")) == (3, ["sent"] * 3)


async def test_who_is_told_to_rest_rests(house: House, standin: Bots, clock: FakeClock) -> None:
    await house.opens("ding", "dingtalk", {"url": standin.dingtalk, "secret": DINGTALK_SECRET})
    standin.next = [(200, {"errcode": 130101, "errmsg": "send too fast"})]
    await house.office.raises("sla.breach", [])
    await house.delivers()
    await house.office.raises("sla.warning", [])
    clock.advance(9 * MINUTE)
    await house.delivers()
    assert standin.told == []
    clock.advance(MINUTE)
    await house.delivers()
    assert len(standin.texts("dingtalk")) == 2


async def test_a_broken_wire_is_tried_three_times_more(house: House, standin: Bots, clock: FakeClock) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom})
    standin.next = [(502, {})] * 2
    await house.office.raises("sla.breach", [])
    for seconds in (0, 5, 30):
        clock.advance(timedelta(seconds=seconds))
        await house.delivers()
    assert (len(standin.told), await house.states("wecom")) == (1, ["sent"])
    standin.next = [(502, {})] * 4
    await house.office.raises("sla.warning", [])
    for seconds in (0, 5, 30, 120, 600):
        clock.advance(timedelta(seconds=seconds))
        await house.delivers()
    assert (len(standin.told), sorted(await house.states("wecom"))) == (1, ["failed", "sent"])


async def test_at_night_only_what_is_critical_goes_out_and_the_rest_in_the_morning(
    house: House, standin: Bots, clock: FakeClock
) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom}, quiet={"start": "22:00", "end": "08:00"})
    clock.advance(timedelta(hours=13))  # half past ten at night
    subject = await house.office.raises("ticket.chased", [], count=1)
    await house.office.raises("ticket.chased", [], subject, count=2)
    await house.office.raises("sla.breach", [])
    await house.delivers()
    assert len(standin.told) == 1
    clock.advance(timedelta(hours=9, minutes=30))
    await house.delivers()
    assert [text.split("**")[1] for text in standin.texts("wecom")] == ["已超时", "客户催单"]
    assert "次数：2" in standin.texts("wecom")[1]


async def test_what_a_dead_process_had_in_hand_is_sent_by_the_next(
    house: House, standin: Bots, clock: FakeClock
) -> None:
    await house.opens("wecom", "wecom", {"url": standin.wecom})
    await house.office.raises("sla.breach", [])
    await house.office.settle()
    now = clock.now()
    await house.office.db.pool.execute(
        "UPDATE outlet_post SET state = 'sending', tries = 1, due_at = $1", now + timedelta(seconds=30)
    )
    await house.delivers()
    assert standin.told == []
    clock.advance(timedelta(seconds=30))
    await house.delivers()
    assert len(standin.told) == 1


async def test_switched_off_is_off_and_a_slow_outlet_holds_up_no_other(house: House, standin: Bots) -> None:
    await house.opens("a", "wecom", {"url": standin.wecom})
    await house.opens("b", "wecom", {})
    await house.office.raises("sla.breach", [])
    await house.delivers()
    assert (await house.states("a"), await house.states("b"), len(standin.told)) == (["sent"], ["failed"], 1)
    await house.office.raises("sla.warning", [])
    await house.office.settle()
    await house.opens("a", "wecom", {}, on=False)
    await house.delivers()
    assert (await house.states("a"))[0] == "failed"


async def test_secrets_are_sealed_and_only_known_ones_are_kept(house: House, standin: Bots, clock: FakeClock) -> None:
    await house.opens("a", "wecom", {"url": standin.wecom})
    raw = await house.office.db.pool.fetchval("SELECT sealed FROM outlet_secret")
    assert standin.wecom.encode() not in raw
    outlet = OUTLET.decode({"name": NAME, "kind": "wecom"})
    for wrong in ({"secret": "x"}, {"url": ""}, {"url": "ftp://x"}, {"url": "https://a\r\nb"}):
        async with house.office.db.transaction() as tx:
            with pytest.raises(Invalid):
                await outlets.keep_secrets(tx, house.vault, "a", outlet, wrong, now=clock.now(), by="test")
    async with house.office.db.transaction() as tx:
        [standing] = await outlets.standings(tx, house.vault, ["a"], clock.now())
        assert (standing.secrets, standing.waiting) == (["url"], 0)
        assert await outlets.rewrap_secrets(tx, house.vault) == 0
    data = [each["data"] for each in await _settled(house, "outlet.secrets_changed")]
    assert data == [{"outlet": "a", "fields": ["url"]}]


async def _settled(house: House, kind: str) -> list[dict[str, Any]]:
    await house.office.settle()
    return await house.office.events(kind)


async def test_it_can_be_tried_out(house: House, standin: Bots) -> None:
    outlet = OUTLET.decode({"name": NAME, "kind": "wecom"})
    await house.postman.try_out(outlet, {"url": standin.wecom})
    assert "测试通知" in standin.texts("wecom")[0]
    with pytest.raises(outlets.PostFailed, match="93000"):
        await house.postman.try_out(outlet, {"url": f"{standin.url}/cgi-bin/webhook/send?key=other"})
    mail = OUTLET.decode({"name": NAME, "kind": "email", "inbox": "m", "people": True})
    with pytest.raises(outlets.PostFailed, match="no email"):
        await house.postman.try_out(mail, {})
