"""Moves exist only where the table has them; notes are never empty."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.errors import IllegalTransition, Invalid
from yizhan.records.tickets import (
    FINAL,
    TRANSITIONS,
    Action,
    Status,
    check_note,
    next_status,
)


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_a_move_is_in_the_table_or_refused(status: Status, action: Action) -> None:
    if (status, action) in TRANSITIONS:
        assert next_status(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(IllegalTransition):
            next_status(status, action)


@given(st.lists(st.sampled_from(Action), max_size=30))
def test_any_sequence_of_moves_stays_within_the_table(actions: list[Action]) -> None:
    status = Status.NEW
    for action in actions:
        before = status
        try:
            status = next_status(status, action)
        except IllegalTransition:
            assert (before, action) not in TRANSITIONS
            continue
        if before in FINAL:
            assert action is Action.REOPEN
        if status is Status.DONE:
            assert before is Status.PENDING


def test_every_status_can_be_reached_and_left() -> None:
    assert set(TRANSITIONS.values()) == set(Status)
    assert {before for before, _ in TRANSITIONS} == set(Status)


@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u3000"])
def test_an_empty_note_is_refused(empty: str) -> None:
    with pytest.raises(Invalid):
        check_note(empty)


def test_a_note_has_an_end() -> None:
    assert check_note(" 已补发 ") == "已补发"
    assert check_note("长" * 4000)
    with pytest.raises(Invalid):
        check_note("长" * 4001)
