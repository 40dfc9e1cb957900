"""The rules one batch goes by."""

from __future__ import annotations

from tests.desk.sla.test_ledger import START, TICKET
from yizhan.app.rules import KINDS
from yizhan.desk.sla import TargetKind
from yizhan.desk.sla.library import Library
from yizhan.desk.sla.policy import begin
from yizhan.foundation.db import Database
from yizhan.records.config import Published


async def test_a_release_in_the_middle_of_a_batch_is_for_the_next_one(db: Database) -> None:
    in_force = [Published(KINDS, 0, ())]
    library = Library(lambda: in_force[-1])
    rules = library.rulebook()
    in_force.append(Published(KINDS, 1, ()))
    async with db.transaction() as tx:
        clock_of = await library.clocks(tx, [], rules)
    (terms,) = rules.terms
    target = begin(terms, TICKET, TargetKind.RESOLUTION, START, at=START)
    assert target is not None
    assert clock_of(target) is terms.clock
    assert library.rulebook().terms == []
