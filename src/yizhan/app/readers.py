"""Who follows the journal with a place of his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yizhan.app.reception import in_turn, reception_desk, reception_gate
from yizhan.desk import (
    blocks,
    callbacks,
    clocks,
    complaints,
    followups,
    handover,
    nps,
    outbound,
    precedence,
    priority,
    progress,
    promises,
    push,
    reception,
    resolution,
    roster,
    satisfaction,
    segments,
    serving,
    sla,
    words,
)
from yizhan.desk.claims import claims_reader
from yizhan.desk.figures import figures_reader
from yizhan.desk.notices import notice_reader
from yizhan.desk.outlets import outlet_reader
from yizhan.desk.search import search_reader
from yizhan.desk.triage import triage_reader
from yizhan.foundation.journal import Reader
from yizhan.records.config import house_calendar

if TYPE_CHECKING:
    from yizhan.app.house import House


def readers_of(house: House) -> list[Reader]:
    db, clock, vault = house.db, house.clock, house.vault
    return [
        search_reader(db, clock, vault),
        triage_reader(
            db,
            clock,
            house.rules.triage,
            house.rules.types,
            judges=(words.WordListener(house.rules.words), priority.Prioritiser(house.rules.priority)),
            gate=in_turn(blocks.gate(house.rules.blacklist, house.rules.words), reception_gate(house)),
        ),
        reception.reception_reader(db, clock, reception_desk(house)),
        claims_reader(db, clock, vault),
        clocks.clock_reader(db, clock, house.rules.clocks),
        followups.followup_reader(db, clock),
        progress.progress_reader(db, clock, house.rules.progress),
        callbacks.callback_reader(db, clock, house.rules.callbacks),
        roster.roster_reader(db, clock, house.rules.roster, house.rules.after_calls),
        handover.handover_reader(db, clock, house.rules.roster),
        complaints.complaint_reader(db, clock),
        priority.priority_reader(db, clock, house.rules.priority),
        promises.promise_reader(db, clock),
        satisfaction.satisfaction_reader(db, clock, house.rules.satisfaction),
        nps.nps_reader(db, clock, house.rules.configuration),
        precedence.precedence_reader(db, clock, house.rules.configuration),
        figures_reader(db, clock, lambda: house_calendar(house.rules.live.now).zone),
        sla.sla_reader(db, clock, lambda: house.rules.live.now, house.timers.wake),
        serving.parting_reader(db, clock),
        resolution.resolution_reader(db, clock, vault, lambda: house.rules.resolution.rules),
        segments.segment_reader(db, clock, house.rules.segments, house.rules.configuration),
        notice_reader(db, clock),
        outbound.forwarding_reader(db, clock),
        push.push_reader(db, clock),
        outlet_reader(db, clock, lambda: house.rules.live.now, house.the_postman.wake.ring),
    ]
