"""What a macro does on a ticket as it is, and which documents make sense. Pure."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from yizhan.desk.macros.model import Macro, MacroDeed, MacroStep, Situation
from yizhan.foundation.errors import Invalid
from yizhan.records.conversations import Solved
from yizhan.records.tickets import OF_CUSTOMER


def check_steps(macro: Macro) -> None:
    """Raises Invalid for one that does nothing, and for steps that contradict each other."""
    changes = macro.type or macro.priority or macro.add_tags or macro.remove_tags
    if not (macro.reply or changes or macro.end or macro.wait or macro.team):
        raise Invalid("it does nothing yet: choose at least one step", "reply")
    both = sorted(set(macro.add_tags) & set(macro.remove_tags))
    if both:
        raise Invalid(f"the tag {both[0]} is added and removed", "remove_tags")
    if macro.wait is None:
        return
    if macro.end is not None and macro.end.solved is Solved.SOLVED:
        raise Invalid("what is solved waits for nothing", "wait")
    if macro.wait.hours is None and macro.wait.reason not in OF_CUSTOMER:
        raise Invalid("say when it is followed up", "wait.hours")


def plan(macro: Macro, at: Situation) -> tuple[MacroStep, ...]:
    """What would be done now, in order; what would change nothing is left out."""
    steps = [
        MacroStep(deed=MacroDeed.REPLY, text=at.words, missing=at.missing) if macro.reply else None,
        _changed(macro, at),
        _tagged(macro, at),
        _ended(macro, at),
        MacroStep(deed=MacroDeed.WAIT, reason=macro.wait.reason, hours=macro.wait.hours) if macro.wait else None,
        _given(macro, at),
    ]
    return tuple(step for step in steps if step is not None)


def mark_of(steps: tuple[MacroStep, ...]) -> str:
    """The same for the same plan: who confirms one says by this which he read."""
    return sha256(msgspec.json.encode(steps)).hexdigest()[:24]


def _changed(macro: Macro, at: Situation) -> MacroStep | None:
    kind = None if macro.type is None or f"{at.type}.".startswith(f"{macro.type}.") else macro.type
    priority = macro.priority if macro.priority != at.priority else None
    if kind is None and priority is None:
        return None
    return MacroStep(deed=MacroDeed.CHANGE, type=kind, priority=priority)


def _tagged(macro: Macro, at: Situation) -> MacroStep | None:
    add = tuple(tag for tag in dict.fromkeys(macro.add_tags) if tag not in at.tags)
    remove = tuple(tag for tag in at.tags if tag in macro.remove_tags)
    return MacroStep(deed=MacroDeed.TAG, add=add, remove=remove) if add or remove else None


def _ended(macro: Macro, at: Situation) -> MacroStep | None:
    """Without a live conversation only a solved ticket has a next status: 待客户确认."""
    if macro.end is None or not (at.live or macro.end.solved is Solved.SOLVED):
        return None
    deed = MacroDeed.END if at.live else MacroDeed.SUBMIT
    return MacroStep(deed=deed, text=macro.end.text.strip(), solved=macro.end.solved)


def _given(macro: Macro, at: Situation) -> MacroStep | None:
    """A live conversation is offered to the team; one that this macro ended leaves its ticket to be given."""
    if macro.team is None:
        return None
    deed = MacroDeed.TRANSFER if at.live and macro.end is None else MacroDeed.ASSIGN
    return MacroStep(deed=deed, team_id=macro.team)
