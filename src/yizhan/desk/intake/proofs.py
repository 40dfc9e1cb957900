"""What a message proves besides its sender: who has proved the same lately is the same person before it is placed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from yizhan.desk.intake.model import InboundMessage, InboxFacts
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import emitted_together
from yizhan.foundation.log import get_logger
from yizhan.records import contacts
from yizhan.records.contacts import Identifier, Keyed, Newcomer

log = get_logger(__name__)

_MOST_REMEMBERED = 20_000

Said = tuple[bytes, tuple[tuple[str, str], ...], date]
"""By whom, what, and on which day it was proved: a proof grows old, so the next day's counts anew."""


class Proofs:
    """Remembers what was settled, for a channel says the same with every message. A memory only."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._settled: dict[Said, None] = {}

    def fresh(self, messages: Sequence[InboundMessage], blinds: Sequence[bytes]) -> dict[Said, InboundMessage]:
        """Of messages with the blind index of their senders those that prove something we have not settled."""
        found: dict[Said, InboundMessage] = {}
        for message, blind in zip(messages, blinds, strict=True):
            if message.proofs:
                said = blind, tuple((each.kind, each.value) for each in message.proofs), message.received_at.date()
                if said not in self._settled:
                    found.setdefault(said, message)
        return found

    async def settle(
        self, tx: Tx, proved: Mapping[Said, InboundMessage], inboxes: Mapping[UUID, InboxFacts], now: datetime
    ) -> None:
        """Set-based; a sender nobody knows becomes a customer by it."""
        said: dict[str, list[tuple[bytes, InboundMessage]]] = defaultdict(list)
        for (blind, *_), message in proved.items():
            said[inboxes[message.inbox_id].channel].append((blind, message))
        async with emitted_together(tx):
            for channel, those in said.items():
                rows = [[_sender(blind, message), *self._keyed(message.proofs)] for blind, message in those]
                people = [Newcomer(message.name, locale=message.locale) for _, message in those]
                drawn = _drawing(people)
                await contacts.reach(tx, self._vault, rows, now=now, by="system", drawn=drawn, channel=channel)

    def remember(self, proved: Iterable[Said]) -> None:
        """To be told only what is committed."""
        self._settled |= dict.fromkeys(proved)
        while len(self._settled) > _MOST_REMEMBERED:
            del self._settled[next(iter(self._settled))]

    def _keyed(self, proofs: Sequence[Identifier]) -> list[Keyed]:
        """A channel has checked them; one that is none by today's rules costs nobody his message."""
        found = []
        for each in proofs:
            try:
                found.append(contacts.keyed(self._vault, each))
            except Invalid as error:
                log.warning("intake.no_proof", kind=each.kind, error=error.message)
        return found


def _drawing(people: Sequence[Newcomer]) -> Callable[[int, UUID, DataKey], Newcomer]:
    return lambda at, _, __: people[at]


def _sender(blind: bytes, message: InboundMessage) -> Keyed:
    sender = message.sender
    inbox: UUID | None = message.inbox_id if sender.inbox_scoped else None
    verified = message.at if sender.verified else None
    return Keyed(sender.kind, sender.value, blind, sender.masked, sender.rank == "primary", inbox, verified)
