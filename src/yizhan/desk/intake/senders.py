"""Who is asked about: each sender of a batch once, with all that makes him a customer if he is none yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.intake.model import InboundMessage, InboxFacts
from yizhan.desk.intake.proofs import Proofs, Said
from yizhan.foundation.crypto import Vault

Row = tuple[object, ...]
NewId = Callable[[datetime], UUID]

_MOST_REMEMBERED = 20_000
_UNDESCRIBED: Row = (None,) * 15


class Question(msgspec.Struct):
    """What is asked of the database for one batch; rows are in the order of the composite types of migration 0014.

    `ids` and `places` go by message: the id it gets, and which of `senders` it is from.
    """

    received: datetime
    arrivals: list[Row] = []
    senders: list[Row] = []
    strangers: bool = False
    pointers: list[Row] = []
    vouched: list[Row] = []
    ids: list[UUID] = []
    places: list[int] = []
    blinds: list[bytes] = []
    proved: dict[Said, InboundMessage] = {}


class Senders:
    """Remembers who is a customer by his blind index: for him no keys need be made.

    A memory only: one who was erased meanwhile is found missing, and asked about again, described.
    """

    def __init__(self, vault: Vault, new_id: NewId) -> None:
        self._vault = vault
        self._new_id = new_id
        self._known: dict[bytes, None] = {}
        self.proofs = Proofs(vault)

    def ask(
        self, messages: Sequence[InboundMessage], inboxes: Mapping[UUID, InboxFacts], received: datetime
    ) -> Question:
        asked = Question(received)
        places: dict[tuple[bytes, UUID], int] = {}
        for n, m in enumerate(messages):
            sender = m.sender
            blind = self._vault.blind(sender.kind, scope_of(sender.inbox_scoped, m.inbox_id) + sender.value)
            place = places.get((blind, m.inbox_id))
            if place is None:
                place = places[blind, m.inbox_id] = len(places)
                described = _UNDESCRIBED
                if blind not in self._known:
                    described = self._describe(m, inboxes[m.inbox_id], received)
                    asked.strangers = True
                asked.senders.append((blind, m.inbox_id, *described))
                asked.blinds.append(blind)
            id = self._new_id(m.received_at)
            asked.arrivals.append((m.dedupe, m.keep_dedupe, id, place + 1))
            asked.ids.append(id)
            asked.places.append(place)
            if m.reply_conversation or m.references or m.ticket_number:
                asked.pointers.append((n, m.inbox_id, m.reply_conversation, list(m.references), m.ticket_number))
            if sender.authenticated:
                asked.vouched.append((n + 1, blind, self._new_id(received)))
        if any(m.proofs for m in messages):
            asked.proved = self.proofs.fresh(messages, [asked.blinds[place] for place in asked.places])
        return asked

    def _describe(self, m: InboundMessage, inbox: InboxFacts, received: datetime) -> Row:
        sender = m.sender
        identity, contact, key = self._new_id(received), self._new_id(received), self._vault.new_key()
        return (
            identity, contact, sender.kind, sender.rank, key.seal(sender.value.encode(), aad=identity.bytes),
            sender.masked, m.inbox_id if sender.inbox_scoped else None, sender.verified, m.at, m.received_at,
            self._vault.wrap(key, aad=contact.bytes), m.name, m.locale, inbox.brand_id, inbox.channel,
        )  # fmt: skip

    def remember(self, asked: Question) -> None:
        """To be told only what is committed."""
        self.proofs.remember(asked.proved)
        known = self._known
        for blind in asked.blinds:
            known.pop(blind, None)
            known[blind] = None
        while len(known) > _MOST_REMEMBERED:
            del known[next(iter(known))]

    def forget(self, blinds: Iterable[bytes]) -> None:
        for blind in blinds:
            self._known.pop(blind, None)


def scope_of(inbox_scoped: bool, inbox_id: UUID) -> str:
    """The prefix under which a platform's id is unique: the same OpenID in two inboxes is two people."""
    return f"{inbox_id}:" if inbox_scoped else ""
