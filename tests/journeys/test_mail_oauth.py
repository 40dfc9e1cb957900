"""A mailbox that is opened with OAuth: authorised by a person, renewed by itself, authorised again when withdrawn."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.journeys.post import Office, customer_mail, open_office, settings_for, until
from tests.journeys.test_mail import addresses
from tests.standins.mailserver import MailServer
from tests.standins.tokenserver import CLIENT, SECRET, TokenServer, token_server
from yizhan.app.checks import MailAuthorisation
from yizhan.desk import operations
from yizhan.foundation.tokens import Granted
from yizhan.records import inboxes
from yizhan.records.inboxes import InboxChange

pytestmark = pytest.mark.mail


async def authorise(office: Office, server: TokenServer, settings: dict[str, object]) -> None:
    """What the pages of the settings do, with a person who says yes."""
    house = office.house
    way = MailAuthorisation(house.http)
    url = way.start(settings, redirect="https://desk.test/authorised", state="s", verifier="v" * 50)
    server.codes["code"] = parse_qs(urlsplit(url).query)["code_challenge"][0]
    gained = await way.finish(
        settings, {"client_secret": SECRET}, code="code", redirect="https://desk.test/authorised", verifier="v" * 50
    )
    async with house.db.transaction() as tx:
        version = (await inboxes.inbox(tx, house.vault, office.inbox)).version
        change = InboxChange(secrets={"client_secret": SECRET, **gained})
        await inboxes.change_inbox(tx, house.vault, office.inbox, version, change, house.clock.now(), "system")


async def receiving(office: Office) -> tuple[bool, str] | None:
    async with office.house.db.read() as tx:
        (found,) = await operations.traffic(tx, office.house.clock.now())
    return None if found.receiving is None else (found.receiving.ok, found.receiving.error_class)


async def withdraw_token(office: Office) -> None:
    async def none() -> Granted:
        raise AssertionError("it lives")

    tokens = office.house.the_adapting.tokens
    (row,) = await office.rows(
        "UPDATE vendor_token SET asked_at = asked_at - interval '1 minute' WHERE token IS NOT NULL"
        " RETURNING owner, name"
    )
    await tokens.refused(row["owner"], row["name"], await tokens.token(row["owner"], row["name"], none))


async def test_a_mailbox_by_token_from_the_first_consent_to_the_second(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, customer = addresses(mail_server)
    with token_server() as server:
        server.mint, server.rotates = (lambda: mail_server.token(shop)), True
        oauth = {"token_url": server.url, "authorize_url": "https://login.test/a", "client_id": CLIENT, "scope": "mail"}
        settings = settings_for(mail_server, shop, auth="xoauth2", oauth=oauth)
        async with open_office(db_dsn, tmp_path, shop, settings) as office:

            async def shut() -> bool:
                return await receiving(office) == (False, "auth")

            await until(shut, "nobody has authorised it")
            async with office.house.db.read() as tx:
                (told,) = await operations.traffic(tx, office.house.clock.now())
            assert told.receiving is not None
            assert "reauthorise" in told.receiving.steps
            await authorise(office, server, settings)
            mail_server.deliver(customer_mail(shop, sender=customer, subject="一", text="一"), shop, sender=customer)
            (asked,) = await office.wait_for_messages(1)
            sent = await office.reply(asked["conversation_id"], "收到。")
            await office.wait_for_state(sent, "sent")
            assert len(mail_server.wait_for(customer, 1)) == 1
            assert await receiving(office) == (True, "")

            server.refresh = "withdrawn"  # the person takes his consent back, and what he gave is worth nothing
            await withdraw_token(office)
            async with office.house.db.transaction() as tx:
                version = (await inboxes.inbox(tx, office.house.vault, office.inbox)).version
                change = InboxChange(name="客服邮箱二")
                await inboxes.change_inbox(
                    tx, office.house.vault, office.inbox, version, change, office.house.clock.now(), "system"
                )
            await until(shut, "the consent is gone")
            late = await office.reply(asked["conversation_id"], "再补充一句。")

            async def waits() -> bool:
                row = await office.outbound(late)
                return bool(row["error_class"] == "auth" and row["state"] == "queued")

            await until(waits, "the reply waits for a person")
            await authorise(office, server, settings)
            await office.wait_for_state(late, "sent")
