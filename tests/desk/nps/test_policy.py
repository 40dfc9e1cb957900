"""Whose turn it is, when, and what the answers say: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from yizhan.desk.nps import NPS_CAMPAIGN, NpsDocument, nps_interval, policy, share_interval, standing
from yizhan.desk.nps.model import Person, Spared, Way
from yizhan.desk.nps.rules import SHIPPED, Every
from yizhan.foundation.calendar import Calendar, read_span
from yizhan.foundation.conditions import compile_closure
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.config import Places

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday noon in Shanghai
OFFICE = Calendar("Asia/Shanghai", {day: [read_span("09:00-18:00")] for day in range(5)})


def campaign(**said: Any) -> NpsDocument:
    body = {"title": {"zh": "调查", "en": "Survey"}, "starts": "2026-03-02", "enabled": True, "share_percent": 100}
    return NPS_CAMPAIGN.decode(body | said)


def person(**said: Any) -> Person:
    way = Way("email", new_id(NOW), new_id(NOW), new_id(NOW), new_id(NOW), None)
    known: dict[str, Any] = {
        "person_id": new_id(NOW), "facts": {"level": 2}, "ways": [way], "open": False, "held": False,
        "last_asked": None,
    }  # fmt: skip
    return Person(**known | said)


def why(who: Person, document: NpsDocument) -> Spared | None:
    return policy.spared(who, document, compile_closure(document.condition), "2026-03-02", NOW)


def test_somebody_is_spared_for_the_first_reason_that_holds() -> None:
    document = campaign(when={"field": "level", "op": "gte", "value": 2}, quiet_days=30)
    assert why(person(), document) is None
    assert why(person(facts={"level": 1}), document) is Spared.CONDITION
    assert why(person(held=True, open=True), document) is Spared.HELD
    assert why(person(open=True), document) is Spared.OPEN
    assert why(person(last_asked=NOW - timedelta(days=29)), document) is Spared.LATELY
    assert why(person(last_asked=NOW - timedelta(days=30)), document) is None
    assert why(person(ways=[]), document) is Spared.WAY


def test_a_share_is_drawn_by_its_seed_and_by_the_period() -> None:
    people = [UUID(int=n) for n in range(4000)]

    def drawn(document: NpsDocument, period: str) -> set[UUID]:
        return {who for who in people if policy.drawn(document, period, who)}

    fifth = campaign(share_percent=20, seed=7)
    first = drawn(fifth, "2026-03-02")
    assert 700 < len(first) < 900
    assert first == drawn(fifth, "2026-03-02")
    assert len(first & drawn(fifth, "2026-06-02")) < 240
    assert first != drawn(campaign(share_percent=20, seed=8), "2026-03-02")
    assert first < drawn(campaign(share_percent=40, seed=7), "2026-03-02")  # more of the same people


def test_the_first_channel_that_reaches_him_counts() -> None:
    ways = [Way(channel, new_id(NOW), new_id(NOW), new_id(NOW), new_id(NOW), None) for channel in ("webchat", "email")]
    both = person(ways=ways)
    assert policy.way_to(both, campaign()) is ways[1]
    assert policy.way_to(both, campaign(ask_on=["webchat", "email"])) is ways[0]
    assert policy.way_to(person(ways=ways[:1]), campaign(ask_on=["email"])) is None


def test_periods_follow_each_other_and_none_is_made_up_for() -> None:
    quarters = campaign(starts="2025-11-30")
    assert [policy.period_start(quarters, n) for n in range(3)] == [
        date(2025, 11, 30), date(2026, 2, 28), date(2026, 5, 30),
    ]  # fmt: skip
    assert policy.next_period(quarters, NOW, OFFICE, None) == date(2026, 2, 28)  # its days of asking still run
    assert policy.next_period(quarters, NOW, OFFICE, "2026-02-28") == date(2026, 5, 30)
    late = NOW + timedelta(days=20)
    assert policy.next_period(quarters, late, OFFICE, None) == date(2026, 5, 30)
    once = campaign(every="once", starts="2026-03-02")
    assert once.every is Every.ONCE
    assert policy.next_period(once, NOW, OFFICE, None) == date(2026, 3, 2)
    assert policy.next_period(once, NOW, OFFICE, "2026-03-02") is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 2, 4, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)),  # noon
        (datetime(2026, 3, 2, 1, 30, tzinfo=UTC), datetime(2026, 3, 2, 2, tzinfo=UTC)),  # open, too early for us
        (datetime(2026, 3, 6, 9, 30, tzinfo=UTC), datetime(2026, 3, 9, 2, tzinfo=UTC)),  # Friday after our time
        (datetime(2026, 3, 7, 4, tzinfo=UTC), datetime(2026, 3, 9, 2, tzinfo=UTC)),  # Saturday
    ],
)
def test_people_are_asked_in_the_houses_hours_and_the_campaigns_own(at: datetime, expected: datetime) -> None:
    assert policy.next_moment(campaign(from_time="10:00", until_time="17:00"), at, OFFICE) == expected


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"from_time": "18:00", "until_time": "10:00"}, "until_time"),
        ({"ask_on": ["email", "email"]}, "ask_on"),
        ({"ask_days": 30, "answer_days": 20}, "answer_days"),
        ({"every": "month", "answer_days": 40}, "answer_days"),
        ({"when": {"all": [{"field": "level", "op": "gt", "value": 3}, {"field": "level", "op": "lt", "value": 1}]}},
         "when"),
        ({"share_percent": 0}, "share_percent"),
    ],
)  # fmt: skip
def test_a_campaign_that_makes_no_sense_is_explained_when_it_is_saved(said: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        campaign(**said)
    assert refused.value.field == place


def test_a_campaign_names_only_what_there_is() -> None:
    assert NPS_CAMPAIGN.verify is not None
    there = Places(keys={"brand": frozenset({"home"}), "team": frozenset({"care"})})
    NPS_CAMPAIGN.verify(campaign(when={"field": "brand", "op": "in", "value": ["home"]}, follow_up_team="care"), there)
    with pytest.raises(Invalid, match="no brand"):
        NPS_CAMPAIGN.verify(campaign(when={"field": "brand", "op": "contains", "value": "moon"}), there)
    with pytest.raises(Invalid, match="no team"):
        NPS_CAMPAIGN.verify(campaign(follow_up_team="nobody"), there)
    assert not SHIPPED.enabled


def test_the_score_is_promoters_less_detractors() -> None:
    seen = standing({10: 5, 9: 1, 8: 2, 7: 1, 6: 1, 0: 2})
    assert (seen.promoters, seen.passives, seen.detractors, seen.answers) == (6, 3, 3, 12)
    assert seen.score == pytest.approx(25)
    assert seen.few
    assert seen.interval is not None
    assert seen.interval.low < 25 < seen.interval.high
    assert standing({}).score is None


def test_the_interval_is_wilsons_where_only_one_side_spoke() -> None:
    """Where all say the same the bound is Wilson's, never a certainty."""
    all_for = nps_interval(10, 0, 10)
    wilson = share_interval(10, 10)
    assert all_for is not None
    assert wilson is not None
    assert all_for.high == pytest.approx(1)
    assert all_for.low == pytest.approx(2 * wilson.low - 1)  # who is missed may be against us
    nobody = nps_interval(0, 0, 10)
    assert nobody is not None
    assert nobody.high == pytest.approx(-nobody.low)
    assert nobody.high == pytest.approx(share_interval(0, 10).high)  # type: ignore[union-attr]
    assert nps_interval(0, 0, 0) is None


def test_tangos_own_example() -> None:
    """b = 12, c = 2 of 14 + 30 pairs by the paper's method lie symmetric to their mirror, and hold the estimate."""
    one, other = nps_interval(12, 2, 44), nps_interval(2, 12, 44)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(-other.high)
    assert one.high == pytest.approx(-other.low)
    assert one.low < 10 / 44 < one.high
    assert 0.05 < one.low < 0.08
    assert 0.36 < one.high < 0.40


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    chance = Random(4)
    held = 0
    for _ in range(600):
        counts = [0, 0, 0]
        for _ in range(40):
            counts[chance.choices((0, 1, 2), (0.5, 0.3, 0.2))[0]] += 1
        found = nps_interval(counts[0], counts[2], 40)
        assert found is not None
        held += found.low <= 0.3 <= found.high
    assert 0.92 < held / 600 < 0.98
