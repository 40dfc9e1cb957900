"""Guesses share one budget, secrets are kept as digests, and what has served its time is forgotten."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.records import access, agents
from yizhan.records.access import KeptAnswer, KeyReused, LockedOut, NotSignedIn, Passwords, SessionTerms
from yizhan.records.agents import NewAgent

TERMS = SessionTerms()


@pytest.fixture
def vault() -> Vault:
    return Vault(new_keyring())


@pytest.fixture
async def lin(db: Database, clock: FakeClock) -> UUID:
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, clock.now())
        role = next(role.id for role in await agents.roles(tx) if role.key == "agent")
        return await agents.create_agent(tx, NewAgent(login="lin", name="林一", role_id=role), clock.now(), "system")


async def test_guesses_at_the_same_moment_share_one_budget(db: Database, clock: FakeClock, vault: Vault) -> None:
    async def guess() -> bool:
        try:
            async with db.transaction() as tx:
                await access.begin_attempt(tx, vault, " LIN ", clock.now())
        except LockedOut:
            return False
        return True

    assert sum(await asyncio.gather(*(guess() for _ in range(20)))) == 5
    clock.advance(timedelta(minutes=15))
    assert await guess()
    async with db.transaction() as tx:
        await access.forgive(tx, vault, "lin")
        assert await tx.fetchval("SELECT count(*) FROM login_guard") == 0


async def test_the_guard_is_no_list_of_names(db: Database, clock: FakeClock, vault: Vault) -> None:
    async with db.transaction() as tx:
        await access.begin_attempt(tx, vault, "lin", clock.now())
        stored = await tx.fetchval("SELECT login FROM login_guard")
    assert b"lin" not in stored
    assert len(stored) == 16


async def test_a_secret_is_kept_as_a_digest(db: Database, clock: FakeClock, lin: UUID) -> None:
    async with db.transaction() as tx:
        long = "x" * 999
        opened = await access.open_session(tx, lin, clock.now(), TERMS, ip="192.0.2.1", user_agent=long, way="demo")
        row = await tx.fetchrow("SELECT id_hash, length(user_agent) AS length FROM session")
        assert row is not None
        assert opened.secret.encode() not in row["id_hash"]
        assert row["length"] == 200
        assert await access.resume_session(tx, opened.secret, clock.now(), TERMS) == opened.session
        assert await access.close_session(tx, opened.secret, clock.now()) == lin
        assert await access.close_session(tx, opened.secret, clock.now()) is None
        with pytest.raises(NotSignedIn):
            await access.resume_session(tx, opened.secret, clock.now(), TERMS)


async def test_being_seen_is_written_once_a_minute(db: Database, clock: FakeClock, lin: UUID) -> None:
    async with db.transaction() as tx:
        opened = await access.open_session(tx, lin, clock.now(), TERMS, ip="", user_agent="", way="demo")
        first = clock.now()
        clock.advance(timedelta(seconds=59))
        await access.resume_session(tx, opened.secret, clock.now(), TERMS)
        assert await tx.fetchval("SELECT seen_at FROM session") == first
        now = clock.advance(timedelta(seconds=1))
        await access.resume_session(tx, opened.secret, now, TERMS)
        assert await tx.fetchval("SELECT seen_at FROM session") == now


async def test_a_kept_answer_is_bound_to_its_caller_and_request(db: Database, clock: FakeClock, vault: Vault) -> None:
    now = clock.now()
    async with db.transaction() as tx:
        assert await access.claim_key(tx, vault, "agent:1", "k", b"print", now) is None
        await access.keep_answer(tx, vault, "agent:1", "k", KeptAnswer(201, b'{"secret":1}'))
    async with db.transaction() as tx:
        assert await access.claim_key(tx, vault, "agent:1", "k", b"print", now) == KeptAnswer(201, b'{"secret":1}')
        assert await access.claim_key(tx, vault, "agent:2", "k", b"print", now) is None
        with pytest.raises(KeyReused):
            await access.claim_key(tx, vault, "agent:1", "k", b"other", now)


async def test_the_sweep_takes_only_what_is_over(db: Database, clock: FakeClock, vault: Vault, lin: UUID) -> None:
    async with db.transaction() as tx:
        old = await access.open_session(tx, lin, clock.now(), TERMS, ip="", user_agent="", way="demo")
        await access.claim_key(tx, vault, "a", "old", b"p", clock.now())
        await access.begin_attempt(tx, vault, "old", clock.now())
    clock.advance(timedelta(days=40))
    async with db.transaction() as tx:
        new = await access.open_session(tx, lin, clock.now(), TERMS, ip="", user_agent="", way="demo")
        await access.claim_key(tx, vault, "a", "new", b"p", clock.now())
        await access.begin_attempt(tx, vault, "new", clock.now())
        await access.sweep(tx, clock.now(), TERMS)
        assert await access.resume_session(tx, new.secret, clock.now(), TERMS)
        assert await access.close_session(tx, old.secret, clock.now()) is None
        assert await tx.fetchval("SELECT array_agg(key) FROM idempotency") == ["new"]
        assert await tx.fetchval("SELECT count(*) FROM login_guard") == 1


async def test_passwords_fit_only_themselves() -> None:
    passwords = Passwords(memory_kib=64, rounds=1)
    stored = await passwords.hash("山雀-生活-2026")
    assert stored.startswith("$argon2id$")
    assert await passwords.fits("山雀-生活-2026", stored)
    assert not await passwords.fits("山雀-生活-2027", stored)
    assert not await passwords.fits("nobody", None), "the stand-in for an unknown name fits nothing"
    assert not await passwords.fits("x", "not a hash")
    assert Passwords(memory_kib=128, rounds=1).is_old(stored)
