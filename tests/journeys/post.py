"""A running house with one mailbox on the stand-in mail server, and a customer who has a mailbox there too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from tests.standins.mailserver import MailServer
from yizhan.app.house import House, living, open_house
from yizhan.app.settings import load_settings
from yizhan.desk import serving
from yizhan.foundation.clock import Clock
from yizhan.records import agents, inboxes
from yizhan.records.agents import NewAgent
from yizhan.records.conversations import Draft
from yizhan.records.inboxes import Channel, NewInbox

_SECONDS = 20.0


class Office(msgspec.Struct):
    house: House
    inbox: UUID
    agent: UUID
    address: str

    async def rows(self, sql: str, *given: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.house.db.pool.fetch(sql, *given)]

    async def messages(self, direction: str = "in") -> list[dict[str, Any]]:
        return await self.rows(
            "SELECT * FROM message WHERE inbox_id = $1 AND direction = $2 ORDER BY id", self.inbox, direction
        )

    async def wait_for_messages(self, count: int, direction: str = "in") -> list[dict[str, Any]]:
        async def enough() -> bool:
            return len(await self.messages(direction)) >= count

        await until(enough, f"{count} messages")
        return await self.messages(direction)

    async def reply(self, conversation_id: object, text: str, **more: object) -> UUID:
        assert isinstance(conversation_id, UUID)
        draft = Draft(direction="out", author=f"agent:{self.agent}", text=text, **more)  # type: ignore[arg-type]
        async with self.house.db.transaction() as tx:
            stored = await serving.reply(tx, conversation_id, draft, now=self.house.clock.now())
        return stored.message_id

    async def outbound(self, message_id: UUID) -> dict[str, Any]:
        (row,) = await self.rows(
            "SELECT o.*, m.delivery, m.delivery_error FROM outbound o JOIN message m ON m.id = o.message_id"
            " WHERE o.message_id = $1",
            message_id,
        )
        return row

    async def wait_for_state(self, message_id: UUID, *states: str) -> dict[str, Any]:
        async def there() -> bool:
            return (await self.outbound(message_id))["state"] in states

        await until(there, f"state {states}")
        return await self.outbound(message_id)


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = _SECONDS) -> None:
    """Another process's progress has no clock of ours."""
    end = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < end, f"did not come: {what}"
        await asyncio.sleep(0.02)


def settings_for(server: MailServer, address: str, **more: object) -> dict[str, object]:
    at = {"host": server.host, "security": "starttls", "verify": False}
    return {
        "address": address,
        "from_name": "山雀生活客服",
        "incoming": {**at, "port": server.ports["imap"]},
        "outgoing": {**at, "port": server.ports["submission"]},
        "history_days": 1,
        **more,
    }


@asynccontextmanager
async def open_office(
    dsn: str, folder: Path, address: str, settings: dict[str, object], *, clock: Clock | None = None, runs: bool = True,
    names: str = "",
) -> AsyncIterator[Office]:
    """Opens and runs the house; a second call on the same database finds the inbox of the first.

    `names` is the DNS server that is asked about senders.
    """
    env = {"YIZHAN_DATA": str(folder), "YIZHAN_SPOOL": str(folder / "spool"), "YIZHAN_ALLOW_HOSTS": "127.0.0.1"}
    loaded = load_settings({**env, "YIZHAN_DNS_SERVERS": names})
    async with open_house(loaded, dsn, clock) as house:
        office = Office(house, *await _people(house, "mail", settings), address)
        await house.intake.load_inboxes()
        if not runs:
            yield office
            for loop in house.loops:
                loop.close()
            return
        async with living(house):
            yield office


async def _people(house: House, key: str, settings: dict[str, object]) -> tuple[UUID, UUID]:
    now = house.clock.now()
    async with house.db.transaction() as tx:
        found = await tx.fetchrow("SELECT i.id AS inbox, a.id AS agent FROM inbox i, agent a WHERE i.key = $1", key)
        if found is not None:
            return found["inbox"], found["agent"]
        await agents.ensure_roles(tx, now)
        role = next(one.id for one in await agents.roles(tx) if one.key == "agent")
        agent = await agents.create_agent(tx, NewAgent(login="linyi", name="林一", role_id=role), now, "system")
        brand = await agents.create_brand(tx, "home", "家电", now, "system")
        inbox = await inboxes.create_inbox(
            tx, house.vault,
            NewInbox(
                channel=Channel.EMAIL, name="客服邮箱", brand_id=brand, key=key, settings=settings,
                secrets={"password": "secret"},
            ),
            now, "system",
        )  # fmt: skip
    return inbox, agent


def customer_mail(to: str, *, sender: str = "zhang@customer.test", subject: str, text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"张伟 <{sender}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = headers.pop("Date", "Mon, 02 Mar 2026 09:30:00 +0800")
    mail["Message-ID"] = headers.pop("Message_ID", f"<{abs(hash((subject, text)))}@customer.test>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)
