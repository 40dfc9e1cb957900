"""The spell of an alert: how long until it fires, once, repeated until somebody has it, over when it is calm. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from yizhan.desk.alerts import ALERT_RULE, Alert, AlertRule, Step, advance, policy
from yizhan.desk.alerts.documents import verify
from yizhan.desk.alerts.policy import Telling
from yizhan.desk.metrics import ALL, Scope
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Places

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NAME = {"zh": "排队过长", "en": "A long queue"}
SECOND = timedelta(seconds=1)


def rule(**said: Any) -> AlertRule:
    bounds = {} if {"above", "below"} & said.keys() else {"above": 10}
    return ALERT_RULE.decode({"name": NAME, "metric": "queue_length", **bounds, **said})


def tells(of: AlertRule, values: list[float | None], *, every: int = 10) -> list[str]:
    """What is told at which second, looking every ten seconds."""
    told, alert = [], None
    for place, value in enumerate(values):
        now = NOW + timedelta(seconds=place * every)
        if alert is None and value is not None and of.is_beyond(value):
            alert = policy.fresh(uuid4(), "r", 1, of, "all", value, now)
        if alert is None:
            continue
        moved: Step = advance(of, alert, value, now)
        alert = moved.alert if moved.alert and moved.alert.ended_at is None else None
        if moved.tells:
            told.append(f"{moved.tells} {place * every}")
    return told


@pytest.mark.parametrize(
    ("said", "values", "told"),
    [
        ({}, [11] * 7, ["raised 60"]),
        ({}, [11] * 5 + [10] + [11] * 3, []),
        ({"for_s": 0}, [11], ["raised 0"]),
        ({"for_s": 0, "calm_s": 0}, [11, 10], ["raised 0", "recovered 10"]),
        ({"for_s": 0, "calm_s": 20}, [11, 5, 11, 5, 5, 5], ["raised 0", "recovered 50"]),
        ({"for_s": 0, "calm_s": 0, "recover": 5}, [11, 8, 6, 5], ["raised 0", "recovered 30"]),
        ({"for_s": 0, "calm_s": 0, "repeat_min": 1}, [11] * 13, ["raised 0", "repeated 60", "repeated 120"]),
        ({"for_s": 0, "calm_s": 0, "repeat_min": None}, [11] * 13, ["raised 0"]),
        ({"for_s": 0, "calm_s": 0}, [11, None], ["raised 0", "recovered 10"]),
        ({"for_s": 0, "calm_s": 0, "below": 3}, [5, 2, 3], ["raised 10", "recovered 20"]),
    ],
)
def test_a_spell(said: dict[str, Any], values: list[float | None], told: list[str]) -> None:
    assert tells(rule(**said), values) == told


def test_who_has_it_is_not_told_again_but_hears_the_end() -> None:
    of = rule(for_s=0, calm_s=0, repeat_min=1)
    alert = advance(of, policy.fresh(uuid4(), "r", 1, of, "all", 11, NOW), 11, NOW).alert
    assert alert is not None
    taken = replace(alert, acknowledged_at=NOW, acknowledged_by=UUID(int=1))
    assert advance(of, taken, 50, NOW + timedelta(hours=1)).tells is None
    assert advance(of, taken, 1, NOW + timedelta(hours=1)).tells is Telling.RECOVERED


def test_in_quiet_hours_it_waits_and_what_ended_by_morning_is_never_told() -> None:
    of = rule(for_s=0, calm_s=0, quiet={"start": "22:00", "end": "08:00"})
    night = NOW + timedelta(hours=13)
    fired = advance(of, policy.fresh(uuid4(), "r", 1, of, "all", 11, night), 11, night)
    assert fired.alert is not None
    assert (fired.alert.fired_at, fired.tells) == (night, None)
    assert advance(of, fired.alert, 11, night + timedelta(hours=9, minutes=30)).tells is Telling.RAISED
    ended = advance(of, fired.alert, 1, night + timedelta(hours=1))
    assert (ended.alert and ended.alert.ended_at, ended.tells) == (night + timedelta(hours=1), None)
    loud = rule(for_s=0, level="critical", quiet={"start": "22:00", "end": "08:00"})
    assert advance(loud, policy.fresh(uuid4(), "r", 1, loud, "all", 11, night), 11, night).tells is Telling.RAISED


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 30)), min_size=1, max_size=80), st.integers(0, 60), st.integers(0, 60),
    st.one_of(st.none(), st.integers(1, 3)), st.integers(0, 10),
)  # fmt: skip
def test_whatever_the_figure_does_tellings_alternate(
    values: list[float | None], for_s: int, calm_s: int, repeat: int | None, recover: int
) -> None:
    words = [
        each.split()[0] for each in tells(rule(for_s=for_s, calm_s=calm_s, repeat_min=repeat, recover=recover), values)
    ]
    spells = [each for each in words if each != "repeated"]
    assert all(each == ("raised", "recovered")[place % 2] for place, each in enumerate(spells))
    assert not words or words[0] == "raised"
    if all(value is None or value <= 10 for value in values):
        assert words == []


def test_a_figure_is_read_where_the_rule_looks() -> None:
    figures = {
        ("queue_length", ALL): 12.0, ("queue_length", Scope("team", "a")): 4.0,
        ("queue_length", Scope("team", "b")): 8.0,
        ("abandon_rate_1h", ALL): 0.5, ("asked_1h", ALL): 3.0,
    }  # fmt: skip
    assert policy.readings(rule(), figures, None) == {"all": 12.0}
    assert policy.readings(rule(scope="team"), figures, None) == {"team:a": 4.0, "team:b": 8.0}
    assert policy.readings(rule(scope="team", only=["b"]), figures, frozenset({"b"})) == {"team:b": 8.0}
    share = rule(metric="abandon_rate_1h", above=0.1, only_if={"metric": "asked_1h", "at_least": 20})
    assert policy.readings(share, figures, None) == {}
    assert policy.readings(share, {**figures, ("asked_1h", ALL): 20.0}, None) == {"all": 0.5}


@pytest.mark.parametrize(
    ("metric", "value", "words"),
    [
        ("queue_length", 12.0, "12"), ("abandon_rate", 0.123, "12.3%"), ("queue_longest", 320.0, "5:20"),
        ("queue_longest", 3725.0, "1:02:05"), ("csat", 4.316, "4.32"),
    ],
)  # fmt: skip
def test_a_figure_is_said_as_people_read_it(metric: str, value: float, words: str) -> None:
    assert policy.said(metric, value) == words


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"metric": "mood"}, "metric"),
        ({"above": 5, "below": 3}, "above"),
        ({"metric": "abandon_rate", "above": 10}, "above"),
        ({"metric": "abandon_rate", "above": 1}, "above"),
        ({"metric": "csat", "above": 5}, "above"),
        ({"below": 0}, "below"),
        ({"recover": 11}, "recover"),
        ({"below": 3, "recover": 2}, "recover"),
        ({"only": ["care"]}, "only"),
        ({"metric": "room", "below": 1, "scope": "channel"}, "metric"),
        ({"only_if": {"metric": "moon", "at_least": 1}}, "only_if.metric"),
        ({"to": []}, "to"),
        ({"to": ["everybody"]}, "to[0]"),
        ({"quiet": {"start": "08:00", "end": "08:00"}}, "quiet"),
    ],
)
def test_a_rule_that_can_never_be_is_explained_when_it_is_saved(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        rule(**said)
    assert wrong.value.field == field
    with pytest.raises(Invalid):
        ALERT_RULE.decode({"name": NAME, "metric": "queue_length"})


def test_a_rule_names_only_what_the_house_has() -> None:
    places = Places(keys={"team": frozenset({"care"}), "role": frozenset({"admin"}), "inbox": frozenset()})
    verify(rule(scope="team", only=["care"], to=["role:admin"]), places)
    verify(rule(metric="first_response_1h", above=300, scope="channel", only=["webchat"]), places)
    for said in ({"scope": "team", "only": ["x"]}, {"scope": "inbox", "only": ["x"]}, {"to": ["role:x"]},
                 {"metric": "first_response_1h", "scope": "channel", "only": ["pigeon"]}):  # fmt: skip
        with pytest.raises(Invalid, match="there is no"):
            verify(rule(**said), places)


def test_what_ships_is_valid_by_its_own_rules() -> None:
    for shipped in (ALERT_RULE.default, *ALERT_RULE.more.values()):
        assert ALERT_RULE.decode(msgspec.to_builtins(shipped)) == shipped


def test_a_rule_that_looks_elsewhere_lets_go_of_its_alerts() -> None:
    def alert(name: str, place: str) -> Alert:
        return policy.fresh(uuid4(), name, 1, rule(), place, 11, NOW)

    known = [alert("a", "all"), alert("b", "all"), alert("c", "all"), alert("d", "all")]
    rules = {"a": rule(), "b": rule(on=False), "d": rule(scope="team")}
    assert [each.rule for each in policy.gone(rules, known)] == ["b", "c", "d"]
