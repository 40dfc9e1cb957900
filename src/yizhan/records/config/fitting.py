"""Whether documents may stand: each by itself, beside the others of its kind, and all of a release together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.config import store
from yizhan.records.config.advice import Around
from yizhan.records.config.model import DEFAULT, Advice, Body, Circular, Document, Kind, Kinds, Places, Ref
from yizhan.records.config.policy import Published, check_name

Look = Callable[[Tx], Awaitable[Places]]


class Fitting:
    """Judges what is saved, shown and released; writes nothing."""

    def __init__(self, kinds: Kinds, look: Look | None) -> None:
        self.kinds = kinds
        self._look = look

    async def advice(self, tx: Tx, kind: str, name: str, body: Body, now: datetime) -> list[Advice]:
        """What may be meant of a document that could be saved. Raises Invalid where saving it would."""
        check_name(name)
        value = await self.verify(tx, kind, body)
        await self.ensure_fits_others(tx, Ref(kind, name), value)
        known = self.kinds[kind]
        newest = await self._newest(tx, Document(new_id(now), kind, name, 0, body, now, "", ""))
        told = self._refused_together(known, newest, Ref(kind, name))
        told += self._fitting_no_more(await self._without(tx, Ref(kind, name)), newest, Ref(kind, name))
        if known.advise is not None:
            places = await self._look(tx) if self._look is not None else Places()
            told += known.advise(value, Around(places, newest, now))
        return list(dict.fromkeys(told))

    async def verify(self, tx: Tx, kind: str, body: Body) -> Any:
        known = self.kinds[kind]
        value = known.decode(body)
        if known.verify is not None and self._look is not None:
            known.verify(value, await self._look(tx))
        if known.fits is not None:
            known.fits(value, Published(self.kinds, 0, await store.latest_of_all(tx)))
        return value

    async def ensure_fits_others(self, tx: Tx, ref: Ref, value: Any) -> None:
        """Refuses what makes no sense by itself or over the house's own document, and what goes round with others.

        Whatever else contradicts another document is advice, and refused when it is released: that one may change next.
        """
        known = self.kinds[ref.kind]
        await self._ensure_no_circle(tx, ref, value)
        if known.check_together is None:
            return
        latest = [d for d in await store.latest_of_all(tx) if d.kind == ref.kind and d.ref != ref]
        others = {d.name: known.decode(d.body) for d in latest if d.body}
        house = {DEFAULT: others[DEFAULT]} if DEFAULT in others else {}
        try:
            known.check_together({**house, ref.name: value})
        except Invalid as wrong:
            raise _at_home(wrong, ref) from None
        try:
            known.check_together({**others, ref.name: value})
        except Circular as wrong:
            raise Invalid(wrong.message, (wrong.field or "").rpartition(": ")[2]) from None
        except Invalid:
            return

    async def _ensure_no_circle(self, tx: Tx, ref: Ref, value: Any) -> None:
        """Documents of other kinds that would go round with this one, once it is there."""
        asking = [d for d in await store.latest_of_all(tx) if d.body and d.ref != ref and self._asks_around(d.kind)]
        if not asking:
            return
        at = asking[0].created_at
        newest = await self._newest(
            tx, Document(new_id(at), ref.kind, ref.name, 0, msgspec.to_builtins(value), at, "", "")
        )
        for each in asking:
            kind = self.kinds[each.kind]
            assert kind.fits is not None
            try:
                kind.fits(newest.get(kind, each.name), newest)
            except Circular as wrong:
                raise Invalid(wrong.message, "") from None
            except Invalid:
                continue  # as advice, and refused when it is released

    def _asks_around(self, kind: str) -> bool:
        return kind in self.kinds and self.kinds[kind].fits is not None

    async def _newest(self, tx: Tx, written: Document) -> Published:
        others = [each for each in await store.latest_of_all(tx) if each.ref != written.ref]
        return Published(self.kinds, 0, [*others, written])

    async def _without(self, tx: Tx, ref: Ref) -> Published:
        """The newest of all, but for one document as it is in force, if it is."""
        current = await store.current_release(tx)
        released = await store.released_documents(tx, current.number) if current is not None else []
        others = [each for each in await store.latest_of_all(tx) if each.ref != ref]
        return Published(self.kinds, 0, [*others, *(each for each in released if each.ref == ref)])

    def _refused_together(self, known: Kind[Any], newest: Published, ref: Ref) -> list[Advice]:
        if known.check_together is None:
            return []
        try:
            known.check_together(newest.all(known))
        except Invalid as wrong:
            here = _at_home(wrong, ref)
            return [Advice(here.field or "", f"together with {known.name} {here.field or ref.name}: {wrong.message}")]
        return []

    def _fitting_no_more(self, before: Published, newest: Published, ref: Ref) -> list[Advice]:
        """Documents of other kinds that stand today and would not beside this one, such as forms without their field:
        told now, refused when it is released."""
        told = []
        for each in newest.documents():
            if each.ref == ref or not self._asks_around(each.kind):
                continue
            wrong = self._misfit(newest, each)
            if wrong is not None and self._misfit(before, each) is None:
                told.append(Advice("", f"together with {each.kind} {each.name}: {wrong.message}"))
        return told

    def _misfit(self, among: Published, each: Document) -> Invalid | None:
        kind = self.kinds[each.kind]
        assert kind.fits is not None
        try:
            kind.fits(among.get(kind, each.name), among)
        except Invalid as wrong:
            return wrong
        return None

    def checked(self, number: int, documents: Sequence[Document]) -> Published:
        published = Published(self.kinds, number, documents)
        published.check_together(self.kinds)
        return published


def _at_home(wrong: Invalid, ref: Ref) -> Invalid:
    """`overflow/night: steps` said of the document night itself is its own place `steps`."""
    where, _, field = (wrong.field or "").partition(": ")
    said = wrong.message.removeprefix(f"{ref.kind} {ref.name}: ")
    return Invalid(said, field if where == f"{ref.kind}/{ref.name}" else "")
