"""An inbox's secrets belong to it alone, and its events say nothing of them."""

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Unreadable, Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.records import agents, inboxes
from yizhan.records.inboxes import Channel, InboxChange, NewInbox


@pytest.fixture
def vault() -> Vault:
    return Vault(new_keyring())


async def opened(db: Database, clock: FakeClock, vault: Vault, name: str) -> inboxes.Inbox:
    async with db.transaction() as tx:
        brand = await agents.create_brand(tx, name, name, clock.now(), "system")
        new = NewInbox(channel=Channel.EMAIL, name=name, brand_id=brand, secrets={"password": f"of {name}"})
        made = await inboxes.create_inbox(tx, vault, new, clock.now(), "system")
        return await inboxes.inbox(tx, vault, made)


async def test_a_secret_moved_to_another_inbox_does_not_open(db: Database, clock: FakeClock, vault: Vault) -> None:
    one, two = await opened(db, clock, vault, "one"), await opened(db, clock, vault, "two")
    assert one.key != two.key
    assert len(one.key) == 16
    async with db.transaction() as tx:
        assert await inboxes.secrets_of(tx, vault, one.id) == {"password": "of one"}
        move = "UPDATE inbox SET secret = (SELECT secret FROM inbox WHERE id = $1) WHERE id = $2"
        await tx.execute(move, one.id, two.id)
        with pytest.raises(Unreadable):
            await inboxes.secrets_of(tx, vault, two.id)


async def test_found_by_key_and_by_channel_while_switched_on(db: Database, clock: FakeClock, vault: Vault) -> None:
    one = await opened(db, clock, vault, "one")
    async with db.transaction() as tx:
        assert await inboxes.inbox_by_key(tx, vault, one.key) == one
        assert await inboxes.inboxes_of(tx, vault, Channel.EMAIL) == [one]
        off = InboxChange(enabled=False)
        assert await inboxes.change_inbox(tx, vault, one.id, 1, off, clock.now(), "system") == 2
        assert await inboxes.inboxes_of(tx, vault, Channel.EMAIL) == []
        assert await inboxes.change_inbox(tx, vault, one.id, 2, InboxChange(), clock.now(), "system") == 2
        with pytest.raises(Conflict):
            await inboxes.change_inbox(tx, vault, one.id, 1, off, clock.now(), "system")
        with pytest.raises(NotFound):
            await inboxes.inbox_by_key(tx, vault, "nothing")


async def test_events_name_fields_not_values(db: Database, clock: FakeClock, vault: Vault) -> None:
    one = await opened(db, clock, vault, "one")
    async with db.transaction() as tx:
        change = InboxChange(secrets={"password": "hush"}, settings={"host": "imap.desk.test"})
        await inboxes.change_inbox(tx, vault, one.id, 1, change, clock.now(), "agent:x")
        row = await tx.fetchrow("SELECT * FROM event_new WHERE kind = 'inbox.changed'")
        assert row is not None
        assert row["data"] == {"fields": ["secrets", "settings"], "enabled": True}
        assert (row["subject_version"], row["actor"], row["brand_id"]) == (2, "agent:x", one.brand_id)


async def test_a_cursor_is_saved_with_what_it_fetched(db: Database, clock: FakeClock, vault: Vault) -> None:
    one = await opened(db, clock, vault, "one")
    async with db.transaction() as tx:
        assert await inboxes.cursor(tx, one.id, "INBOX") is None
        await inboxes.save_cursor(tx, one.id, "INBOX", {"uid": 7})
        await inboxes.save_cursor(tx, one.id, "INBOX", {"uid": 9})
        assert await inboxes.cursor(tx, one.id, "INBOX") == {"uid": 9}
