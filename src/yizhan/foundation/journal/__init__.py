"""The one append-only log: audit trail, live feed, automation trigger and outbox of everything that changes."""

from yizhan.foundation.journal.feed import Feed
from yizhan.foundation.journal.model import Entry, Event, Head
from yizhan.foundation.journal.readers import Reader, retry_held
from yizhan.foundation.journal.sequencer import Sequencer
from yizhan.foundation.journal.store import (
    emit,
    emit_alike,
    emitted_together,
    entries_after,
    entries_of_kinds,
    first_broken,
    head,
    lags,
    ring_after_commit,
    wrote,
)
from yizhan.foundation.journal.wake import Wake

__all__ = [
    "Entry",
    "Event",
    "Feed",
    "Head",
    "Reader",
    "Sequencer",
    "Wake",
    "emit",
    "emit_alike",
    "emitted_together",
    "entries_after",
    "entries_of_kinds",
    "first_broken",
    "head",
    "lags",
    "retry_held",
    "ring_after_commit",
    "wrote",
]
