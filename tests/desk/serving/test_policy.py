"""What the 服务小结 proposes: cut from the dialogue, never invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.desk.serving.policy import Line, move_after, propose
from yizhan.records.conversations import Solved
from yizhan.records.tickets import Action, Status


def test_question_answer_and_promise_make_the_summary() -> None:
    found = propose("aftersale", [
        Line(False, "在吗"), Line(True, "您好"), Line(False, "净化器不出风"),
        Line(True, "请按住电源键五秒复位滤网提示"), Line(True, "今天内回复您"),
    ])  # fmt: skip
    assert found.text == "客户:净化器不出风;处理:请按住电源键五秒复位滤网提示;承诺:今天内回复您"
    assert (found.type, found.solved) == ("aftersale", Solved.FOLLOW_UP)


@pytest.mark.parametrize(("lines", "solved"), [
    ([Line(False, "什么时候发货")], Solved.UNSOLVED), ([Line(False, "问"), Line(True, "已经发出")], Solved.SOLVED),
    ([], Solved.UNSOLVED),
])  # fmt: skip
def test_who_was_not_answered_is_not_solved(lines: list[Line], solved: Solved) -> None:
    assert propose("other", lines).solved is solved


@given(st.lists(st.builds(Line, st.booleans(), st.text(max_size=200)), max_size=12))
def test_it_never_invents_and_has_an_end(lines: list[Line]) -> None:
    found = propose("other", lines)
    assert len(found.text) <= 3 * 64 + 2
    said = {" ".join(line.text.split()) for line in lines}
    for part in found.text.split(";客户:")[0].split("客户:")[1:2]:
        assert any(s.startswith(part.split(";处理:")[0].rstrip("…")[:50]) for s in said)


def test_ending_moves_only_what_is_solved_and_open() -> None:
    assert move_after(Status.OPEN, Solved.SOLVED) is Action.SOLVE
    assert move_after(Status.NEW, Solved.SOLVED) is Action.SOLVE
    for status in Status:
        assert move_after(status, Solved.UNSOLVED) is None
        assert move_after(status, Solved.FOLLOW_UP) is None
    assert move_after(Status.PENDING, Solved.SOLVED) is None


def test_the_proposal_speaks_the_language_of_who_ends_it() -> None:
    dialogue = [Line(False, "Where is my parcel?"), Line(True, "It arrives on Monday.")]
    proposed = propose("consult", dialogue, "en")
    assert proposed.text == "Customer: Where is my parcel?; Done: It arrives on Monday."
