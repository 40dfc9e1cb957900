"""Which entry of the journal is which step, and whether it is said now. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.desk.progress.model import Reach, Step
from yizhan.desk.progress.rules import ProgressRules
from yizhan.foundation.journal import Entry

PATIENCE = timedelta(minutes=1)
"""Before a step is said: who has just taken a ticket up or passed it on may be telling the customer himself."""
LONG_OVER = timedelta(minutes=10)
"""Who has only just left a chat was told in it."""
JUST = timedelta(minutes=10)
"""What one of us wrote so shortly before says it better."""

_STILL = {
    Step.ACCEPTED: ("open",),
    Step.TRANSFERRED: ("new", "open"),
    Step.SOLUTION: ("pending",),
    Step.DONE: ("done",),
}


def step_of(entry: Entry) -> Step | None:
    """What a customer does himself he need not be told; whom of a team the router finds does not concern him."""
    if entry.kind == "ticket.moved":
        if entry.actor.startswith("customer:"):
            return None
        return {"pending": Step.SOLUTION, "done": Step.DONE}.get(str(entry.data.get("to")))
    if entry.kind != "ticket.assigned":
        return None
    before, after, team = entry.data.get("from"), entry.data.get("to"), entry.data.get("team")
    if before is None:
        return Step.ACCEPTED if after is not None else None
    passed_on = entry.actor.startswith("agent:") if after else team is not None
    return Step.TRANSFERRED if after != before and passed_on else None


def is_told(step: Step, reach: Reach, rules: ProgressRules, now: datetime) -> bool:
    """Not of what moved on since, nor where the customer hears it anyway, nor where each message is counted."""
    if step not in rules.steps or reach.status not in _STILL[step] or not reach.ours:
        return False
    if reach.conversation_id is None or reach.channel in rules.never_on or _was_told(step, reach, now):
        return False
    return not reach.live or (reach.over is not None and now - reach.over >= LONG_OVER)


def mark_of(step: Step, reach: Reach) -> str:
    """Once a step of a ticket, and once more when it came back."""
    return f"progress:{step}:{reach.ticket_id}:{reach.round}"


def _was_told(step: Step, reach: Reach, now: datetime) -> bool:
    if step is Step.ACCEPTED:
        return not reach.waits
    if reach.spoke is not None and now - reach.spoke < JUST:
        return True
    return step is Step.DONE and _solved_in_chat(reach)


def _solved_in_chat(reach: Reach) -> bool:
    if not reach.live or reach.over is None or reach.solved is None:
        return False
    return reach.solved < reach.over + LONG_OVER


def words_of(step: Step, reach: Reach, rules: ProgressRules, *, quotes: bool = True) -> str:
    """`quotes` is False where the customer's own words, which the subject is, may not be said in our name."""
    template = rules.words[step]
    english = (reach.locale or "").lower().startswith("en")
    team = reach.team or ("another team" if english else "专员")
    said = template.en if english else template.zh
    return said.format(number=reach.number, subject=reach.subject if quotes else "…", team=team)
