"""What `yizhan simulate` runs: a day of the house, or a generated one, under the rules in force and under others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from yizhan.app.rules import KINDS
from yizhan.app.settings import Settings
from yizhan.desk import simulation, views
from yizhan.desk.simulation import Comparison, Day, OtherRules, WhichDay
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import open_database, start_server
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.config import DEFAULT, Configuration, Document, Published, Written

Files = Mapping[str, Path]
"""By kind of document: what of the house's own one shall be otherwise."""


async def of_the_house(settings: Settings, which: WhichDay, files: Files, *, drafts: bool) -> Comparison:
    """Reads the house's journal and documents and writes nothing. Raises Invalid with the place in a document."""
    now = SystemClock().now()
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        db = await open_database(server.dsn, max_size=1)
        try:
            async with db.read() as tx:
                configuration = Configuration(KINDS, views.places)
                before = await configuration.published(tx)
                written = _laid_over(before, files)
                rules = OtherRules("drafts") if drafts else OtherRules("documents", documents=tuple(written))
                after = await simulation.other_rules(tx, configuration, rules, now)
                day = await simulation.load_day(tx, which, before, after, now)
        finally:
            await db.close()
    return simulation.compared(day, which, before, after)


def without_a_house(day: Day, files: Files) -> Comparison:
    """A generated day under what ships and under the files. Raises Invalid with the place in a document."""
    before = _shipped(())
    which = WhichDay("generated", count=len(day.arrivals))
    return simulation.compared(day, which, before, _shipped(_laid_over(before, files)))


def _shipped(written: tuple[Written, ...] | list[Written]) -> Published:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    bodies = {
        (kind.name, name): msgspec.to_builtins(value)
        for kind in KINDS for name, value in {DEFAULT: kind.default, **kind.more}.items() if value is not None
    }  # fmt: skip
    bodies |= {(each.kind, each.name): each.body for each in written}
    documents = [Document(new_id(at), kind, name, 1, body, at, "system", "") for (kind, name), body in bodies.items()]
    published = Published(KINDS, 1, documents)
    published.check_together(KINDS)
    return published


def _laid_over(published: Published, files: Files) -> list[Written]:
    """What a file leaves out stays as it is."""
    written = []
    for kind, path in files.items():
        try:
            said: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except msgspec.DecodeError as wrong:
            raise Invalid(f"{path.name}: {wrong}") from None
        named = {document.name: document.body or {} for document in published.documents() if document.kind == kind}
        try:
            KINDS[kind].decode(body := {**named.get(DEFAULT, {}), **said})
        except Invalid as wrong:
            raise Invalid(f"{path.name}: {wrong.message}", wrong.field) from None
        written.append(Written(kind, DEFAULT, body))
    return written
