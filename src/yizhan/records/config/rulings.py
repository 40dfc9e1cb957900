"""Rules of one kind where they may differ by inbox and team: the house's own, then the team's, then the inbox's.

Documents of such a kind name the `inboxes` and `teams` they are for; what they leave out is as before. The house's
own document is named `default` and names neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET

from yizhan.foundation.errors import Invalid
from yizhan.records.config.faults import FaultLog
from yizhan.records.config.model import DEFAULT, Kind, Places
from yizhan.records.config.policy import Published


class Placed(Protocol):
    """A document that says for whom it is."""

    @property
    def inboxes(self) -> Sequence[UUID]: ...
    @property
    def teams(self) -> Sequence[UUID]: ...


D = TypeVar("D", bound=Placed)
R = TypeVar("R")
S = TypeVar("S", bound=msgspec.Struct)

Compile = Callable[[Sequence[D], str], R]
"""Documents from the general to the special and where they are from, such as `clocks/default@3+night@1`, to rules.

Raises Invalid when together they make no sense.
"""


class Rulings(Generic[D, R]):
    """In memory, compiled once for each place; `take` switches to another release, whole and at once."""

    def __init__(self, kind: Kind[D], compile: Compile[D, R]) -> None:
        self.faults = FaultLog()
        self._kind = kind
        self._compile = compile
        self._published: Published | None = None
        self._documents: Mapping[str, D] = {}
        self._made: dict[tuple[UUID | None, UUID | None], R] = {}

    def take(self, published: Published) -> None:
        """A document that cannot be compiled is left out: the others count on, and it is noted in `faults`."""
        self._published = published
        self._documents = dict(published.all(self._kind))
        self._made = {}
        for name in sorted(self._documents, key=lambda name: name != DEFAULT):
            names = [DEFAULT] * (DEFAULT in self._documents and name != DEFAULT) + [name]
            if self._try(names) is None:
                del self._documents[name]

    def of(self, inbox_id: UUID | None = None, team_id: UUID | None = None) -> R:
        place = inbox_id, team_id
        if place not in self._made:
            self._made[place] = self._make(inbox_id, team_id)
        return self._made[place]

    def any(self, holds: Callable[[D], bool]) -> bool:
        """Whether a document in force is so: what nobody asks for costs nothing."""
        return any(holds(document) for document in self._documents.values())

    def documents(self) -> list[D]:
        """All in force."""
        return list(self._documents.values())

    def _make(self, inbox_id: UUID | None, team_id: UUID | None) -> R:
        names = chain(self._documents, inbox_id, team_id)
        while names:
            if (made := self._try(names)) is not None:
                return made
            names.pop()  # the most special is left out
        return self._compile([], self._source([]))

    def _try(self, names: Sequence[str]) -> R | None:
        source = self._source(names)
        try:
            return self._compile([self._documents[name] for name in names], source)
        except Exception as error:
            self.faults.note(self._kind.name, source, "", error)
            return None

    def _source(self, names: Sequence[str]) -> str:
        if self._published is None or not names:
            return "built-in"
        told = [f"{name}@{self._published.document(self._kind.name, name).version}" for name in names]
        return f"{self._kind.name}/" + "+".join(told)


def chain(documents: Mapping[str, Placed], inbox_id: UUID | None, team_id: UUID | None) -> list[str]:
    """The names of those that count for a place, the special after the general."""
    of_team = [name for name, each in documents.items() if team_id is not None and team_id in each.teams]
    of_inbox = [name for name, each in documents.items() if inbox_id is not None and inbox_id in each.inboxes]
    return [DEFAULT] * (DEFAULT in documents) + of_team[:1] + [name for name in of_inbox[:1] if name not in of_team[:1]]


def check_rulings(kind: str, documents: Mapping[str, D], compile: Compile[D, R]) -> None:
    """Raises Invalid where two documents claim one place, and where one makes no sense over the house's own."""
    claimed: dict[tuple[str, UUID], str] = {}
    house = [documents[DEFAULT]] if DEFAULT in documents else []
    for name, document in documents.items():
        if name == DEFAULT and (document.inboxes or document.teams):
            raise Invalid(f"{kind} {DEFAULT} is for the whole house: it names no inbox and no team", f"{kind}/{name}")
        if name != DEFAULT and not (document.inboxes or document.teams):
            raise Invalid(f"{kind} {name} names neither an inbox nor a team", f"{kind}/{name}")
        for what, ids in (("inboxes", document.inboxes), ("teams", document.teams)):
            for id in ids:
                other = claimed.setdefault((what, id), name)
                if other != name:
                    raise Invalid(f"{kind} {other} and {name} are both for {id}", f"{kind}/{name}: {what}")
        try:
            compile(house if name == DEFAULT else [*house, document], name)
        except Invalid as wrong:
            where = f"{kind}/{name}" + (f": {wrong.field}" if wrong.field else "")
            raise Invalid(f"{kind} {name}: {wrong.message}", where) from None


def check_places(document: Placed, there: Places) -> None:
    """Raises Invalid for an inbox or team that does not exist."""
    for what, known, named in (("inboxes", there.inboxes, document.inboxes), ("teams", there.teams, document.teams)):
        for at, id in enumerate(named):
            if id not in known:
                raise Invalid(f"{id} does not exist", f"{what}[{at}]")


def laid_over(general: S, special: S) -> S:
    """The fields that the special one says, and the others of the general one."""
    said = {f: v for f in special.__struct_fields__ if (v := getattr(special, f)) is not UNSET}
    return msgspec.structs.replace(general, **said)
