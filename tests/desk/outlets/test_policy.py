"""Which notices an outlet takes, its quiet hours, its rate, and bad documents. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.desk.outlets import OUTLET, Cause, Outlet, Quiet, policy, quiet_until, wording
from yizhan.desk.outlets.documents import verify
from yizhan.desk.outlets.model import PostRow
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Places

NAME = {"zh": "主管群", "en": "Supervisors"}
SHANGHAI = ZoneInfo("Asia/Shanghai")
CARE = UUID(int=1)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def outlet(**said: Any) -> Outlet:
    return OUTLET.decode({"name": NAME, "kind": "wecom", **said})


@pytest.mark.parametrize(
    ("said", "why", "level", "team", "taken"),
    [
        ({}, "sla.breach", "critical", None, True),
        ({}, "ticket.moved", "info", None, False),
        ({"least": "info"}, "ticket.moved", "info", None, True),
        ({"reasons": ["sla.*"]}, "sla.breach", "critical", None, True),
        ({"reasons": ["sla.*"]}, "slant.breach", "critical", None, False),
        ({"reasons": ["sla.breach", "alert.*"]}, "sla.warning", "warning", None, False),
        ({"reasons": ["*"]}, "rule.failed", "warning", None, True),
        ({"teams": [str(CARE)]}, "sla.breach", "critical", CARE, True),
        ({"teams": [str(CARE)]}, "sla.breach", "critical", uuid4(), False),
        ({"teams": [str(CARE)]}, "alert.raised", "critical", None, False),
        ({"on": False}, "sla.breach", "critical", None, False),
        ({"least": "info"}, "outlet.failed", "warning", None, False),
    ],
)
def test_what_an_outlet_takes(said: dict[str, Any], why: str, level: str, team: UUID | None, *, taken: bool) -> None:
    assert policy.takes(outlet(**said), why, level, team) is taken


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        ("22:00", "08:00", at(23), at(8) + timedelta(days=1)),
        ("22:00", "08:00", at(7, 59), at(8)),
        ("22:00", "08:00", at(8), None),
        ("22:00", "08:00", at(21, 59), None),
        ("12:00", "13:30", at(12), at(13, 30)),
        ("12:00", "13:30", at(13, 30), None),
    ],
)
def test_quiet_hours_end_when_they_say(start: str, end: str, now: datetime, until: datetime | None) -> None:
    assert quiet_until(Quiet(start, end), "warning", now.astimezone(UTC)) == until
    assert quiet_until(Quiet(start, end), "critical", now) is None
    assert quiet_until(Quiet(start, end, critical_passes=False), "critical", now) == until


@given(
    st.integers(0, 366 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)), st.integers(0, 23),
    st.integers(0, 23), st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)  # fmt: skip
def test_quiet_time_is_over_when_it_is_over(now: datetime, start: int, end: int, tz: str) -> None:
    if start == end:
        return
    quiet = Quiet(f"{start:02}:00", f"{end:02}:00", tz)
    until = quiet_until(quiet, "info", now)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert quiet_until(quiet, "info", until) is None


def test_the_vendors_minute_is_kept() -> None:
    calls = [NOW - timedelta(seconds=59)] * 19
    assert policy.room(outlet(), calls, NOW) == 1
    assert policy.room(outlet(), [*calls, NOW], NOW) == 0
    assert policy.room(outlet(), [*calls, NOW], NOW + timedelta(seconds=1)) == 19
    assert policy.room(outlet(per_minute=2), calls[:1], NOW) == 1
    assert [policy.taken_at_once(due, 20) for due in (1, 3, 4, 100)] == [1, 1, 40, 40]
    assert policy.taken_at_once(3, 1) == 40


def test_only_what_the_wire_did_is_tried_again_and_at_most_three_times() -> None:
    waits = [policy.again_after(Cause.TRANSPORT, tries, None) for tries in (1, 2, 3, 4)]
    assert waits == [timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), None]
    assert policy.again_after(Cause.REFUSED, 1, None) is None
    assert policy.again_after(Cause.LIMITED, 9, timedelta(minutes=10)) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "fax"}, "kind"),
        ({"kind": "email", "to": ["a@example.com"]}, "inbox"),
        ({"inbox": "mail"}, "inbox"),
        ({"people": True}, "people"),
        ({"kind": "email", "inbox": "mail"}, "to"),
        ({"kind": "email", "inbox": "mail", "to": ["nobody"]}, "to[0]"),
        ({"kind": "email", "inbox": "mail", "to": ["a@example.com", "b@c\r\nd"]}, "to[1]"),
        ({"kind": "sms"}, "to"),
        ({"kind": "sms", "to": ["call me"]}, "to[0]"),
        ({"to": ["13800000000"]}, "to"),
        ({"per_minute": 21}, "per_minute"),
        ({"quiet": {"start": "08:00", "end": "08:00"}}, "quiet"),
        ({"quiet": {"start": "25:00", "end": "08:00"}}, "quiet.start"),
        ({"quiet": {"start": "22:00", "end": "08:00", "tz": "Mars"}}, "quiet.tz"),
        ({"reasons": ["Sla Breach"]}, "reasons[0]"),
        ({"url": "https://secret"}, None),
    ],
)
def test_a_bad_document_is_explained_when_it_is_saved(said: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Invalid) as wrong:
        outlet(**said)
    assert wrong.value.field == field


def test_it_names_only_what_the_house_has() -> None:
    places = Places(teams=frozenset({CARE}), keys={"inbox": frozenset({"mail"})})
    verify(outlet(teams=[str(CARE)]), places)
    verify(outlet(kind="email", inbox="mail", people=True), places)
    with pytest.raises(Invalid, match="no team"):
        verify(outlet(teams=[str(uuid4())]), places)
    with pytest.raises(Invalid, match="no inbox"):
        verify(outlet(kind="email", inbox="post", people=True), places)


def row(why: str = "sla.breach", **facts: Any) -> PostRow:
    return PostRow(
        id=uuid4(), outlet="x", why=why, level="critical", agents=[], facts=facts, state="sending", raised_at=NOW,
        due_at=NOW, tries=1, call=uuid4(), called_at=NOW, error=None, ticket_id=uuid4(), ticket_number=208001,
        team_name="售后", agent_name="林一",
    )  # fmt: skip


def test_words_name_the_ticket_and_nothing_of_the_customer() -> None:
    hers = {"subject": "王晓燕 13800000000", "customer": "王晓燕", "name": "王晓燕", "text": "漏水"}
    post = row(target="first_response", count=2, **hers)
    said = wording.dispatch_of(outlet(), [post], id=uuid4(), at=NOW, public_url="https://kf.example.com/")
    [item] = said.items
    assert (said.title, item.lines) == ("已超时 · 首次响应", ("工单 #208001 · 售后 · 处理人 林一", "次数：2"))
    assert item.link == f"https://kf.example.com/app/desk/t/{post.ticket_id}"
    assert "王晓燕" not in str(said)
    english = wording.dispatch_of(outlet(language="en"), [post], id=uuid4(), at=NOW, public_url="")
    assert (english.title, english.items[0].lines[0]) == (
        "Overdue · First response",
        "Ticket #208001 · 售后 · with 林一",
    )


def test_many_become_one_that_names_the_first_ten() -> None:
    posts = [row("sla.+30") for _ in range(14)]
    said = wording.dispatch_of(outlet(), posts, id=uuid4(), at=NOW, public_url="")
    assert (said.title, len(said.items), said.more, said.level) == ("14 条通知", 10, 4, "critical")
    assert said.items[0].title == "超时后仍未处理"
    unknown = wording.dispatch_of(outlet(), [row("moon.full")], id=uuid4(), at=NOW, public_url="")
    assert unknown.title == "通知"
