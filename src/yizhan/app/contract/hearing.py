"""What comes in: believed only with a good signature, durable once, and acknowledged only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NoReturn

import msgspec

from yizhan.app.contract.trial import SQL, Trial, expect
from yizhan.simulator import Push, Wire, picture, tampered

EMOJI = "灯不亮 💡 e\u0301 👩‍👩‍👧 ok"
_LOOKS, _LOOK_SECONDS = 400, 0.005
_SIGNED = ("signature", "token", "sign")


class NotHere(Exception):  # noqa: N818 - what it says
    """The channel has nothing of the kind."""


def not_here(why: str) -> NoReturn:
    raise NotHere(why)


async def good_signature_is_heard(t: Trial) -> None:
    """With four-byte characters, and an id beyond 2^53 that keeps every digit."""
    bubble = t.bubble(EMOJI)
    found = await t.hears(t.somebody(), bubble)
    expect(found.text == EMOJI, f"{EMOJI!r} was stored as {found.text!r}")
    expect(found.kind == "text", f"a text was stored as {found.kind}")
    if t.case.told_id:
        expect(bubble.id in (found.external_id or ""), f"the id {bubble.id} became {found.external_id}")


async def the_vendor_takes_the_answer(t: Trial) -> None:
    """It is the acknowledgement this vendor asks for."""
    push = await _pushed(t)
    done = await t.vendor.pusher.push(push)
    expect(done.accepted and len(done.attempts) == 1, f"the vendor would try again after {done.note}")


async def tampered_body_is_refused(t: Trial) -> None:
    if not t.case.signs_body:
        not_here("the vendor does not sign the body")
    await _refused(t, lambda push: tampered(push.sign()), "an altered body")


async def tampered_signature_is_refused(t: Trial) -> None:
    await _refused(t, lambda push: forged(push.sign()), "an altered signature")


async def another_account_is_refused(t: Trial) -> None:
    """Signed well, but by the secrets of somebody else."""
    other = t.case.vendor(t.clock, client=None)
    other.base = t.vendor.base
    other.settings(t.case.channel)
    other.secrets(t.case.channel)
    person = other.meet(t.somebody().human)
    bubble = t.bubble("在吗")
    other.people.put(t.case.channel, person.id, bubble)
    push = await other.said(t.case.channel, person, bubble)
    if push is None:
        not_here("nothing is pushed")
    await _refused(t, lambda _: push.sign(), "a message for another account")


async def another_receiver_is_refused(t: Trial) -> None:
    make = t.case.other_receiver
    if make is None:
        not_here("the vendor names no receiver")
    await _refused(t, lambda push: make(t.vendor, push), "a message for another receiver")


async def replay_changes_nothing(t: Trial) -> None:
    before = await t.so_far()
    push = await _pushed(t)
    same = push.sign()
    for wire in (same, same, push.sign()):
        answer = await t.deliver(wire)
        expect(answer.status_code == 200, f"a delivery brought again was answered {answer.status_code}")
        await t.pull()
    expect(len(await t.heard()) - before == 1, "brought three times, it is not one message")


async def three_at_once_are_one(t: Trial) -> None:
    before = await t.so_far()
    push = await _pushed(t)
    answers = await asyncio.gather(*(t.deliver(push.sign()) for _ in range(3)))
    expect({each.status_code for each in answers} == {200}, f"answered {[a.status_code for a in answers]}")
    await t.pull()
    expect(len(await t.heard()) - before == 1, "delivered three times at once, it is not one message")


async def slow_store_no_acknowledgement(t: Trial) -> None:
    """While nothing can be stored nothing is acknowledged; then it is."""
    before, db = await t.so_far(), t.floor.house.db
    push = await _pushed(t)
    async with db.transaction() as tx:
        await tx.execute(SQL.shut_store)
        delivery = asyncio.create_task(t.deliver(push.sign()))
        for _ in range(_LOOKS):
            if await tx.fetchval(SQL.waiting_for_store) or delivery.done():
                break
            await asyncio.sleep(_LOOK_SECONDS)
        expect(not delivery.done(), "it was acknowledged before it was stored")
    answer = await delivery
    expect(answer.status_code == 200, f"after the wait it was answered {answer.status_code}")
    await t.pull()
    expect(len(await t.heard()) - before == 1, "what waited was not stored")


async def unknown_type_is_kept(t: Trial) -> None:
    make = t.case.unknown
    if make is None:
        not_here("the vendor has no types")
    before = await t.so_far()
    push = await make(t.vendor, t.somebody())
    if push is not None:
        answer = await t.deliver(push.sign())
        expect(answer.status_code == 200, f"an unknown type was answered {answer.status_code}")
    await t.pull()
    fresh = (await t.heard())[before:]
    expect(len(fresh) == 1, "an unknown type left nothing")
    expect(fresh[0].kind == "unsupported", f"an unknown type was stored as {fresh[0].kind}")
    expect(fresh[0].raw is not None, "what came was not kept")


async def no_such_inbox(t: Trial) -> None:
    push = await _pushed(t)
    here = t.vendor.callbacks[t.case.channel]
    t.vendor.callbacks[t.case.channel] = f"{here}x"
    answer = await t.deliver(push.sign())
    t.vendor.callbacks[t.case.channel] = here
    expect(answer.status_code == 404, f"an unknown address was answered {answer.status_code}")


async def media_is_fetched_and_later_gone(t: Trial) -> None:
    """What lies at the vendor is fetched whole; when the vendor dropped it, that is said and not asked again."""
    if "image" not in t.vendor.door(t.case.channel).says:
        not_here("nobody can send a picture")
    found = await t.hears(t.somebody(), t.bubble("", "image"))
    came_along, fetcher = bool(found.attachments), t.floor.house.the_adapting.fetcher()
    if not came_along:
        expect(found.kind == "image", f"a picture was stored as {found.kind}")
        await fetcher.step()
        found = await t.again(found)
    expect(bool(found.attachments), f"the picture was not fetched: {found.payload}")
    kept = await t.floor.house.blobs.get((found.attachments or [])[0]["hash"])
    expect(kept == picture().content, "the picture is another one")
    if came_along or t.case.media_life is None:
        return
    found = await t.hears(t.somebody(), t.bubble("", "image"))
    t.clock.advance(t.case.media_life)
    await fetcher.step()
    found = await t.again(found)
    state = (found.payload or {}).get("media", [{}])[0].get("state")
    expect(state == "gone", f"a file the vendor dropped is {state}")


def forged(wire: Wire) -> Wire:
    """Whatever looks like a signature is another one."""
    headers = {k: _other(v) if any(s in k.lower() for s in _SIGNED) else v for k, v in wire.headers.items()}
    pairs = [each.partition("=") for each in wire.query.split("&") if each]
    query = "&".join(
        f"{k}={_other(v) if any(s in k.lower() for s in _SIGNED) else v}" for k, _, v in pairs
    )  # fmt: skip
    return msgspec.structs.replace(wire, headers=headers, query=query)


def _other(value: str) -> str:
    at = max(0, len(value) // 2)
    return value[:at] + ("0" if value[at : at + 1] != "0" else "1") + value[at + 1 :]


async def _pushed(t: Trial) -> Push:
    push = await t.said(t.somebody(), t.bubble("在吗"))
    if push is None:
        not_here("nothing is pushed")
    return push


async def _refused(t: Trial, make: Callable[[Push], Wire], what: str) -> None:
    before = await t.so_far()
    push = await _pushed(t)
    answer = await t.deliver(make(push))
    expect(400 <= answer.status_code < 500, f"{what} was answered {answer.status_code}")
    expect(len(await t.heard()) == before, f"{what} was stored")


HEARING = (
    good_signature_is_heard, the_vendor_takes_the_answer, tampered_body_is_refused, tampered_signature_is_refused,
    another_account_is_refused, another_receiver_is_refused, replay_changes_nothing, three_at_once_are_one,
    slow_store_no_acknowledgement, unknown_type_is_kept, no_such_inbox, media_is_fetched_and_later_gone,
)  # fmt: skip
