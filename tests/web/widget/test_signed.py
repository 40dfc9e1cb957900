"""Who signs in on the shop's own site brings along what he did as nobody, and what it signed for him is proved."""

from __future__ import annotations

from typing import Any

from tests.web.house import House
from tests.web.server import Running, Widget, open_inbox
from tests.web.widget.test_visitor import SECRET, fetch, jwt, said
from yizhan.foundation.clock import FakeClock
from yizhan.records import contacts
from yizhan.records.contacts import Identifier

CART = {"page": {"url": "https://shop.example.com/cart"}}


async def signed_in(live: Running, browser: Widget, claims: dict[str, Any]) -> None:
    """Twice, as with every page."""
    for word in ("你好", "在吗"):
        await browser.session(identity={"id": claims["user_id"], "jwt": jwt(claims)}, **CART)
        async with browser.line() as line:
            await said(line, word, word)


async def test_mail_cart_and_signed_chat_become_one_person_and_nobody_is_asked(
    live: Running, house: House, clock: FakeClock
) -> None:
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    now = clock.now()
    async with live.services.db.transaction() as tx:
        await contacts.find_or_create(
            tx, live.services.vault, [[Identifier("email", "wang@example.com", now)]], now=now, by="test"
        )
    browser = Widget(live, key)
    await browser.session(**CART)
    visit = await fetch(live, "SELECT id FROM visit")
    until = int(now.timestamp()) + 300
    claims = {"user_id": "u-7", "email": "Wang@Example.com", "phone": "199 0000 1234", "exp": until}
    await signed_in(live, browser, claims)
    link = await live.services.db.pool.fetchrow("SELECT strength, evidence FROM link")
    assert link is not None
    assert (link["strength"], link["evidence"]["kind"], link["evidence"]["how"]) == ("proved", "email", "login")
    assert await fetch(live, "SELECT count(DISTINCT person_id) FROM contact") == 1
    assert await fetch(live, "SELECT verified_at FROM identity WHERE kind = 'phone'") == now
    told = await live.services.db.pool.fetch("SELECT kind FROM event_new UNION ALL SELECT kind FROM event")
    assert [row["kind"] for row in told].count("identity.verified") <= 1, "with every page, but told once"
    assert await fetch(live, "SELECT id FROM visit") == visit
    assert await fetch(live, "SELECT v.visitor = i.blind FROM visit v, identity i WHERE i.kind = 'user'")


async def test_an_address_beside_the_proof_is_only_said(live: Running, house: House, clock: FakeClock) -> None:
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    browser = Widget(live, key)
    proof = jwt({"user_id": "u-7", "exp": int(clock.now().timestamp()) + 300})
    await browser.session(identity={"id": "u-7", "jwt": proof, "email": "wang@example.com"})
    async with browser.line() as line:
        await said(line)
    assert await fetch(live, "SELECT kind FROM claim") == "email"
    assert await fetch(live, "SELECT count(*) FROM identity") == 1
