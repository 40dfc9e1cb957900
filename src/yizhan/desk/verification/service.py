"""Asking for a proof, hearing it, and what is open by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from yizhan.desk import serving, views
from yizhan.desk.outlets import Outlet, OutletKind, PostFailed
from yizhan.desk.verification import wording
from yizhan.desk.verification.documents import Act, How, VerificationBook
from yizhan.desk.verification.model import Carry, NotVerified, Outgoing, VerificationReach, VerificationStanding
from yizhan.desk.verification.reaching import opened, reaches, value_of
from yizhan.foundation.crypto import Vault, same
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from yizhan.foundation.ids import new_id
from yizhan.records import contacts, conversations, texts, verifications
from yizhan.records.conversations import Conversation, Draft, Phase
from yizhan.records.verifications import Asked, CodeRefused, State, Verification, Way

HOUR = timedelta(hours=1)
Language = Literal["zh-CN", "en"]
_WAITS = {
    Act.ORDER_DETAILS: "verify the customer first, by a code or a link: then his orders may be told",
    Act.ADDRESS_CHANGE: "verify the customer first, by a code or a link: then the address may be changed",
    Act.REFUND: "verify the customer first, by a code or a link: then money may be paid back",
}
_GUESSED = "this address is of a customer who is only taken for this one: no code goes there"
_CODE = re.compile(r"\s*(?:验证码|code)?\s*[:：]?\s*([0-9]{6})\s*[。.!！]?\s*", re.I)

VerifyLink = Callable[[UUID, datetime], str]
"""The signed address behind which a verification is confirmed, good until then."""


def looks_like_code(text: str) -> str | None:
    """The six digits, where a message is nothing else: only then anything is looked up."""
    if len(text) > 24:
        return None
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text))
    return found[1] if found else None


async def addresses(tx: Tx, conversation_id: UUID, book: VerificationBook) -> list[VerificationReach]:
    """Where a code could go: what is known to be his first, then what he says. Nothing is shown in clear."""
    (row,) = await views.conversation_rows(tx, [conversation_id])
    return await reaches(tx, row, book.now)


async def begin(
    tx: Tx, vault: Vault, conversation_id: UUID, way: Way, address: str, book: VerificationBook, link: VerifyLink, *,
    code: str, agent_id: UUID, now: datetime,
) -> Carry:  # fmt: skip
    """Kept, and the customer told; the code itself leaves after the commit, and is nowhere kept in clear."""
    rules = book.now
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is Phase.ENDED:
        raise Conflict("the conversation has ended")
    chosen = next((r for r in await reaches(tx, c, rules) if (r.way, r.address) == (way, address)), None)
    if chosen is None:
        raise NotFound("there is no such way to this customer")
    if chosen.guessed:
        raise Forbidden(_GUESSED)
    blind, value = await opened(tx, vault, c, chosen)
    if await verifications.asked_since(tx, c.contact_id, blind, now - HOUR) >= rules.per_hour:
        raise RateLimited(HOUR.total_seconds() / 2)
    id = new_id(now)
    until = now + rules.code_life
    await verifications.ask(tx, id, Asked(
        conversation_id=c.id, contact_id=c.contact_id, ticket_id=c.ticket_id, way=way, kind=chosen.kind, blind=blind,
        masked=chosen.masked, code=None if way is Way.LINK else _hash(vault, id, code), asked_by=agent_id,
        expires_at=until,
    ), actor=f"agent:{agent_id}", now=now)  # fmt: skip
    url = link(id, until)
    words = wording.told(await _language(tx, c), way, chosen.masked, rules.code_minutes, url)
    await _say(tx, c, words, f"verify:{id}", now, out=True)
    if way is Way.LINK:
        await verifications.sent(tx, id, now=now)
        return Carry(verification_id=id, outlet=None, dispatch=None)
    language = await _language(tx, c)
    dispatch = wording.dispatch(id, language, value, code, rules.code_minutes, url if way is Way.MAIL else "", now)
    return Carry(verification_id=id, outlet=_outlet(book, way, language), dispatch=dispatch)


async def carry(one: Carry, post: Outgoing) -> str | None:
    """Outside of any transaction: a gateway may take its time. The reason where it did not go."""
    if one.outlet is None or one.dispatch is None:
        return None
    try:
        await post(one.outlet, one.dispatch)
    except PostFailed as failure:
        return failure.message
    return None


async def hear_code(
    tx: Tx, vault: Vault, conversation_id: UUID, code: str, book: VerificationBook, *, now: datetime
) -> Verification | None:
    """Six digits a customer wrote; None where none were asked for, or the five tries are over."""
    waiting = await verifications.waiting_of(tx, conversation_id, now)
    if waiting is None:
        return None
    c, held = await _hold(tx, waiting)
    if not held.waits(now) or held.code is None:
        return None
    if same(held.code, _hash(vault, held.id, code)):
        return await _proved(tx, vault, c, held, book, now)
    made = await verifications.refuse(tx, held, most=book.now.tries, now=now)
    left = book.now.tries - made.tries
    await _say(tx, c, wording.wrong(await _language(tx, c), left), f"verify:{held.id}:{made.tries}", now)
    return made


async def open_link(
    tx: Tx, vault: Vault, verification_id: UUID, book: VerificationBook, *, now: datetime
) -> Verification:
    """The button behind the link. Raises CodeRefused when it is over or was used."""
    c, held = await _hold(tx, verification_id)
    if held.way not in (Way.MAIL, Way.LINK):
        raise CodeRefused("this verification is over: ask for a new one")
    return await _proved(tx, vault, c, held, book, now)


async def standing(
    tx: Tx, conversation_id: UUID, contact_id: UUID, book: VerificationBook, now: datetime
) -> VerificationStanding:
    """未核身, or 已核身 by what and when; and what waits for it."""
    rules = book.now
    last = await verifications.last_of(tx, conversation_id)
    green = contact_id in await open_contacts(tx, [contact_id], book, now)
    guards = {act.value: rules.guards.of(act).value for act in Act} if rules.works else {}
    shown = VerificationStanding(
        conversation_id=conversation_id, contact_id=contact_id, state="none", green=green, guards=guards,
        version=last.version if last else 0,
    )  # fmt: skip
    if last is not None and (last.counts(now) or not green):
        state = last.state.value
        if (last.state is State.SENT and now >= last.expires_at) or (
            last.state is State.PROVED and not last.counts(now)
        ):
            state = "over"
        text = next(iter(await texts.texts_of(tx, [last.id])), None) if last.way is Way.SMS else None
        return VerificationStanding(
            conversation_id=conversation_id, contact_id=contact_id, state=state, way=last.way.value, masked=last.masked,
            at=last.proved_at or last.asked_at, until=last.good_until or last.expires_at,
            tries_left=max(0, rules.tries - last.tries), green=green, guards=guards,
            version=last.version, error=last.error or (text.error if text else None),
            delivery=text.state.value if text else None,
        )  # fmt: skip
    if not green:
        return shown
    logins = await verifications.standing_login(tx, [contact_id])
    way = Way.LOGIN.value if contact_id in logins and rules.login else None
    return VerificationStanding(
        conversation_id=conversation_id, contact_id=contact_id, state="proved", way=way, at=logins.get(contact_id),
        green=True, guards=guards, version=last.version if last else 0,
    )  # fmt: skip


async def open_contacts(tx: Tx, of: Sequence[UUID], book: VerificationBook, now: datetime) -> frozenset[UUID]:
    """Those of the contacts whose affairs may be shown and changed now. Two statements, however many they are."""
    found = await verifications.covered(tx, of, now)
    return found | set(await verifications.standing_login(tx, of)) if book.now.login else found


async def shown(tx: Tx, person_id: UUID, act: Act, book: VerificationBook, now: datetime) -> frozenset[UUID]:
    """Those of a person's contacts of whom `act` may be shown. A proof reaches further over proofs alone: whoever was
    taken for this customer by a guess or by hand stays shut."""
    members, rules = await verifications.members(tx, person_id), book.now
    if not rules.works or rules.guards.of(act) is How.OPEN:
        return members
    return await _proved_among(tx, members, book, now)


async def is_verified(tx: Tx, person_id: UUID, book: VerificationBook, now: datetime) -> bool:
    """已核身 of a customer as a whole: by one of his contacts, just now or by a standing log-in."""
    return bool(await _proved_among(tx, await verifications.members(tx, person_id), book, now))


async def _proved_among(tx: Tx, members: frozenset[UUID], book: VerificationBook, now: datetime) -> frozenset[UUID]:
    return members & await verifications.joined(tx, await open_contacts(tx, list(members), book, now))


async def ensure(tx: Tx, contact_id: UUID, act: Act, book: VerificationBook, now: datetime) -> None:
    """Raises NotVerified where the policy keeps `act` shut and nobody has shown that he is this customer."""
    rules = book.now
    if not rules.works or rules.guards.of(act) is How.OPEN:
        return
    if contact_id not in await open_contacts(tx, [contact_id], book, now):
        raise NotVerified(_WAITS[act])


async def ensure_shown(
    tx: Tx, person_id: UUID, contact_id: UUID, act: Act, book: VerificationBook, now: datetime
) -> None:
    """Raises NotVerified where what is of this contact would be masked on the person's page."""
    if contact_id not in await shown(tx, person_id, act, book, now):
        raise NotVerified(_WAITS[act])


async def _hold(tx: Tx, id: UUID) -> tuple[Conversation, Verification]:
    """Everything a proof may change, in the order of locks: identity, contacts, conversation."""
    found = await verifications.rows(tx, [id])
    if not found:
        raise CodeRefused("this verification is over: ask for a new one")
    await contacts.hold(tx, found[0].contact_id, found[0].blind)
    c = await conversations.lock_conversation(tx, found[0].conversation_id)
    return c, await verifications.lock_verification(tx, id)


async def _proved(
    tx: Tx, vault: Vault, c: Conversation, held: Verification, book: VerificationBook, now: datetime
) -> Verification:
    made = await verifications.prove(tx, held, good_until=now + book.now.good_for, now=now)
    value = await value_of(tx, vault, c, held.kind, held.blind)
    if value is not None:
        await contacts.prove_identifier(
            tx, vault, c.contact_id, held.kind, value, how=held.way.value, actor=f"customer:{c.contact_id}", now=now
        )
    if c.phase is not Phase.ENDED:
        await _say(tx, c, wording.thanks(await _language(tx, c)), f"verify:{held.id}:done", now)
    return made


def _hash(vault: Vault, id: UUID, code: str) -> bytes:
    return vault.blind("verification", f"{id}:{code}")


def _outlet(book: VerificationBook, way: Way, language: Language) -> Outlet:
    title = wording.outlet_title()
    if way is Way.MAIL:
        return Outlet(name=title, kind=OutletKind.EMAIL, inbox=book.now.mail, language=language)
    if book.now.texts is not None:
        by = book.now.texts
        return Outlet(name=title, kind=OutletKind.SMS, inbox=by.inbox, template=by.template, language=language)
    if book.sms is None:
        raise Invalid("the gateway for text messages is gone", "sms")
    return book.sms


async def _language(tx: Tx, c: Conversation) -> Language:
    locale = (await contacts.contact(tx, c.contact_id)).locale or ""
    return "en" if locale.startswith("en") else "zh-CN"


async def _say(tx: Tx, c: Conversation, text: str, client_id: str, now: datetime, *, out: bool = False) -> None:
    """Asking reaches him on every channel; what follows only where he waits at a window."""
    if c.live:
        await conversations.say(tx, c, Draft(
            direction="system", author="system", kind="event", text=text, human=False, client_id=client_id,
            payload={"code": "verification"},
        ), now=now)  # fmt: skip
    elif out:
        await serving.reply(tx, c.id, Draft(
            direction="out", author="system", text=text, human=False, client_id=client_id,
        ), now=now)  # fmt: skip
