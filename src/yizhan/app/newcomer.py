"""The first person of a new house: made at the server, because nobody can sign in yet."""

from __future__ import annotations

from yizhan.app.settings import Settings
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database, migrate, open_database, start_server
from yizhan.foundation.errors import NotFound
from yizhan.records import agents
from yizhan.records.access import Passwords
from yizhan.records.agents import NewAgent

_BY = "system"


async def add_agent(settings: Settings, *, login: str, name: str, role: str, password: str) -> None:
    """Raises NotFound for an unknown role, Conflict for a login that is taken."""
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        await migrate(server.dsn)
        db = await open_database(server.dsn, max_size=1)
        try:
            await _add(db, login=login, name=name, role=role, password=password)
        finally:
            await db.close()


async def _add(db: Database, *, login: str, name: str, role: str, password: str) -> None:
    now = SystemClock().now()
    hashed = await Passwords().hash(password)
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        if not await agents.brands(tx):
            await agents.create_brand(tx, "main", "默认业务线", now, _BY)
        roles = {r.key: r.id for r in await agents.roles(tx)}
        if role not in roles:
            raise NotFound(f"no role {role}; there are {', '.join(sorted(roles))}")
        who = NewAgent(login=login, name=name, role_id=roles[role], password_hash=hashed)
        await agents.create_agent(tx, who, now, _BY)
