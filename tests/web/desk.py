"""A service floor behind HTTP: a chat inbox, a mail inbox, and an agent's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import msgspec

from tests.desk.intake.samples import says
from tests.web.house import House, sign_in
from yizhan.desk.intake import Accepted, Intake
from yizhan.foundation.ids import new_id
from yizhan.foundation.text import is_thanks_only
from yizhan.web.services import Services

API = "/api/v1"
NOWHERE = UUID(int=1)


class Desk(msgspec.Struct):
    services: Services
    house: House
    browser: httpx.AsyncClient
    intake: Intake
    chat: UUID
    mail: UUID

    async def comes(self, who: str = "v1", text: str = "灯不亮", **more: Any) -> Accepted:
        inbox = self.mail if "@" in who else self.chat
        now = more.pop("at", self.services.clock.now())
        return await self.intake.accept(says(inbox, who, text, now, **more))

    async def served(self, who: str = "v1", by: str = "lin", text: str = "灯不亮") -> Accepted:
        """A chat that is with an agent, as the router would have left it."""
        done = await self.comes(who, text)
        agent, now = self.house.people[by], self.services.clock.now()
        await self.sql("UPDATE conversation SET phase = 'served', agent_id = $2, assigned_at = $3, ready = true"
                       " WHERE id = $1", done.conversation_id, agent, now)  # fmt: skip
        await self.sql("UPDATE ticket SET status = 'open', agent_id = $2, owner_id = $2, ready = true WHERE id = $1",
                       done.ticket_id, agent)  # fmt: skip
        return done

    async def sql(self, query: str, *given: Any) -> Any:
        return await self.services.db.pool.fetchval(query, *given)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.browser.get(f"{API}{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None, status: int = 201, *, key: str | None = None) -> Any:
        headers = {"idempotency-key": key} if key else {}
        answer = await self.browser.post(f"{API}{path}", json=body if body is not None else {}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def call(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.browser.request(method, f"{API}{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, status: int, code: str, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = await self.browser.request(method, f"{API}{path}", json=body)
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def as_(self, login: str) -> None:
        self.browser.cookies.clear()
        await sign_in(self.browser, login)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Every query of every connection meanwhile."""
        seen: list[str] = []
        holders: list[Any] = self.services.db.pool._holders  # type: ignore[attr-defined]
        originals = [holder._con for holder in holders if holder._con is not None]

        def log(record: Any) -> None:
            seen.append(record.query)

        for connection in originals:
            connection.add_query_logger(log)
        yield seen
        for connection in originals:
            connection.remove_query_logger(log)


async def open_desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    """With 林一 signed in, who is in 售后 as both inboxes are."""
    chat, mail = new_id(services.clock.now()), new_id(services.clock.now())
    for inbox, channel in ((chat, "webchat"), (mail, "email")):
        await services.db.pool.execute(
            "INSERT INTO inbox (id, key, channel, name, brand_id, team_id, settings, created_at)"
            " VALUES ($1, $2, $2, $2, $3, $4, '{}', $5)",
            inbox, channel, house.brand, house.care, services.clock.now(),
        )  # fmt: skip

    async def keep(raw: bytes) -> str:
        return (await services.blobs.put(raw)).hash

    intake = Intake(services.db, services.vault, services.clock, new_id, is_thanks_only, keep)
    await intake.load_inboxes()
    await sign_in(browser, "lin")
    return Desk(services, house, browser, intake, chat, mail)


async def cost(desk: Desk, path: str) -> int:
    with desk.counted() as seen:
        assert (await desk.browser.get(API + path)).status_code == 200
    return len([query for query in seen if query.startswith(("/*", "SELECT", "--"))])
