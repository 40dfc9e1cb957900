"""核身 on the agents' sockets: whoever has the conversation or asked sees the colour change."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk import verification, views
from yizhan.desk.live import PartRow
from yizhan.desk.verification import VerificationBook
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.records import texts, verifications
from yizhan.records.texts import Purpose


def _is_of_code(entry: Entry) -> bool:
    return entry.kind == texts.REPORTED and entry.data.get("purpose") == Purpose.CODE


class VerificationPart:
    """The same row as `GET /conversations/{id}/verification`."""

    entity = "verification"

    def __init__(self, book: VerificationBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("verification.") or _is_of_code(entry)

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        found, now = list[PartRow](), self._clock.now()
        told = {e.conversation_id: e for e in entries if e.conversation_id is not None}
        codes = {entry.subject: entry for entry in entries if _is_of_code(entry)}
        for asked in await verifications.rows(tx, list(codes)) if codes else []:
            told.setdefault(asked.conversation_id, codes[asked.id])
        for row in await views.conversation_rows(tx, list(told)):
            entry = told[row.id]
            standing = await verification.standing(tx, row.id, row.contact_id, self._book, now)
            people = frozenset(each for each in (row.agent_id, entry.agent_id) if each)
            found.append(PartRow(row.id, standing.version, standing, people, supervised=True))
        return found
