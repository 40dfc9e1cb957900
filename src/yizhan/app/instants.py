"""What happens at an instant: who fires which timers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from yizhan.app.reception import reception_desk
from yizhan.desk import (
    blocks,
    callbacks,
    clocks,
    complaints,
    counter,
    followups,
    handover,
    notices,
    nps,
    outbound,
    priority,
    progress,
    promises,
    push,
    reception,
    roster,
    routing,
    satisfaction,
    sla,
    supervision,
    words,
)
from yizhan.web.ratings import rate_link, ticket_link

if TYPE_CHECKING:
    from yizhan.app.house import House


def register_timers(house: House) -> None:
    clocks.register_timers(house.timers, house.rules.clocks, house.signs, house.rules.types)
    routing.register_timers(house.timers, house.rules.routing)
    followups.register_timers(house.timers)
    progress.register_timers(house.timers, house.rules.progress, house.rules.words)
    counter.register_timers(house.timers, house.rules.shops, house.rules.words)
    callbacks.register_timers(house.timers, house.rules.callbacks, house.rules.types)
    notices.register_timers(house.timers)
    roster.register_timers(house.timers, house.rules.roster)
    outbound.register_timers(house.timers)
    push.register_timers(house.timers)
    supervision.register_timers(house.timers)
    reception.register_timers(house.timers, reception_desk(house), house.signs)
    handover.register_timers(house.timers, house.rules.roster, house.rules.routing)
    assign = partial(routing.take_matter, book=house.rules.routing)
    complaints.register_timers(house.timers, lambda: house.rules.complaints.now, assign)
    blocks.register_timers(house.timers, house.rules.blacklist)
    priority.register_timers(house.timers, house.rules.priority, _reranking(house))
    promises.register_timers(house.timers)
    link = rate_link(house.settings.public_url, house.signer)
    matter_link = ticket_link(house.settings.public_url, house.signer)
    satisfaction.register_timers(house.timers, house.rules.satisfaction, house.rules.types, link, matter_link)
    nps.register_timers(house.timers, lambda: house.rules.live.now, house.rules.types)
    sla.register_timers(house.timers, lambda: house.rules.live.now)


def _reranking(house: House) -> priority.Reranking:
    rules = house.rules
    return priority.Reranking(
        rules.priority, rules.triage, rules.types, lambda: rules.live.now, words.WordListener(rules.words)
    )
