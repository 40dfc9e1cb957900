"""Notices to people of the house by mail: through an inbox of the house, to each a mail of his own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.app.test_mailroom import SHOP, settings
from tests.journeys.post import open_office, until
from tests.standins.smtpserver import smtp_with_faults
from yizhan.desk.outlets import OUTLET, Cause, PostFailed, posts_of
from yizhan.foundation.journal import Event, emit
from yizhan.records import agents
from yizhan.records.agents import AgentChange

MAIL = {
    "name": {"zh": "值班邮箱", "en": "Duty mailbox"}, "kind": "email", "inbox": "mail", "to": ["duty@example.com"],
    "people": True,
}  # fmt: skip


async def test_who_is_told_has_a_mail_of_his_own(db_dsn: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        smtp = await stack.enter_async_context(smtp_with_faults())
        office = await stack.enter_async_context(open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)))
        house, now = office.house, office.house.clock.now()
        async with house.db.transaction() as tx:
            lin = await agents.agent(tx, office.agent)
            await agents.change_agent(tx, lin.id, lin.version, AgentChange(email="lin@example.com"), now, "system")
            await house.rules.configuration.save(tx, "outlet", "duty", MAIL, by="system", now=now)
            await house.rules.configuration.release(tx, by="system", now=now)

        async def in_force() -> bool:
            return house.rules.live.now.find(OUTLET, "duty") is not None

        await until(in_force, "the release")
        async with house.db.transaction() as tx:
            data = {"who": ["handler"], "agents": [lin.id], "how": "notify", "why": "sla.breach"}
            await emit(
                tx, [Event(kind="notice.raised", subject=lin.id, subject_version=1, at=now, actor="system", data=data)]
            )

        async def both() -> bool:
            return len(smtp.mails) == 2

        await until(both, "two mails")
        assert sorted(str(mail["To"]) for mail in smtp.mails) == ["duty@example.com", "lin@example.com"]
        mail = smtp.mails[0]
        assert (mail["Subject"], mail["Auto-Submitted"]) == ("[驿站] 已超时", "auto-generated")
        async with house.db.read() as tx:
            assert [each.why for each in await posts_of(tx, "duty")] == ["sla.breach"]
        smtp.next["RCPT"] = ["550 no such user"]
        with pytest.raises(PostFailed) as failed:
            await house.the_postman.try_out(OUTLET.decode(MAIL), {})
        assert failed.value.cause is Cause.REFUSED
        with pytest.raises(PostFailed, match="no such inbox"):
            await house.the_postman.try_out(OUTLET.decode({**MAIL, "inbox": "post"}), {})
