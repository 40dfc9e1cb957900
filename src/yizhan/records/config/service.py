"""The verbs of configuration: save a draft, compare, release, go back, bring in from files."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import emit
from yizhan.records.config import store
from yizhan.records.config.events import released, saved
from yizhan.records.config.fitting import Fitting, Look
from yizhan.records.config.model import (
    DEFAULT,
    Advice,
    Body,
    Document,
    DocumentChange,
    Kinds,
    Pick,
    Ref,
    Release,
    Written,
)
from yizhan.records.config.policy import Published, check_name, diff_sets, next_set, same


class Configuration:
    """Knows the kinds; everything else is in the database. `by` is an actor as the journal writes it."""

    def __init__(self, kinds: Kinds, look: Look | None = None) -> None:
        """`look` tells what documents may name; without it nobody asks whether that exists."""
        self.kinds = kinds
        self._fitting = Fitting(kinds, look)

    async def save(
        self,
        tx: Tx,
        kind: str,
        name: str,
        body: Body,
        *,
        by: str,
        now: datetime,
        expected: int | None = None,
        note: str = "",
    ) -> Document:
        """Writes a draft: a new version that nothing uses until it is released. The same body again writes nothing.

        `expected` is the version the editor started from, 0 for a new document: Conflict if it is not the newest.
        """
        check_name(name)
        value = await self._fitting.verify(tx, kind, body)
        await self._fitting.ensure_fits_others(tx, Ref(kind, name), value)
        return await self._write(tx, kind, name, body, by, now, expected, note)

    async def remove(
        self, tx: Tx, kind: str, name: str, *, by: str, now: datetime, expected: int | None = None, note: str = ""
    ) -> Document:
        """Writes a draft that takes the document out of force at its release."""
        if await store.latest(tx, kind, name) is None:
            raise NotFound(f"there is no {kind} named {name}")
        return await self._write(tx, kind, name, None, by, now, expected, note)

    async def discard(self, tx: Tx, kind: str, name: str, *, by: str, now: datetime) -> Document:
        """Ends a draft: the newest version says again what is in force."""
        _, documents = await self._in_force(tx)
        in_force = {document.ref: document for document in documents}
        newest = await store.latest(tx, kind, name)
        if newest is None:
            raise NotFound(f"there is no {kind} named {name}")
        released = in_force.get(newest.ref)
        return await self._write(tx, kind, name, released.body if released else None, by, now, newest.version, "")

    async def drafts(self, tx: Tx) -> list[DocumentChange]:
        """What would change if everything saved were released."""
        _, documents = await self._in_force(tx)
        return diff_sets(documents, await store.latest_of_all(tx))

    async def history(self, tx: Tx, kind: str, name: str) -> list[Document]:
        return await store.versions(tx, kind, name)

    async def written(self, tx: Tx, picks: Sequence[Pick]) -> list[Document]:
        """Of these versions those that there are, whether they are in force or not."""
        return await store.picked(tx, picks)

    async def releases(self, tx: Tx, *, before: int = store.ABOVE_ALL, count: int = 50) -> list[Release]:
        return await store.releases(tx, before, count)

    async def compare(self, tx: Tx, before: int, after: int) -> list[DocumentChange]:
        """What differs between two releases."""
        return diff_sets(await self._set_of(tx, before), await self._set_of(tx, after))

    async def published(self, tx: Tx) -> Published:
        """The release in force, decoded; number 0 and empty before the first one."""
        return Published(self.kinds, *await self._in_force(tx))

    async def preview(self, tx: Tx, picks: Sequence[Pick]) -> Published:
        """What would be in force after a release of the picks, for simulation. Raises as the release would."""
        number, documents = await self._in_force(tx)
        return self._fitting.checked(number, next_set(documents, await self._picked(tx, picks)))

    async def would_be(
        self, tx: Tx, *, now: datetime, drafts: bool = False, release: int | None = None,
        written: Iterable[Written] = (),
    ) -> Published:  # fmt: skip
        """What would be in force with all drafts, as in an older release, or with documents that nobody saved.

        For simulation: raises as the release would, and names the document and the place in it.
        """
        number, documents = await self._in_force(tx)
        if release is not None:
            documents = await self._set_of(tx, release)
        if drafts:
            documents = next_set(documents, await store.latest_of_all(tx))
        held = {document.ref: document.version for document in documents}
        fresh = []
        for each in written:
            try:
                check_name(each.name)
                await self._fitting.verify(tx, each.kind, each.body)
            except Invalid as wrong:
                place = f"{each.kind}/{each.name}" + (f": {wrong.field}" if wrong.field else "")
                raise Invalid(wrong.message, place) from None
            version = held.get(Ref(each.kind, each.name), 0) + 1
            fresh.append(Document(new_id(now), each.kind, each.name, version, each.body, now, "simulation", ""))
        return self._fitting.checked(max(1, number), next_set(documents, fresh))

    async def release(
        self,
        tx: Tx,
        picks: Sequence[Pick] | None = None,
        *,
        by: str,
        now: datetime,
        note: str = "",
        expected: int | None = None,
    ) -> Release:
        """Puts the picked versions in force at once, all drafts when none are picked; what is not picked stays.

        `expected` is the release the person looked at: Conflict if another one is in force by now.
        """
        number, documents = await self._in_force(tx)
        if expected is not None and expected != number:
            raise Conflict("somebody else released meanwhile")
        chosen = await store.latest_of_all(tx) if picks is None else await self._picked(tx, picks)
        for document in chosen:
            if document.body is not None and document.kind in self.kinds and document not in documents:
                await self._fitting.verify(tx, document.kind, document.body)
        return await self._put_in_force(tx, number, documents, next_set(documents, chosen), by, now, note)

    async def roll_back(self, tx: Tx, number: int, *, by: str, now: datetime, note: str = "") -> Release:
        """Puts the set of an older release in force again, as a new release."""
        current, documents = await self._in_force(tx)
        older = await self._set_of(tx, number)
        return await self._put_in_force(tx, current, documents, older, by, now, note or f"as in release {number}")

    async def ensure_defaults(self, tx: Tx, *, by: str, now: datetime) -> Release | None:
        """The first release of a new house, and of kinds that came with a newer version: nothing changes by itself.

        A default that was ever written is left as it is, also one that was taken out of force.
        """
        known = {document.ref for document in await store.latest_of_all(tx)}
        shipped = [
            Written(kind.name, name, msgspec.to_builtins(value))
            for kind in self.kinds for name, value in {DEFAULT: kind.default, **kind.more}.items()
            if value is not None and Ref(kind.name, name) not in known
        ]  # fmt: skip
        if not shipped:
            return None
        picks = await self.take_in(tx, shipped, by=by, now=now)
        number, documents = await self._in_force(tx)
        after = next_set(documents, await self._picked(tx, picks))
        # What is in force was lawful when it was released: a newer version may refuse it at its next release, and
        # must not keep the house from starting.
        return await self._put_in_force(tx, number, documents, after, by, now, "as shipped", judged=number == 0)

    async def take_in(self, tx: Tx, written: Iterable[Written], *, by: str, now: datetime) -> list[Pick]:
        """Saves documents from outside as drafts; returns all of them as picks, ready to be released together."""
        picks = []
        for one in written:
            document = await self.save(tx, one.kind, one.name, one.body, by=by, now=now)
            picks.append(Pick(document.kind, document.name, document.version))
        return picks

    async def advice(self, tx: Tx, kind: str, name: str, body: Body, now: datetime) -> list[Advice]:
        """What may be meant of a document that could be saved. Raises Invalid where saving it would."""
        return await self._fitting.advice(tx, kind, name, body, now)

    async def _write(
        self,
        tx: Tx,
        kind: str,
        name: str,
        body: Body | None,
        by: str,
        now: datetime,
        expected: int | None,
        note: str,
    ) -> Document:
        newest = await store.latest(tx, kind, name)
        version = newest.version if newest else 0
        if expected is not None and expected != version:
            raise Conflict(f"{kind} {name} was changed by somebody else meanwhile")
        if newest is not None and same(newest.body, body):
            return newest
        document = Document(new_id(now), kind, name, version + 1, body, now, by, note)
        await store.insert_document(tx, document)
        await emit(tx, [saved(document)])
        return document

    async def _put_in_force(
        self,
        tx: Tx,
        current: int,
        before: Sequence[Document],
        after: Sequence[Document],
        by: str,
        now: datetime,
        note: str,
        *,
        judged: bool = True,
    ) -> Release:
        """What was read as `current` decides the new number, so of two releases at once the second is refused."""
        changes = diff_sets(before, after)
        if not changes:
            raise Invalid("nothing would change")
        release = Release(new_id(now), current + 1, current or None, now, by, note)
        if judged:
            self._fitting.checked(release.number, after)
        await store.insert_release(tx, release, after)
        await emit(tx, [released(release, changes)])
        return release

    async def _in_force(self, tx: Tx) -> tuple[int, list[Document]]:
        """The number of the release in force, 0 before the first, and its set."""
        current = await store.current_release(tx)
        return (current.number, await store.released_documents(tx, current.number)) if current else (0, [])

    async def _set_of(self, tx: Tx, number: int) -> list[Document]:
        if await store.release(tx, number) is None:
            raise NotFound(f"there is no release {number}")
        return await store.released_documents(tx, number)

    async def _picked(self, tx: Tx, picks: Sequence[Pick]) -> list[Document]:
        found = await store.picked(tx, picks)
        missing = {(p.kind, p.name, p.version) for p in picks} - {(d.kind, d.name, d.version) for d in found}
        if missing:
            raise NotFound("there is no {} {} version {}".format(*min(missing)))
        if len(found) != len({document.ref for document in found}):
            raise Invalid("one document cannot be released in two versions", "picks")
        return found
