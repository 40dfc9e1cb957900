"""When an answer begins to count, and when whom is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yizhan.desk.promises.model import PromiseRules


def counts_from(made: datetime, due: datetime, rules: PromiseRules) -> datetime:
    """What is written in the same breath (好的, 请稍候) keeps nothing; for a short promise the breath is shorter."""
    return made + min(rules.settling, (due - made) / 2)


def steps(made: datetime, due: datetime, rules: PromiseRules) -> Mapping[str, datetime]:
    """Nobody is reminded of what he has just said: a promise shorter than twice the span has no reminder."""
    told = {"due": due, "lead": due + rules.lead_after}
    return {"remind": due - rules.remind_before, **told} if due - made >= 2 * rules.remind_before else told
