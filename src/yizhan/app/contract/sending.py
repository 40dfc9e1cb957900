"""What goes out: once, whatever the vendor's mood, and every refusal with its reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from yizhan.app.contract.hearing import not_here
from yizhan.app.contract.trial import Stored, Trial, expect
from yizhan.desk.outbound import Letter, Receipt, SendFailed
from yizhan.records.outbox import ErrorClass
from yizhan.simulator import Fault, Person, Push, Pusher
from yizhan.simulator.pusher import Delivery

_SURELY_MORE = 30
_A_MINUTE = timedelta(minutes=1)
_A_MOMENT = timedelta(seconds=12)
_ARRIVED = ("sent", "delivered", "read")
_TURNS = 50


async def _asked(t: Trial) -> tuple[Person, Stored]:
    """Somebody wrote: the windows are open."""
    person = t.somebody()
    return person, await t.hears(person, t.bubble("在吗"))


async def _sent(t: Trial, letter: Letter) -> Receipt | SendFailed:
    sender = t.sender()
    try:
        return await sender.send(letter)
    except SendFailed as failed:
        return failed
    finally:
        await sender.close()


async def a_reply_arrives_once(t: Trial) -> None:
    person, asked = await _asked(t)
    message = await t.reply(asked.conversation_id)
    await t.dispatch()
    await t.dispatch()
    expect(await t.became(message) in _ARRIVED, f"a reply is {await t.became(message)}")
    said = [each.text for each in t.chat(person)]
    expect(len(said) == 1, f"on the phone stand {said}")
    expect(t.case.text in said[0], f"{t.case.text!r} arrived as {said[0]!r}")


async def a_token_that_ends_is_renewed(t: Trial) -> None:
    """In the middle of a day's work: nobody sees it."""
    if not t.case.renews:
        not_here("somebody copies the token")
    person, asked = await _asked(t)
    await t.reply(asked.conversation_id)
    await t.dispatch()
    t.clock.advance(_A_MINUTE)
    t.vendor.expire_tokens()
    message = await t.reply(asked.conversation_id)
    await t.dispatch()
    expect(await t.became(message) in _ARRIVED, f"after its token ended it {await t.became(message)}")
    expect(len(t.chat(person)) == 2, "the second reply is not on the phone")


async def a_broken_vendor_is_tried_later(t: Trial) -> None:
    person, asked = await _asked(t)
    t.clock.advance(_A_MINUTE)  # a token of its own cannot be what fails
    await _sent(t, await t.letter(person, asked))
    before = len(t.chat(person))
    t.vendor.faults.add([Fault(status=503)])
    result = await _sent(t, await t.letter(person, asked))
    expect(isinstance(result, SendFailed), "HTTP 503 was taken for an acceptance")
    assert isinstance(result, SendFailed)
    again = result.retry_after is not None or result.ambiguous
    expect(again, f"after HTTP 503 it is given up: {result.error_class} {result.message}")
    expect(len(t.chat(person)) == before, "it was sent in spite of HTTP 503")


async def a_page_is_no_acceptance(t: Trial) -> None:
    """HTML where JSON was promised: somebody stands between us and the vendor."""
    person, asked = await _asked(t)
    await _sent(t, await t.letter(person, asked))
    t.vendor.faults.add([Fault(html=True)])
    result = await _sent(t, await t.letter(person, asked))
    expect(isinstance(result, SendFailed), "a web page was taken for an acceptance")


async def a_lost_answer_is_not_sent_twice(t: Trial) -> None:
    """Sent again only where the vendor knows it again; else somebody is told that nobody knows."""
    person, asked = await _asked(t)
    await t.reply(asked.conversation_id)
    await t.dispatch()
    before = len(t.chat(person))
    t.vendor.faults.add([Fault(lose=True)])
    message = await t.reply(asked.conversation_id, f"{t.case.text} 2")
    for _ in range(4):
        await t.dispatch()
        t.clock.advance(_A_MOMENT)
    expect(len(t.chat(person)) - before == 1, f"on the phone it stands {len(t.chat(person)) - before} times")
    state = await t.became(message)
    expect(state in ("unknown", *_ARRIVED), f"after a lost answer it is {state}")


async def a_shut_window_is_said_to_be_shut(t: Trial) -> None:
    if not t.vendor.is_counted(t.case.channel):
        not_here("the vendor counts nothing")
    result = await _sent(t, await t.letter(t.somebody()))
    expect(isinstance(result, SendFailed), "who never wrote was written to")
    assert isinstance(result, SendFailed)
    shut = (ErrorClass.WINDOW_CLOSED, ErrorClass.RECIPIENT, ErrorClass.BAD_REQUEST, ErrorClass.PERMISSION)
    expect(result.error_class in shut, f"a shut window is {result.error_class}")
    expect(result.retry_after is None, "a shut window is tried again")


async def a_window_that_ends_is_said_to_have(t: Trial) -> None:
    if not t.vendor.is_counted(t.case.channel):
        not_here("the vendor counts nothing")
    person, asked = await _asked(t)
    left = t.vendor.left(t.case.channel, person)
    assert left is not None
    t.clock.advance(left.until - t.clock.now())
    result = await _sent(t, await t.letter(person, asked))
    expect(isinstance(result, SendFailed), "after the window it was sent")
    assert isinstance(result, SendFailed)
    expect(result.error_class is ErrorClass.WINDOW_CLOSED, f"a window that ended is {result.error_class}")
    expect(result.retry_after is None, "a shut window is tried again")


async def a_quota_used_up_is_said_to_be(t: Trial) -> None:
    """The vendor's own engine refuses the last; and the house would have known before."""
    person, asked = await _asked(t)
    left = t.vendor.left(t.case.channel, person) if t.vendor.is_counted(t.case.channel) else None
    if left is None or left.messages is None or left.messages > _SURELY_MORE:
        not_here("the vendor counts no messages")
    for _ in range(left.messages):
        first = await _sent(t, await t.letter(person, asked))
        expect(isinstance(first, Receipt), f"within the quota: {first}")
    last = await _sent(t, await t.letter(person, asked))
    expect(isinstance(last, SendFailed), "beyond the quota it was sent")
    assert isinstance(last, SendFailed)
    expect(last.error_class is ErrorClass.QUOTA_EXHAUSTED, f"a quota used up is {last.error_class}")
    rules = t.adapter.windows(t.account.settings)
    expect(any(r.messages == left.messages for r in rules), f"the house counts {rules}, the vendor {left.messages}")


class _Held(Pusher):
    """Keeps what the vendor would push."""

    def __init__(self, inner: Pusher) -> None:
        self.kept: list[Push] = []
        self._inner = inner

    async def push(self, push: Push) -> Delivery:
        self.kept.append(push)
        return Delivery(accepted=True)

    def soon(self, push: Push) -> None:
        self.kept.append(push)

    async def settled(self) -> None:
        await self._inner.settled()


async def reports_out_of_order_only_go_forward(t: Trial) -> None:
    """Delivered after read, each twice: what is shown is the best that is known."""
    receipts = t.capabilities().receipts
    if not receipts:
        not_here("the vendor reports nothing")
    person, asked = await _asked(t)
    await t.vendor.pusher.settled()
    inner, held = t.vendor.pusher, _Held(t.vendor.pusher)
    t.vendor.pusher = held
    try:
        message = await t.reply(asked.conversation_id)
        await t.dispatch()
        for _ in range(_TURNS):
            await asyncio.sleep(0)  # a stand-in that reports at once does so in the next turn of the loop
        await t.vendor.look(person, channel=t.case.channel)
    finally:
        t.vendor.pusher = inner
    expect(bool(held.kept), "the stand-in reported nothing")
    for push in [*reversed(held.kept), *held.kept]:
        answer = await t.deliver(push.sign())
        expect(answer.status_code == 200, f"a report was answered {answer.status_code} {answer.text[:100]}")
        await t.pull()
    best = "read" if "read" in receipts else "delivered"
    expect(await t.became(message) == best, f"after all reports it is {await t.became(message)}, not {best}")


SENDING = (
    a_reply_arrives_once, a_token_that_ends_is_renewed, a_broken_vendor_is_tried_later, a_page_is_no_acceptance,
    a_lost_answer_is_not_sent_twice, a_shut_window_is_said_to_be_shut, a_window_that_ends_is_said_to_have,
    a_quota_used_up_is_said_to_be, reports_out_of_order_only_go_forward,
)  # fmt: skip
