"""Writers who all work on the same few people at once: chats, mails, claims, imports, proofs, links and their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from tests.desk.intake.samples import Shop, says
from yizhan.desk import resolution
from yizhan.desk.intake import Intake
from yizhan.desk.resolution import SHIPPED
from yizhan.foundation.db import PostgresError, Tx, is_transient
from yizhan.foundation.errors import DomainError
from yizhan.foundation.ids import new_id
from yizhan.foundation.text import is_thanks_only
from yizhan.records import contacts
from yizhan.records.contacts import Identifier, Pair, Strength

PHONES = ("13800001001", "13800001002", "13800001003")
CARDS = ("11010519491231002X", "440524188001010014")
_FEW = st.integers(0, 5)

STEPS = st.one_of(
    st.tuples(st.sampled_from(("chat", "mail", "unlink", "share", "end", "settle")), _FEW, _FEW, _FEW),
    st.tuples(st.sampled_from(("link", "claim", "import", "prove", "join")), _FEW, _FEW, _FEW),
    st.tuples(st.sampled_from(("link", "import")), _FEW, _FEW, _FEW),
)
Step = tuple[str, int, int, int]
ROUNDS = st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=1, max_size=4)


class Crowd:
    """`name` keeps the people of one run apart from those of another."""

    def __init__(self, shop: Shop, name: str) -> None:
        self.shop, self.name = shop, name
        self.doors = [shop.intake, Intake(shop.db, shop.vault, shop.clock, new_id, is_thanks_only, _never)]
        self.ids: list[UUID] = []
        self.said = 0

    async def open(self) -> None:
        await self.doors[1].load_inboxes()
        for n in range(3):
            await self.do(("chat", n, 0, 0))
            await self.do(("import", n, n, n))
        await self.look()

    async def look(self) -> None:
        rows = await self.shop.db.pool.fetch("SELECT id FROM contact ORDER BY id")
        self.ids = [row["id"] for row in rows]

    async def do(self, step: Step) -> None:
        """A writer is refused where the house says no, and comes again where two waited for each other."""
        name, *numbers = step
        while True:
            try:
                await getattr(self, f"_{name}")(*numbers)
            except DomainError:
                return
            except PostgresError as error:
                if not is_transient(error):
                    raise
            else:
                return

    async def _chat(self, n: int, door: int, proof: int) -> None:
        """Some prove a number by writing."""
        proofs = (Identifier("phone", PHONES[proof % 3], self.shop.clock.now()),) if proof % 2 else ()
        await self._say(self.shop.chat, f"{self.name}-v{n % 4}", door, proofs)

    async def _mail(self, n: int, door: int, _: int) -> None:
        await self._say(self.shop.mail, _mailbox(self.name, n), door)

    async def _say(self, inbox: UUID, who: str, door: int, proofs: tuple[Identifier, ...] = ()) -> None:
        self.said += 1
        line = says(inbox, who, "在吗", self.shop.clock.now(), n=f"{self.name}{self.said}", proofs=proofs)
        await self.doors[door % 2].accept(line)

    async def _link(self, a: int, b: int, _: int) -> None:
        async with self.shop.db.transaction() as tx:
            await contacts.link_contacts(
                tx, self._who(a), self._who(b), strength=Strength.JUDGED, evidence={"reason": "同一地址"},
                actor="agent:1", now=self.shop.clock.now(),
            )  # fmt: skip

    async def _join(self, a: int, b: int, c: int) -> None:
        """Three at once, round in a ring: the last link adds nothing."""
        ring = [self._who(n) for n in (a, b, c)]
        pairs = [Pair(x, y, {"kind": "user"}) for x, y in zip(ring, ring[1:] + ring[:1], strict=True) if x != y]
        async with self.shop.db.transaction() as tx:
            await contacts.join(tx, pairs, now=self.shop.clock.now(), by="system")

    async def _unlink(self, a: int, *_: int) -> None:
        async with self.shop.db.transaction() as tx:
            held = await tx.fetch("SELECT id FROM link WHERE ended_at IS NULL ORDER BY id")
            if held:
                await contacts.unlink_contacts(
                    tx, held[a % len(held)]["id"], reason="两个人", actor="agent:2", now=self.shop.clock.now()
                )

    async def _claim(self, a: int, n: int, _: int) -> None:
        async with self.shop.db.transaction() as tx:
            await contacts.claim(
                tx, self.shop.vault, self._who(a), kind="email", value=_mailbox(self.name, n), masked="m***",
                actor="system", now=self.shop.clock.now(),
            )  # fmt: skip

    async def _import(self, a: int, b: int, c: int) -> None:
        """Two rows; some with a proof that is old, some with an identity card, which may be a second one."""
        now = self.shop.clock.now()
        proved = now - timedelta(days=(5, 400)[c == 5])
        rows = []
        for key, phone in ((a, b), (b, c)):
            row = [Identifier("external", f"shop:{self.name}{key}"), Identifier("phone", PHONES[phone % 3], proved)]
            rows.append(row + [Identifier("id_card", CARDS[c % 2])] * ((key + c) % 3 == 0))
        async with self.shop.db.transaction() as tx:
            await contacts.find_or_create(tx, self.shop.vault, rows, now=now, by="system")

    async def _prove(self, a: int, n: int, _: int) -> None:
        async with self.shop.db.transaction() as tx:
            value = contacts.normalise("phone", PHONES[n % 3])
            await contacts.prove_identifier(
                tx, self.shop.vault, self._who(a), "phone", value, how="code", actor="system",
                now=self.shop.clock.now(),
            )  # fmt: skip

    async def _share(self, n: int, a: int, _: int) -> None:
        async with self.shop.db.transaction() as tx:
            phone = await self._phone(tx, n)
            kind = "shared_phone" if a % 2 else "phone"
            await contacts.share_identity(tx, phone, kind, actor="agent:1", now=self.shop.clock.now())

    async def _end(self, n: int, *_: int) -> None:
        async with self.shop.db.transaction() as tx:
            await contacts.end_identity(
                tx, await self._phone(tx, n), reason="换号", actor="agent:1", now=self.shop.clock.now()
            )

    async def _settle(self, a: int, b: int, _: int) -> None:
        """Evidence is weighed, and somebody decides what it left."""
        await resolution.examine(self.shop.db, self.shop.vault, SHIPPED, [self._who(a)], self.shop.clock.now())
        async with self.shop.db.transaction() as tx:
            for each in await resolution.queue(tx, None, 1):
                await resolution.decide(
                    tx, each.id, same=b % 2 == 0, note="", actor="agent:1", now=self.shop.clock.now()
                )

    async def _phone(self, tx: Tx, n: int) -> UUID:
        value = contacts.normalise("phone", PHONES[n % 3])
        held = await contacts.identity_by_blind(tx, self.shop.vault.blind("phone", value))
        if held is None:
            raise _Nobody
        return held.id

    def _who(self, n: int) -> UUID:
        return self.ids[n % len(self.ids)] if self.ids else UUID(int=n)


class _Nobody(DomainError):  # noqa: N818 - who was looked for
    code = "nobody"


class Facts(msgspec.Struct, frozen=True):
    """What the database says when everybody has gone home."""

    persons: dict[UUID, UUID]
    links: list[tuple[UUID, UUID]]
    cards: dict[UUID, set[bytes]]
    strays: int
    """Messages that do not lie with the contact of who wrote them."""
    crossed: int
    """Messages that lie in a ticket of another contact than who wrote them."""
    bare: int
    """Links without evidence, actor or time."""


async def facts(shop: Shop) -> Facts:
    pool = shop.db.pool
    persons = {r["id"]: r["person_id"] for r in await pool.fetch("SELECT id, person_id FROM contact")}
    links = [(r["a_contact"], r["b_contact"]) for r in await pool.fetch(
        "SELECT a_contact, b_contact FROM link WHERE ended_at IS NULL")]  # fmt: skip
    cards: dict[UUID, set[bytes]] = defaultdict(set)
    for row in await pool.fetch(
        "SELECT c.person_id, i.blind FROM identity i JOIN contact c ON c.id = i.contact_id"
        " WHERE i.kind = 'id_card' AND i.valid_to IS NULL"
    ):
        cards[row["person_id"]].add(row["blind"])
    strays = await pool.fetchval(
        "SELECT count(*) FROM message m JOIN conversation v ON v.id = m.conversation_id"
        " JOIN identity i ON i.id = v.identity_id WHERE m.contact_id <> i.contact_id OR v.contact_id <> i.contact_id"
    )
    crossed = await pool.fetchval(
        "SELECT count(*) FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.contact_id <> m.contact_id"
    )
    bare = await pool.fetchval("SELECT count(*) FROM link WHERE evidence = '{}' OR actor = '' OR at IS NULL")
    return Facts(persons, links, dict(cards), strays, crossed, bare)


def reference(ids: Iterable[UUID], links: Sequence[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """Who is whom by the links alone, found by walking: nothing of how the product does it."""
    near: dict[UUID, set[UUID]] = {id: {id} for id in ids}
    for a, b in links:
        near[a].add(b)
        near[b].add(a)
    found: dict[UUID, UUID] = {}
    for start in sorted(near):
        queue = [start] if start not in found else []
        while queue:
            one = queue.pop()
            if one not in found:
                found[one] = start
                queue += near[one]
    return found


def _mailbox(name: str, n: int) -> str:
    return f"{name}-{n % 3}@example.com"


async def _never(raw: bytes) -> str:
    raise AssertionError("nothing here is refused by the database")
