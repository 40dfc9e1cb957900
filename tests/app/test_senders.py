"""Replies of channels without a mailbox leave a running house too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import msgspec

from tests.app.test_mailroom import settings
from tests.desk.intake.samples import says
from tests.journeys.post import Office, open_office
from yizhan.app.checks import connection_checks
from yizhan.channels.generic import verify
from yizhan.desk.intake import Accepted
from yizhan.records import inboxes
from yizhan.records.inboxes import Channel, NewInbox

SHOP = "service@shop.test"
SECRET = "between-us-two"


class Requests:
    """Another system: it notes what is posted to it and answers with the next status."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode().split("\r\n")[1:]
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines if line)}
            self.headers.append(headers)
            self.bodies.append(await reader.readexactly(int(headers.get("content-length", "0"))))
            status = self.statuses.pop(0) if self.statuses else 200
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 13\r\n\r\n".encode() + b'{"id": "x-1"}')
            await writer.drain()


@asynccontextmanager
async def other_system() -> AsyncIterator[Requests]:
    requests = Requests()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await requests.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    requests.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/replies"
    try:
        yield requests
    finally:
        server.close()


async def open_inbox(office: Office, channel: Channel, **given: object) -> UUID:
    house = office.house
    (brand,) = await office.rows("SELECT id FROM brand")
    async with house.db.transaction() as tx:
        new = NewInbox(channel=channel, name="别处", brand_id=brand["id"], key=str(channel), **given)  # type: ignore[arg-type]
        inbox = await inboxes.create_inbox(tx, house.vault, new, house.clock.now(), "system")
    await house.intake.load_inboxes()
    return inbox


async def hear(office: Office, inbox: UUID) -> Accepted:
    return await office.house.intake.accept(says(inbox, "app-77", "在吗", office.house.clock.now(), n=str(inbox)))


async def test_a_reply_is_posted_signed_to_the_other_system(db_dsn: str, tmp_path: Path) -> None:
    async with other_system() as other, open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        inbox = await open_inbox(
            office, Channel.GENERIC, settings={"callback_url": other.url}, secrets={"secret": SECRET}
        )
        sent = await office.reply((await hear(office, inbox)).conversation_id, "在的")
        row = await office.wait_for_state(sent, "sent")
        assert (row["delivery"], row["vendor_id"]) == ("sent", "x-1")
        (body,), (headers,) = other.bodies, other.headers
        assert msgspec.json.decode(body)["text"] == "在的"
        assert msgspec.json.decode(body)["to"]["id"] == "app-77"
        assert headers["idempotency-key"] == str(sent)
        verify((SECRET,), headers["x-yizhan-timestamp"], headers["x-yizhan-signature"], body, office.house.clock.now())


async def test_a_reply_to_a_visitor_is_sent_at_once(db_dsn: str, tmp_path: Path) -> None:
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        inbox = await open_inbox(office, Channel.WEBCHAT)
        sent = await office.reply((await hear(office, inbox)).conversation_id, "在的")
        assert (await office.wait_for_state(sent, "sent"))["delivery"] == "sent"


async def test_every_channel_can_be_tried(db_dsn: str, tmp_path: Path) -> None:
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        checks = connection_checks(office.house.http, office.house.clock)
        assert {*checks, *office.house.the_adapting.names()} >= set(Channel)
        assert [one.ok for one in await checks[Channel.WEBCHAT].check({}, {})] == [True]
        for channel in checks:
            (wrong, *_) = await checks[channel].check({"nonsense": 1}, {})
            assert (wrong.name, wrong.ok) == ("settings", False)
