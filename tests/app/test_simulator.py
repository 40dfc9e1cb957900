"""`yizhan simulator`: every channel that has an adapter gets an inbox which speaks to its stand-in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yizhan.app.simulator import Unusable, open_inboxes, set_up
from yizhan.channels import adapter_names
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.records import agents, inboxes
from yizhan.records.inboxes import Channel

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


async def test_every_channel_can_be_tried_and_a_second_start_puts_it_right_again(db: Database) -> None:
    vault = Vault(new_keyring())
    with pytest.raises(Unusable):
        await open_inboxes(db, vault, set_up(8010, "http://127.0.0.1:8000"), NOW)
    async with db.transaction() as tx:
        await agents.create_brand(tx, "home", "山雀家电", NOW, "system")
    first = await open_inboxes(db, vault, set_up(8010, "http://127.0.0.1:8000"), NOW)
    stage = set_up(8011, "http://127.0.0.1:8001")
    assert await open_inboxes(db, vault, stage, NOW) == first
    played = {door.channel for vendor in stage.vendors.values() for door in vendor.doors}
    ours = {*adapter_names(), Channel.EMAIL}
    assert (set(first), set(stage.missing)) == (played & ours, played - ours)
    async with db.read() as tx:
        made = await inboxes.inbox_by_key(tx, vault, "sim-generic")
        secrets = await inboxes.secrets_of(tx, vault, made.id)
    assert made.settings["callback_url"] == "http://127.0.0.1:8011/v/generic/replies"
    assert secrets == stage.vendors["generic"].secrets("generic")
    assert stage.vendors["generic"].callbacks == {"generic": "http://127.0.0.1:8001/hooks/generic/sim-generic"}
