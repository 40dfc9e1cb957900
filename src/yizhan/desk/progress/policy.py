"""Which entry of the journal is which step, and whether it is said now. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.desk.progress.model import Reach, Step
from yizhan.desk.progress.rules import ProgressRules
from yizhan.foundation.journal import Entry

LONG_OVER = timedelta(minutes=10)
"""Who has only just left a chat was told in it."""

_STILL = {
    Step.ACCEPTED: ("open",),
    Step.TRANSFERRED: ("new", "open"),
    Step.SOLUTION: ("pending",),
    Step.DONE: ("done",),
}


def step_of(entry: Entry) -> Step | None:
    if entry.kind == "ticket.moved":
        return {"pending": Step.SOLUTION, "done": Step.DONE}.get(str(entry.data.get("to")))
    if entry.kind != "ticket.assigned":
        return None
    before, after, team = entry.data.get("from"), entry.data.get("to"), entry.data.get("team")
    if before is None:
        return Step.ACCEPTED if after is not None else None
    return Step.TRANSFERRED if after != before and (after or team) else None


def is_told(step: Step, reach: Reach, rules: ProgressRules, now: datetime) -> bool:
    """Not of what moved on since, nor where the customer hears it anyway, nor where each message is counted."""
    if step not in rules.steps or reach.status not in _STILL[step] or not reach.ours:
        return False
    if reach.conversation_id is None or reach.channel in rules.never_on:
        return False
    return not reach.live or (reach.over is not None and now - reach.over >= LONG_OVER)


def words_of(step: Step, reach: Reach, rules: ProgressRules) -> str:
    template = rules.words[step]
    english = (reach.locale or "").lower().startswith("en")
    team = reach.team or ("another team" if english else "专员")
    said = template.en if english else template.zh
    return said.format(number=reach.number, subject=reach.subject, team=team)
