"""Whatever a vendor sends, well signed: it is stored, refused with a clear error, or stored as unsupported."""

from __future__ import annotations

import asyncio
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.contract.mutations import mutated
from tests.channels.contract.rewriting import Change, writing
from tests.channels.contract.test_contract import STOOD_IN, case_of
from tests.channels.lines import TestLine, account_for
from yizhan.app.contract.trial import START
from yizhan.channels import adapter
from yizhan.channels.generic import inbound, parse
from yizhan.desk.channels import Account, Adapter, Arrival, Happening, Nudge, Request, inbound_of
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import DomainError
from yizhan.foundation.http import Http, Response
from yizhan.simulator import Bubble, Human, Person, Vendor, sample

INBOX = UUID(int=77)
PLACE = {"latitude": 30.2, "longitude": 120.1, "name": "西湖", "address": "杭州", "title": "t", "url": "https://example.com",
         "number": "T1", "price": "1", "state": "s", "picture": "", "text": "x"}  # fmt: skip
MANY = settings(
    max_examples=15, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@cache
def standing(channel: str) -> tuple[Adapter, Vendor, Person, Account]:
    case, found = case_of(channel), adapter(channel)
    assert case is not None
    assert found is not None
    vendor = case.vendor(FakeClock(START))
    vendor.base = "http://vendor.test"
    vendor.callbacks[channel] = "http://desk.test/hook"
    person = vendor.meet(Human(key="wang", name="王晓燕", phone="+8619900000101"))
    own = {**vendor.settings(channel), **case.settings}
    return found, vendor, person, account_for(found, own, vendor.secrets(channel))


async def spoken(channel: str, rng: Random, change: Change) -> Request | None:
    """A good message of any kind, or something else he did, changed before it was signed."""
    _, vendor, person, _ = standing(channel)
    door = vendor.door(channel)
    what = rng.choice([*door.says, *(f"act:{each.key}" for each in door.acts)])
    with writing(vendor, change):
        if what.startswith("act:"):
            push = await vendor.did(channel, person, what.removeprefix("act:"))
        else:
            bubble = Bubble(id=vendor.new_id(), by="customer", kind=what, text="在吗 💡", payload=dict(PLACE),
                            file=sample(what if what != "video" else "file"), at=START)  # fmt: skip
            vendor.people.put(channel, person.id, bubble)
            push = await vendor.said(channel, person, bubble)
        wire = push.sign() if push is not None else None
    if wire is None:
        return None
    headers = {name.lower(): value for name, value in wire.headers.items()}
    return Request(method=wire.method, query=wire.query, headers=headers, body=wire.body)


def storable(happenings: tuple[Happening, ...]) -> None:
    """Each can be written down, and a message has what intake needs."""
    for each in happenings:
        if isinstance(each, Arrival):
            assert each.kind
            assert each.id
            message = inbound_of(each, INBOX, START)
            assert message.text or message.payload or message.kind != "text", message
            msgspec.json.encode((message.text, message.name, message.payload, message.origin))
        elif not isinstance(each, Nudge):
            msgspec.json.encode(msgspec.structs.replace(each))


def said_why(refused: DomainError) -> None:
    assert refused.message


def heard(channel: str, request: Request) -> None:
    found, _, _, account = standing(channel)
    try:
        if found.hear is None:
            for said in parse(request.body):
                msgspec.json.encode(inbound(said, INBOX, [], START).payload)
        else:
            storable(found.hear(account, request, START).happenings)
    except DomainError as refused:
        said_why(refused)


@pytest.mark.parametrize("channel", STOOD_IN)
@MANY
@given(rng=st.randoms(use_true_random=True))
def test_what_is_well_signed_and_otherwise_wrong(channel: str, rng: Random) -> None:
    request = asyncio.run(spoken(channel, rng, lambda plain: mutated(plain, rng)))
    if request is not None:
        heard(channel, request)


@pytest.mark.parametrize("channel", STOOD_IN)
@MANY
@given(body=st.binary(max_size=80), query=st.text(max_size=60), method=st.sampled_from(["GET", "POST"]))
def test_what_is_not_signed_at_all(channel: str, body: bytes, query: str, method: str) -> None:
    heard(channel, Request(method=method, query=query, headers={"content-type": "application/json"}, body=body))


PULLED = [name for name in STOOD_IN if (found := adapter(name)) is not None and found.pull is not None]


class OddVendor(Http):
    """The stand-in, whose answers are other than it meant; no wire between."""

    def __init__(self, vendor: Vendor, change: Change) -> None:
        self.vendor = vendor
        self.change = change

    async def request(self, method: str, url: str, **more: Any) -> Response:
        transport = httpx.ASGITransport(self.vendor)
        more = {name: more[name] for name in ("headers", "content", "json") if more.get(name) is not None}
        async with httpx.AsyncClient(transport=transport) as client:
            got = await client.request(method, url, **more)
        content = self.change(got.content) if b"token" not in got.content[:60] else got.content
        return Response(got.status_code, {k.lower(): v for k, v in got.headers.items()}, content, url)


@pytest.mark.parametrize("channel", PULLED)
@MANY
@given(rng=st.randoms(use_true_random=True))
def test_a_page_that_is_other_than_agreed(channel: str, rng: Random) -> None:
    found, vendor, _, account = standing(channel)

    async def pull() -> None:
        await spoken(channel, rng, lambda plain: plain)
        line = TestLine(account, FakeClock(START))
        line.http = OddVendor(vendor, lambda content: mutated(content, rng))
        assert found.pull is not None
        try:
            storable((await found.pull(line, None, "")).happenings)
        except DomainError as refused:
            said_why(refused)

    asyncio.run(pull())
