"""Books of triage rules for tests."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from yizhan.desk.triage import TRIAGE, TriageBook, triage_book
from yizhan.foundation.ids import new_id
from yizhan.records.config import Body, Document, Kinds, Published


def book_of(over: Body, **places: Body) -> TriageBook:
    """What ships with `over` laid over it, and what places say."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    documents = {"default": {**msgspec.to_builtins(TRIAGE.default), **over}, **places}
    book = triage_book()
    book.take(Published(Kinds([TRIAGE]), 1, [
        Document(new_id(at), "triage", name, 1, body, at, "test", "") for name, body in documents.items()
    ]))  # fmt: skip
    return book
