"""The life of a document: written, compared, put in force, taken back."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.records.config.kinds import KINDS, POLICY, QUEUE, Queue
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, PostgresError
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.journal import Entry, Feed, Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records.config import (
    RELEASED,
    Body,
    Change,
    Configuration,
    Document,
    Kind,
    Kinds,
    Live,
    Pick,
    Published,
    Release,
    Written,
    read_files,
    write_files,
)

BY = "agent:0192f0c4-0000-7000-8000-000000000001"
L2: Body = {"title": "二线", "most": 20}
VIP: Body = {"title": "VIP", "queue": "l2", "targets": [{"name": "first", "minutes": 5}]}


class Desk:
    """Each verb in a transaction of its own, as the web does it."""

    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db, self.clock = db, clock
        self.configuration = Configuration(KINDS)

    async def save(self, kind: str, name: str, body: Body, expected: int | None = None) -> Document:
        async with self.db.transaction() as tx:
            return await self.configuration.save(tx, kind, name, body, by=BY, now=self.now(), expected=expected)

    async def release(self, *picks: Pick, expected: int | None = None) -> Release:
        async with self.db.transaction() as tx:
            return await self.configuration.release(tx, picks or None, by=BY, now=self.now(), expected=expected)

    async def published(self) -> Published:
        async with self.db.read() as tx:
            return await self.configuration.published(tx)

    def now(self) -> datetime:
        return self.clock.advance(timedelta(seconds=1))


@pytest.fixture
def desk(db: Database, clock: FakeClock) -> Desk:
    return Desk(db, clock)


async def test_a_draft_is_not_in_force_until_its_release(desk: Desk) -> None:
    assert (await desk.published()).number == 0
    saved = await desk.save("queue", "l2", L2)
    assert (saved.version, saved.body, saved.created_by) == (1, L2, BY)
    assert (await desk.published()).documents() == []
    release = await desk.release()
    assert (release.number, release.parent) == (1, None)
    assert (await desk.published()).get(QUEUE, "l2") == Queue("二线", 20)


async def test_a_version_is_written_once_and_kept(desk: Desk) -> None:
    first = await desk.save("queue", "l2", L2)
    assert await desk.save("queue", "l2", dict(L2)) == first
    second = await desk.save("queue", "l2", {**L2, "most": 30}, expected=1)
    assert second.version == 2
    async with desk.db.read() as tx:
        assert await desk.configuration.history(tx, "queue", "l2") == [second, first]


async def test_two_editors_do_not_overwrite_each_other(desk: Desk) -> None:
    await desk.save("queue", "l2", L2, expected=0)
    await desk.save("queue", "l2", {**L2, "most": 30}, expected=1)
    with pytest.raises(Conflict):
        await desk.save("queue", "l2", {**L2, "most": 40}, expected=1)
    with pytest.raises(Conflict):
        await desk.save("queue", "l2", L2, expected=0)


async def test_two_editors_at_the_same_moment(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    saved = await asyncio.gather(
        *(desk.save("queue", "l2", {**L2, "most": most}) for most in range(30, 34)), return_exceptions=True
    )
    assert all(isinstance(one, Document | Conflict) for one in saved)
    versions = [one.version for one in saved if isinstance(one, Document)]
    assert sorted(versions) == list(range(2, 2 + len(versions)))


async def test_what_is_wrong_is_not_even_saved(desk: Desk) -> None:
    for kind, name, body in [
        ("queue", "l2", {"title": 1}),
        ("queue", "L 2", L2),
        ("horoscope", "aries", L2),
        ("sla_policy", "vip", {**VIP, "targets": [{"name": "first", "minutes": -1}]}),
    ]:
        with pytest.raises(Invalid):
            await desk.save(kind, name, body)


async def test_drafts_show_what_a_release_would_change(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    await desk.release()
    await desk.save("queue", "l2", {**L2, "most": 30})
    await desk.save("sla_policy", "vip", VIP)
    async with desk.db.read() as tx:
        queue, policy = await desk.configuration.drafts(tx)
    assert (queue.name, queue.before, queue.after) == ("l2", 1, 2)
    assert queue.changes == (Change("most", 20, 30),)
    assert (policy.name, policy.before, policy.after) == ("vip", None, 1)


async def test_a_discarded_draft_says_again_what_is_in_force(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    await desk.release()
    await desk.save("queue", "l2", {**L2, "most": 30})
    await desk.save("queue", "fresh", L2)
    async with desk.db.transaction() as tx:
        back = await desk.configuration.discard(tx, "queue", "l2", by=BY, now=desk.now())
        gone = await desk.configuration.discard(tx, "queue", "fresh", by=BY, now=desk.now())
        assert (back.version, back.body, gone.body) == (3, L2, None)
        assert await desk.configuration.drafts(tx) == []
        with pytest.raises(NotFound):
            await desk.configuration.discard(tx, "queue", "none", by=BY, now=desk.now())


async def test_picked_versions_go_and_others_stay(desk: Desk) -> None:
    await desk.save("queue", "l1", {"title": "一线"})
    await desk.save("queue", "l2", L2)
    await desk.release(Pick("queue", "l2", 1))
    await desk.save("queue", "l2", {**L2, "most": 30})
    await desk.release(Pick("queue", "l1", 1))
    published = await desk.published()
    assert published.number == 2
    assert [(d.name, d.version) for d in published.documents()] == [("l1", 1), ("l2", 1)]


async def test_a_release_that_does_not_hold_together_is_refused_whole(desk: Desk) -> None:
    await desk.save("sla_policy", "vip", VIP)
    with pytest.raises(Invalid, match="queue l2"):
        await desk.release()
    await desk.save("queue", "l2", L2)
    await desk.release()
    async with desk.db.transaction() as tx:
        removed = await desk.configuration.remove(tx, "queue", "l2", by=BY, now=desk.now())
    with pytest.raises(Invalid, match="would not be there"):
        await desk.release(Pick("queue", "l2", removed.version))
    assert (await desk.published()).number == 1


async def test_a_removed_document_leaves_with_the_release_and_can_come_back(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    await desk.release()
    async with desk.db.transaction() as tx:
        await desk.configuration.remove(tx, "queue", "l2", by=BY, now=desk.now(), expected=1)
        with pytest.raises(NotFound):
            await desk.configuration.remove(tx, "queue", "none", by=BY, now=desk.now())
    assert (await desk.published()).find(QUEUE, "l2")
    await desk.release()
    assert (await desk.published()).find(QUEUE, "l2") is None
    await desk.release(Pick("queue", "l2", 1))
    assert (await desk.published()).get(QUEUE, "l2").most == 20


async def test_wrong_picks_are_refused(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    await desk.save("queue", "l2", {**L2, "most": 30})
    with pytest.raises(NotFound):
        await desk.release(Pick("queue", "l2", 9))
    with pytest.raises(Invalid, match="two versions"):
        await desk.release(Pick("queue", "l2", 1), Pick("queue", "l2", 2))
    await desk.release()
    with pytest.raises(Invalid, match="nothing"):
        await desk.release()


async def test_of_two_releases_at_once_one_wins(desk: Desk) -> None:
    await desk.save("queue", "l1", {"title": "一线"})
    await desk.save("queue", "l2", L2)
    results = await asyncio.gather(
        desk.release(Pick("queue", "l1", 1), expected=0),
        desk.release(Pick("queue", "l2", 1), expected=0),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Release"]
    assert len((await desk.published()).documents()) == 1


async def test_rolling_back_is_one_more_release(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    await desk.release()
    await desk.save("queue", "l2", {**L2, "most": 30})
    await desk.save("queue", "l3", L2)
    await desk.release()
    async with desk.db.transaction() as tx:
        back = await desk.configuration.roll_back(tx, 1, by=BY, now=desk.now())
        assert (back.number, back.parent, back.note) == (3, 2, "as in release 1")
        assert await desk.configuration.compare(tx, 1, 3) == []
        assert [c.name for c in await desk.configuration.compare(tx, 2, 3)] == ["l2", "l3"]
        assert [r.number for r in await desk.configuration.releases(tx)] == [3, 2, 1]
        assert [r.number for r in await desk.configuration.releases(tx, before=3, count=1)] == [2]
        for unknown in (desk.configuration.compare(tx, 1, 9), desk.configuration.compare(tx, 9, 1)):
            with pytest.raises(NotFound):
                await unknown
    published = await desk.published()
    assert [(d.name, d.version) for d in published.documents()] == [("l2", 1)]


async def test_a_preview_shows_the_set_and_changes_nothing(desk: Desk) -> None:
    await desk.save("queue", "l2", L2)
    async with desk.db.transaction() as tx:
        preview = await desk.configuration.preview(tx, [Pick("queue", "l2", 1)])
        assert preview.get(QUEUE, "l2").most == 20
        await desk.configuration.save(tx, "sla_policy", "vip", VIP, by=BY, now=desk.now())
        with pytest.raises(Invalid):
            await desk.configuration.preview(tx, [Pick("sla_policy", "vip", 1)])
    assert (await desk.published()).number == 0


@pytest.mark.parametrize("table", ["config_document", "config_release", "config_release_item"])
async def test_nobody_can_rewrite_history(desk: Desk, table: str) -> None:
    await desk.save("queue", "l2", L2)
    await desk.release()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {_a_column(table)}"):
        with pytest.raises(PostgresError, match="never changed"):
            await _execute(desk.db, statement)


async def _execute(db: Database, statement: str) -> None:
    async with db.transaction() as tx:
        await tx.execute(statement)


def _a_column(table: str) -> str:
    return "name = 'x'" if table != "config_release" else "note = 'x'"


async def test_files_carry_a_set_to_another_installation(desk: Desk, tmp_path: Path) -> None:
    await desk.save("queue", "l2", L2)
    await desk.save("sla_policy", "vip", VIP)
    await desk.release()
    paths = write_files(tmp_path, (await desk.published()).documents())
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == ["queue/l2.json", "sla_policy/vip.json"]
    assert '"title": "二线"' in paths[0].read_text("utf-8")

    written = read_files(tmp_path)
    assert written == [Written("queue", "l2", L2), Written("sla_policy", "vip", VIP)]
    paths[0].write_text('{"title": "二线", "most": 50}')
    async with desk.db.transaction() as tx:
        picks = await desk.configuration.take_in(tx, read_files(tmp_path), by=BY, now=desk.now())
        assert picks == [Pick("queue", "l2", 2), Pick("sla_policy", "vip", 1)]
        await desk.configuration.release(tx, picks, by=BY, now=desk.now())
    assert (await desk.published()).get(QUEUE, "l2").most == 50
    assert (await desk.published()).get(POLICY, "vip").title == "VIP"


@pytest.mark.parametrize(("name", "text"), [("l2.json", "{"), ("l2.json", "[1]"), ("L2.json", "{}")])
def test_a_wrong_file_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / name).write_text(text)
    with pytest.raises(Invalid, match=f"queue/{name}"):
        read_files(tmp_path)


async def test_every_process_switches_on_the_event(desk: Desk) -> None:
    live, feed, seen = Live(desk.db, desk.configuration), Feed(desk.db), list[int]()
    live.follow(lambda published: seen.append(published.number))
    feed.listen(live.hear)
    await feed.start()
    await desk.save("queue", "l2", L2)
    await desk.release()
    await live.start()
    before = live.now
    assert before.get(QUEUE, "l2").most == 20

    await desk.save("queue", "l2", {**L2, "most": 30})
    await desk.release()
    assert live.now is before
    await _sequence(desk.db)
    await feed.step()
    assert live.now.get(QUEUE, "l2").most == 30
    assert before.get(QUEUE, "l2").most == 20
    await feed.step()
    assert seen == [1, 2]


async def test_a_release_this_process_cannot_read_leaves_the_old_one_in_force(desk: Desk) -> None:
    live, heard = Live(desk.db, desk.configuration), list[Entry]()

    async def keep(entries: object) -> None:
        assert isinstance(entries, list)
        heard.extend(entries)

    await desk.save("queue", "l2", L2)
    await desk.release()
    await live.start()
    await _execute(
        desk.db,
        "INSERT INTO config_document SELECT gen_random_uuid(), kind, name, 2, '{\"renamed\": 1}', created_at, '', '' "
        "FROM config_document",
    )
    with pytest.raises(Invalid):
        await desk.release()
    await _execute(desk.db, "INSERT INTO config_release VALUES (gen_random_uuid(), 2, 1, '2026-01-01', 'system', '')")
    await _execute(
        desk.db,
        "INSERT INTO config_release_item SELECT r.id, d.kind, d.name, d.id "
        "FROM config_release r, config_document d WHERE r.number = 2 AND d.version = 2",
    )
    feed = Feed(desk.db)
    feed.listen(keep)
    await _sequence(desk.db)
    await feed.step()
    assert [entry.data["number"] for entry in heard if entry.kind == RELEASED] == [1]
    await live.hear(heard)
    assert (live.now.number, live.now.get(QUEUE, "l2").most) == (1, 20)


async def test_the_journal_tells_who_changed_what(desk: Desk) -> None:
    saved = await desk.save("queue", "l2", L2)
    release = await desk.release()
    heard = list[Entry]()

    async def keep(entries: object) -> None:
        assert isinstance(entries, list)
        heard.extend(entries)

    feed = Feed(desk.db)
    feed.listen(keep)
    await _sequence(desk.db)
    await feed.step()
    assert [(e.kind, e.subject, e.subject_version, e.actor) for e in heard] == [
        ("config.saved", saved.id, 1, BY),
        ("config.released", release.id, 1, BY),
    ]
    assert heard[0].data == {"kind": "queue", "name": "l2", "version": 1, "removed": False}
    assert heard[1].data == {"number": 1, "documents": [["queue", "l2", 1]]}


async def _sequence(db: Database) -> None:
    async with Lease(db, "journal", "test") as lease:
        await Sequencer(db, lease, Wake(), lambda pos: None).drain()


async def test_what_a_newer_version_would_refuse_does_not_keep_the_house_from_starting(desk: Desk) -> None:
    def refuse(value: Queue, among: Published) -> None:
        raise Invalid("newer rules allow no such thing", "title")

    await desk.save("queue", "default", L2)
    await desk.release()
    shipped = Kind("lane", Queue, default=Queue(title="快", most=3))
    newer = Configuration(Kinds([Kind("queue", Queue, fits=refuse), shipped]))
    async with desk.db.transaction() as tx:
        made = await newer.ensure_defaults(tx, by="system", now=desk.now())
        assert made is not None
        assert made.note == "as shipped"
        assert (await newer.published(tx)).number == made.number
        with pytest.raises(Invalid, match="newer rules"):
            await newer.save(tx, "queue", "default", L2 | {"most": 21}, by=BY, now=desk.now())
