"""Who a mail is really from decides what it may join."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from tests.app.test_mailroom import SHOP, settings, spool, spool_is_there
from tests.desk.intake.samples import says
from tests.journeys.post import Office, customer_mail, open_office
from tests.standins.names import Zone, dns_server
from tests.standins.signing import ZONE, signed
from yizhan.records import contacts

CUSTOMER = "wang@customer.test"


async def visitor_who_named(office: Office, address: str) -> UUID:
    """Somebody in a chat typed the address; nobody knows whether it is his."""
    now = office.house.clock.now()
    (accepted,) = await office.house.intake.accept_batch([says(office.inbox, "visitor-1", "在吗", now, kind="visitor")])
    (row,) = await office.rows("SELECT contact_id FROM message WHERE id = $1", accepted.message_id)
    contact: UUID = row["contact_id"]
    async with office.house.db.transaction() as tx:
        await contacts.claim(
            tx, office.house.vault, contact, kind="email", value=address, masked="w***@customer.test",
            actor=f"customer:{contact}", now=now,
        )  # fmt: skip
    return contact


def letter(text: str) -> bytes:
    return customer_mail(SHOP, sender=CUSTOMER, subject="漏水", text=text)


@pytest.mark.parametrize(
    ("mail", "joined", "verdict"),
    [
        (signed(letter("签了名")), True, "passed"),
        (letter("没有签名"), False, "failed"),  # its domain asks others to refuse such mail
        (signed(letter("签了名")).replace(b"Subject: ", b"Subject: x "), False, "failed"),
        (b"Authentication-Results: mx.elsewhere.test; dmarc=pass\r\n" + letter("别人说的"), False, "failed"),
        (b"Authentication-Results: mx.shop.test; dmarc=pass\r\n" + letter("我们说的"), True, "passed"),
    ],
)  # fmt: skip
async def test_only_a_proved_sender_joins_what_a_visitor_claimed(
    db_dsn: str, tmp_path: Path, mail: bytes, joined: bool, verdict: str
) -> None:
    own = settings(authserv_ids=["mx.shop.test"])
    with dns_server(Zone(ZONE)) as names:
        async with open_office(db_dsn, tmp_path, SHOP, own, names=names) as office:
            visitor = await visitor_who_named(office, CUSTOMER)
            await spool_is_there(office)
            spool(office, mail, "one")
            written = (await office.wait_for_messages(2))[1]
            people = await office.rows(
                "SELECT DISTINCT person_id FROM contact WHERE id = ANY ($1)", [visitor, written["contact_id"]]
            )
            assert (len(people) == 1) is joined
            assert written["payload"]["proof"]["verdict"] == verdict
            assert len(await office.rows("SELECT FROM link")) == joined
            suggested = written["payload"].get("claimed_by")
            assert suggested == (None if joined else [str(visitor)])


async def test_large_mail_is_checked_too(db_dsn: str, tmp_path: Path) -> None:
    large = signed(letter("很长\n" * 400_000))
    assert len(large) > 1024 * 1024
    with dns_server(Zone(ZONE)) as names:
        async with open_office(db_dsn, tmp_path, SHOP, settings(), names=names) as office:
            await spool_is_there(office)
            spool(office, large, "one")
            (written,) = await office.wait_for_messages(1)
            assert written["payload"]["proof"]["verdict"] == "passed"
