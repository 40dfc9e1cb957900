"""What a visitor said of himself before he wrote: sealed, laid over one another, taken once."""

from __future__ import annotations

from datetime import timedelta

from yizhan.desk import trail
from yizhan.desk.trail import Words, keep_words, take_words, words_of
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id

VISITOR = bytes(range(16))


async def test_a_later_word_replaces_an_earlier_one_and_silence_does_not(db: Database, clock: FakeClock) -> None:
    async with db.transaction() as tx:
        vault, inbox = Vault(new_keyring()), new_id(clock.now())
        first = Words(name="王", phone="+8619900001234", fields={"a": "1"})
        await keep_words(tx, vault, VISITOR, inbox, first, clock.now())
        await keep_words(tx, vault, VISITOR, inbox, Words(name="王晓燕", fields={"b": "2"}), clock.now())
        said = Words("王晓燕", "", "+8619900001234", {"a": "1", "b": "2"})
        assert await words_of(tx, vault, VISITOR) == said
        assert await take_words(tx, vault, VISITOR) == said
        assert await take_words(tx, vault, VISITOR) is None


async def test_they_are_forgotten_with_the_visitor_and_after_a_month(db: Database, clock: FakeClock) -> None:
    async with db.transaction() as tx:
        vault, inbox = Vault(new_keyring()), new_id(clock.now())
        await keep_words(tx, vault, VISITOR, inbox, Words(name="王"), clock.now())
        await trail.forget_visitors(tx, [VISITOR])
        assert await words_of(tx, vault, VISITOR) is None
        await keep_words(tx, vault, VISITOR, inbox, Words(name="王"), clock.now())
        await trail.prune(tx, clock.now() + timedelta(days=30))
        assert await words_of(tx, vault, VISITOR) is not None
        await trail.prune(tx, clock.now() + timedelta(days=32))
        assert await words_of(tx, vault, VISITOR) is None


async def test_what_was_taken_is_not_taken_again(db: Database, clock: FakeClock) -> None:
    async with db.transaction() as tx:
        one, two = b"1" * 16, b"2" * 16
        assert await trail.take_once(tx, [one, one], clock.now()) == {one}
        assert await trail.take_once(tx, [one, two], clock.now()) == {two}
