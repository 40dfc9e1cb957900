"""All rules of one set of documents that a simulated day goes by: who gets what, who helps, how urgent, by when."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from yizhan.desk import priority
from yizhan.desk.priority import priority_book
from yizhan.desk.roster import roster_book
from yizhan.desk.routing import WorkKind, chains, routing_book
from yizhan.desk.simulation.day import Arrival, Day, due_s
from yizhan.desk.sla import Rulebook
from yizhan.records.config import Published

KINDS = ("routing", "overflow", "priority_rules", "sla_policy", "calendar", "roster")
"""What a simulation looks at; other documents change nothing in it."""

_ALWAYS = frozenset({"type", "types", "level", "channel", "brand", "team", "inbox"})


class Rules:
    """Compiled once from what is in force, or would be."""

    def __init__(self, published: Published) -> None:
        self.release = published.number
        self.routing = routing_book()
        self.routing.take(published)
        self.priority = priority_book()
        self.priority.take(published)
        self.chains = chains(published)
        self.roster = roster_book()
        self.roster.take(published)
        self.sla = Rulebook(published)
        urgency = published.all(priority.PRIORITY_RULES).values()
        asked = [priority.compile_priority([each], "").asked for each in urgency]
        asked.append(self.priority.of().asked)
        self.asked = _ALWAYS.union(self.sla.fields, *asked)

    def ladder(self, a: Arrival) -> tuple[timedelta, int] | None:
        """After how long without a word a conversation moves on, and how often."""
        rules = self.routing.of(a.inbox_id, a.team_id)
        if a.kind is not WorkKind.CONVERSATION or rules.move is None:
            return None
        return rules.move, rules.most_moves

    def decided(self, day: Day) -> Day:
        """The day with everything as urgent as these rules have it."""
        arrivals = [self._decided(each) for each in day.arrivals]
        return msgspec.structs.replace(day, arrivals=arrivals)

    def _decided(self, a: Arrival) -> Arrival:
        if a.found is None:
            return a
        facts = {**a.facts, "priority": a.found}
        made = priority.decide(facts, self.priority.of(a.inbox_id, a.team_id), a.at).priority
        return a if made == a.priority else msgspec.structs.replace(a, priority=made, due_s=due_s(made))
