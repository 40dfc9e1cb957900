"""What the policy keeps shut until the customer has shown who he is: enforced here, explained on the screen."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from yizhan.desk import verification
from yizhan.desk.verification import Act
from yizhan.foundation.db import Tx
from yizhan.web.call import Call
from yizhan.web.services import Services


async def ensure_verified(tx: Tx, call: Call, contact_id: UUID, act: Act) -> None:
    """Raises NotVerified."""
    await verification.ensure(tx, contact_id, act, call.services.verification_book, call.now)


async def shown_contacts(tx: Tx, services: Services, person_id: UUID) -> frozenset[UUID]:
    """Those of a person's contacts whose orders may be told in full; of all others they are masked."""
    book, now = services.verification_book, services.clock.now()
    return await verification.shown(tx, person_id, Act.ORDER_DETAILS, book, now)


async def ensure_shown(tx: Tx, call: Call, person_id: UUID, contact_id: UUID, act: Act) -> None:
    """Raises NotVerified: what is masked on the screen does not leave the house either."""
    await verification.ensure_shown(tx, person_id, contact_id, act, call.services.verification_book, call.now)


async def is_verified(tx: Tx, services: Services, person_id: UUID) -> bool:
    return await verification.is_verified(tx, person_id, services.verification_book, services.clock.now())


async def ensure_verified_fields(tx: Tx, call: Call, contact_id: UUID, fields: Collection[str]) -> None:
    """Fields of a ticket or of a customer that say where something is delivered to."""
    guarded = call.services.verification_book.now.guards.address_fields
    if any(key in guarded for key in fields):
        await ensure_verified(tx, call, contact_id, Act.ADDRESS_CHANGE)
