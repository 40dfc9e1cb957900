"""A house of many years, written straight into its tables: `python -m bench.archive FIRST LAST SEED < facts`.

Several of these run at once. What people wrote is drawn from a store of texts, so that each is cut into words once.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from bench import people
from yizhan.foundation.db import open_connection
from yizhan.foundation.text import tsvector_literal

MESSAGES_A_TICKET = 10
RARE = "琥珀"
PLANTED = 100
CITIES = (
    "上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "西安", "重庆", "南京", "天津", "苏州", "郑州", "长沙",
    "沈阳", "青岛", "合肥", "昆明", "福州", "厦门", "哈尔滨", "济南", "温州", "南宁", "长春", "泉州", "石家庄",
    "贵阳", "南昌", "金华", "常州", "嘉兴", "太原", "徐州", "珠海", "海口", "兰州", "银川", "西宁", "拉萨",
)  # fmt: skip
_TEXTS = 20_000
_PICTURED = 1 / 16
_AT_ONCE = 2_000
_YEAR = timedelta(days=365)
_STATUSES = ("done",) * 88 + ("cancelled",) * 2 + ("pending",) * 4 + ("open",) * 4 + ("new",) * 2
_TYPES = ("consult", "aftersale", "refund", "complaint", "suggest", "praise", "other")
_NULL = r"\N"

COLUMNS = {
    "contact": ("id", "person_id", "name", "data_key", "created_at"),
    "identity": ("id", "contact_id", "kind", "rank", "sealed", "blind", "masked", "inbox_id", "valid_from"),
    "ticket": ("id", "brand_id", "contact_id", "subject", "type", "status", "priority", "channel", "owner_id",
               "agent_id", "team_id", "ready", "last_message_at", "preview", "created_at"),
    "conversation": ("id", "inbox_id", "identity_id", "contact_id", "brand_id", "team_id", "ticket_id", "channel",
                     "live", "phase", "ready", "agent_id", "seniority", "last_message_at", "preview", "ended_at",
                     "created_at"),
    "message": ("id", "conversation_id", "ticket_id", "contact_id", "identity_id", "inbox_id", "direction", "author",
                "kind", "text", "at", "received_at", "attachments"),
    "search_row": ("id", "kind", "ticket_id", "contact_id", "at", "words"),
}  # fmt: skip
Rows = dict[str, list[str]]


class Facts(msgspec.Struct, frozen=True):
    """What the rows hang on; `teams` with the agents of each. Short threads are commoner than long ones."""

    dsn: str
    now: datetime
    total: int
    brand: str
    inbox: str
    teams: dict[str, list[str]]
    turns: tuple[int, int] = (MESSAGES_A_TICKET, MESSAGES_A_TICKET)
    pictures: tuple[str, ...] = ()
    """Attachments as their column keeps them; one message in sixteen has one."""


class _Pen:
    """Writes rows in the text form of COPY."""

    def __init__(self, facts: Facts, seed: int) -> None:
        self._facts = facts
        self._rng = random.Random(seed)
        weights = [1 / (rank + 2) ** 1.5 for rank in range(len(CITIES))]
        texts = [self._text(weights) for _ in range(_TEXTS)]
        self._texts = [(text, tsvector_literal(text)) for text in texts]

    def _text(self, weights: list[float]) -> str:
        said = " ".join(people.sentence(self._rng) for _ in range(self._rng.choice((1, 1, 2))))
        if self._rng.random() < 0.2:
            said += f" 我在{self._rng.choices(CITIES, weights)[0]}"
        if self._rng.random() < 0.2:
            said += f" 订单{self._rng.randrange(10**6, 10**7)}"
        return said

    def id(self, at: datetime) -> str:
        """A UUIDv7 of that time."""
        made, chance = f"{int(at.timestamp() * 1000):012x}", f"{self._rng.getrandbits(80):020x}"
        return f"{made[:8]}-{made[8:]}-7{chance[:3]}-8{chance[3:6]}-{chance[6:18]}"

    def ticket(self, n: int) -> Rows:
        facts, rng = self._facts, self._rng
        born = facts.now - _YEAR + _YEAR * (n / facts.total) * 0.99
        team = rng.choice(list(facts.teams))
        status = rng.choice(_STATUSES)
        agent = _NULL if status == "new" else rng.choice(facts.teams[team])
        contact, identity, ticket, talk = (self.id(born) for _ in range(4))
        subject, words = rng.choice(self._texts)
        least, most = facts.turns
        turns = least + int((most - least + 1) * rng.random() ** 2)
        last = born + timedelta(minutes=2 * turns)
        end = _NULL if status == "new" else last.isoformat()
        rows = {
            "contact": [_row(contact, contact, f"顾客{n}", r"\\x00", born.isoformat())],
            "identity": [_row(identity, contact, "generic", "auxiliary", r"\\x00", rf"\\x{rng.getrandbits(128):032x}",
                              "c***", facts.inbox, born.isoformat())],
            "ticket": [_row(ticket, facts.brand, contact, subject[:60], rng.choice(_TYPES), status,
                            rng.choice("11222223334"), "generic", agent, agent, team, "t", last.isoformat(),
                            subject, born.isoformat())],
            "conversation": [_row(talk, facts.inbox, identity, contact, facts.brand, team, ticket, "generic", "f",
                                  "queued" if status == "new" else "ended", "t", agent, born.isoformat(),
                                  last.isoformat(), subject, end, born.isoformat())],
            "search_row": [_row(ticket, "ticket", ticket, contact, born.isoformat(), words)],
        }  # fmt: skip
        rows["message"] = []
        for turn, at in enumerate(born + timedelta(minutes=2 * m) for m in range(turns)):
            self._message(rows, n, turn, at.isoformat(), self.id(at), (talk, ticket, contact, identity, agent))
        return rows

    def _message(self, rows: Rows, n: int, turn: int, at: str, id: str, of: tuple[str, ...]) -> None:
        talk, ticket, contact, identity, agent = of
        text, words = self._rng.choice(self._texts)
        every = self._facts.total // PLANTED
        if turn == 4 and n % every == 0 and n // every < PLANTED:
            text += f" {RARE}"
            words = tsvector_literal(text)
        inbound = turn % 2 == 0 or agent == _NULL
        author = f"customer:{contact}" if inbound else f"agent:{agent}"
        pictures = self._facts.pictures
        shown = self._rng.choice(pictures) if pictures and self._rng.random() < _PICTURED else _NULL
        rows["message"].append(_row(
            id, talk, ticket, contact, identity, self._facts.inbox, "in" if inbound else "out", author, "text", text,
            at, at, shown,
        ))  # fmt: skip
        rows["search_row"].append(_row(id, "message", ticket, contact, at, words))


def _row(*fields: str) -> str:
    return "\t".join(fields) + "\n"


def _merged(tickets: Iterator[Rows]) -> Iterator[Rows]:
    while batch := list(itertools.islice(tickets, _AT_ONCE)):
        yield {table: [row for rows in batch for row in rows[table]] for table in COLUMNS}


async def write(facts: Facts, first: int, last: int, seed: int) -> None:
    pen = _Pen(facts, seed)
    connection = await open_connection(facts.dsn)
    try:
        await connection.execute("SET synchronous_commit = off")
        for rows in _merged(pen.ticket(n) for n in range(first, last)):
            for table, lines in rows.items():
                source = io.BytesIO("".join(lines).encode())
                await connection.copy_to_table(table, source=source, columns=COLUMNS[table], format="text")
    finally:
        await connection.close()


if __name__ == "__main__":
    known = msgspec.json.decode(sys.stdin.buffer.read(), type=Facts)
    asyncio.run(write(msgspec.structs.replace(known, now=known.now.astimezone(UTC)), *map(int, sys.argv[1:4])))
