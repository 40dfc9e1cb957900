"""A whole house in this process, on a clock that is moved by hand, with browsers that keep its time."""

from __future__ import annotations

import asyncio
import hmac
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import fresh_database
from tests.journeys.conftest import PASSWORD, ROUND_THE_CLOCK, Api, shop
from tests.standins.bots import Bots, bots
from yizhan.app.house import House, living, open_house
from yizhan.app.listening import WebServer, begin, open_socket
from yizhan.app.services import services_of
from yizhan.app.settings import load_settings
from yizhan.desk import outlets
from yizhan.desk.outlets import OUTLET
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Server
from yizhan.records import agents
from yizhan.records.access import Passwords
from yizhan.records.agents import NewAgent
from yizhan.web.app import build_app

T = TypeVar("T")
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Monday, half past nine in Shanghai."""
DESK = ("xiaoya", "suda", "suzhang", "dianyi")
_SIGNED_IN = timedelta(hours=8)
_OVER = {"type": "consult", "solved": "solved", "text": "已告知客户办理的方法和时间"}
SECRET = "what-the-shop-and-we-know"
_GROUP = {
    "name": {"zh": "主管群", "en": "Supervisors"}, "kind": "wecom",
    "reasons": ["sla.breach", "alert.*", "roster.*", "conversation.*"],
}  # fmt: skip


class Floor:
    """As `Product`, but in this process: what is due is due when the clock is moved, and not before."""

    def __init__(self, house: House, standin: Bots, url: str, browser: Browser) -> None:
        self.house = house
        self.group = standin
        self.url = url
        self._loop = asyncio.get_running_loop()
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._signed_in: dict[str, tuple[Api, datetime]] = {}

    def api(self, login: str) -> Api:
        """Somebody's own programs, signed in once."""
        known = self._signed_in.get(login)
        if known is None or self.now() - known[1] > _SIGNED_IN:
            known = self._signed_in[login] = (Api(self.url, login), self.now())
        return known[0]

    def now(self) -> datetime:
        return self.house.clock.now()

    def moves(self, **by: float) -> None:
        """All clocks go on by so much, ours and those of the browsers."""
        self.is_it(self.now() + timedelta(**by))

    def is_it(self, at: datetime) -> None:
        clock = self.house.clock
        assert isinstance(clock, FakeClock)
        before = clock.now()
        clock.set(at)
        for context in self._contexts:
            if at > before:
                context.clock.fast_forward(int((at - before).total_seconds() * 1000))
        self._loop.call_soon_threadsafe(self.house.timers.wake)

    def same_time(self) -> None:
        """The browsers' clocks run on while ours stands: what lasts seconds would be over before it is seen."""
        for context in self._contexts:
            context.clock.set_system_time(self.now())

    def does(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def page(self, width: int = 1440, height: int = 900) -> Page:
        """Of somebody new, whose clock is ours."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.clock.install(time=self.now())
        context.set_default_timeout(45_000)
        self._contexts.append(context)
        return context.new_page()

    def everybody_leaves(self) -> None:
        while self._contexts:
            self._contexts.pop().close()

    def all_go_home(self) -> None:
        """Nothing runs on: every chat has ended, and nobody is there."""
        for login in DESK:
            self.api(login).call("PUT", "/me/presence", {"state": "busy"})
            self.ends_chats_of(login)
            self.api(login).call("PUT", "/me/presence", {"state": "offline"})

    def ends_chats_of(self, login: str) -> None:
        api = self.api(login)
        for chat in api.call("GET", "/conversations/mine")["items"]:
            api.call("POST", f"/conversations/{chat['id']}/end", {"summary": _OVER})

    def rules(self, kind: str, name: str, document: dict[str, object]) -> None:
        """Written and released; in force for whatever comes after."""

        async def write() -> None:
            configuration = self.house.rules.configuration
            async with self.house.db.transaction() as tx:
                await configuration.save(tx, kind, name, document, by="system", now=self.now())
                await configuration.release(tx, by="system", now=self.now())

        self.does(write())

    def shop(self, key: str) -> Any:
        """Its server says who is signed in there."""
        return shop(self.url, key, lambda who: hmac.digest(SECRET.encode(), who.encode(), sha256).hex())

    def rows(self, sql: str, *given: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self.does(self.house.db.pool.fetch(sql, *given))]


@contextmanager
def open_floor(postgres: Server, template: str, folder: Path, browser: Browser) -> Iterator[Floor]:
    """The loop has a thread of its own; the test's thread is the people's."""
    ready: dict[str, Floor | BaseException] = {}
    there, over = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with _running(postgres, template, folder, browser) as floor:
            ready["floor"] = floor
            there.set()
            await over.wait()

    def live() -> None:
        try:
            asyncio.run(run())
        except BaseException as failed:
            ready["floor"] = failed
            there.set()
            raise

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    there.wait(60)
    floor = ready["floor"]
    assert isinstance(floor, Floor), floor
    _furnish(floor)
    yield floor
    floor.everybody_leaves()
    floor._loop.call_soon_threadsafe(over.set)
    thread.join(30)


@asynccontextmanager
async def _running(postgres: Server, template: str, folder: Path, browser: Browser) -> AsyncIterator[Floor]:
    clock = FakeClock(MORNING)
    env = {"YIZHAN_DATA": str(folder), "YIZHAN_ALLOW_HOSTS": "127.0.0.1", "YIZHAN_RATE_LIMIT": "0"}
    door = open_socket("127.0.0.1", 0)
    settings = load_settings({**env, "YIZHAN_PORT": str(door.getsockname()[1])})
    with bots(lambda: clock.now().timestamp()) as standin:
        async with fresh_database(postgres, template) as dsn, open_house(settings, dsn, clock) as house:
            await _found(house, standin)
            app = build_app(services_of(house))
            begin(door)
            web = WebServer(app, door)
            async with living(house):
                serving = asyncio.create_task(web.serve(sockets=[door]))
                yield Floor(house, standin, settings.public_url, browser)
                web.should_exit = True
                await serving


async def _found(house: House, standin: Bots) -> None:
    """The first administrator, and a group of the supervisors that is told what is late."""
    now, configuration = house.clock.now(), house.rules.configuration
    password = await Passwords().hash(PASSWORD)
    async with house.db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        await agents.create_brand(tx, "home", "山雀家电", now, "system")
        role = next(one.id for one in await agents.roles(tx) if one.key == "admin")
        first = NewAgent(login="admin", name="管理员", role_id=role, password_hash=password)
        await agents.create_agent(tx, first, now, "system")
        await configuration.save(tx, "outlet", "group", _GROUP, by="system", now=now)
        await configuration.release(tx, by="system", now=now)
        secrets = {"url": standin.wecom}
        await outlets.keep_secrets(tx, house.vault, "group", OUTLET.decode(_GROUP), secrets, now=now, by="system")


def _furnish(floor: Floor) -> None:
    """Two teams: chats, with a junior and a senior, and the hotline's, each with a lead; everything by the API."""
    admin = floor.api("admin")
    roles = {r["key"]: r["id"] for r in admin.call("GET", "/roles")["items"]}
    skill = admin.call("POST", "/skills", {"key": "complaint", "name": "投诉"})

    def person(login: str, name: str, role: str = "agent", level: int = 0, cap: int = 5) -> str:
        made = admin.call("POST", "/agents", {
            "login": login, "name": name, "role_id": roles[role], "password": PASSWORD, "live_cap": cap,
        })  # fmt: skip
        if level:
            body = {"skills": [{"skill_id": skill["id"], "level": level}]}
            admin.call("PUT", f"/agents/{made['id']}/skills", body)
        return str(made["id"])

    people = {
        "online": [(person("xiaoya", "小雅", level=2), False), (person("suda", "苏达", level=5), False),
                   (person("suzhang", "苏组长", "lead"), True)],
        "phone": [(person("dianyi", "电一", cap=1), False)],
    }  # fmt: skip
    person("zhuguan", "主管", "supervisor")
    for key, name in (("online", "在线组"), ("phone", "电话组")):
        team = admin.call("POST", "/teams", {"key": key, "name": name})
        members = [{"agent_id": each, "lead": lead} for each, lead in people[key]]
        admin.call("PUT", f"/teams/{team['id']}/members", {"members": members})
        admin.call("POST", "/inboxes", {
            "channel": "webchat", "name": f"山雀官网 {name}", "team_id": team["id"], "key": key,
            "settings": {"calendar": ROUND_THE_CLOCK}, "secrets": {"identity_secret": SECRET},
        })  # fmt: skip
