"""核身 by signing in on the shop's own site in the middle of a chat."""

from __future__ import annotations

from tests.web.house import House
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import hand
from tests.web.server import Running, Widget, open_inbox
from tests.web.widget.test_visitor import SECRET, fetch, jwt, said
from yizhan.desk import verification
from yizhan.foundation.clock import FakeClock
from yizhan.records import contacts
from yizhan.web.verification import VerificationPart

SIGNED = """SELECT count(*) FROM (SELECT kind FROM event UNION ALL SELECT kind FROM event_new) told
            WHERE kind = 'verification.logged_in'"""


async def test_who_signs_in_while_he_talks_is_verified_as_if_he_had_come_so(
    live: Running, house: House, clock: FakeClock, desk: Desk
) -> None:
    """At once and on the agent's screen; over with the conversation, with the link, or as soon as he signs out."""
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    hub, book = live.services.the_hub, live.services.verification_book
    hub.parts.append(VerificationPart(book, clock))
    browser, nobody = Widget(live, key), Widget(live, key)
    await browser.session()
    proof = {"id": "u-9", "jwt": jwt({"user_id": "u-9", "exp": int(clock.now().timestamp()) + 300})}

    async def greens() -> list[bool]:
        async with live.services.db.read() as tx:
            rows = await tx.fetch("SELECT id FROM contact ORDER BY id")
            found = await verification.open_contacts(tx, [row["id"] for row in rows], book, clock.now())
        return [row["id"] in found for row in rows]

    async with desk("lin") as lin, browser.line() as line:
        mine = (await said(line, text="匿名"))["conversation_id"]
        await hand(live, mine, house.people["lin"])
        assert await greens() == [False]
        await browser.session(identity=proof)
        row = (await lin.next("put", e="verification"))["row"]
        assert (row["conversation_id"], row["green"], row["way"]) == (mine, True, "login")
        assert await greens() == [True, True], "the browser's contact and the account's"
        await browser.session(identity=proof)
        assert await fetch(live, SIGNED) == 1, "with every page, but told once"
        await nobody.session(visitor=browser.visitor)
        assert (await lin.next("put", e="verification"))["row"]["green"] is False
        assert await greens() == [False, False], "signed out"
        await browser.session(identity=proof)
        assert (await lin.next("put", e="verification"))["row"]["green"] is True
        link = await fetch(live, "SELECT id FROM link WHERE ended_at IS NULL")
        async with live.services.db.transaction() as tx:
            await contacts.unlink_contacts(tx, link, reason="不是他", actor="system", now=clock.now())
        assert await greens() == [False, False], "taken apart"
