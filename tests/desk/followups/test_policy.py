"""When words chase, and what each chase does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yizhan.desk.followups.policy import Step, counts, is_chase, step_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


CHASES = (
    "催单", "麻烦催一下", "怎么还没处理啊", "??", "? ?", "有进展吗", "any update?", "还没回复",
)  # fmt: skip


@pytest.mark.parametrize("text", CHASES)
def test_words_that_chase(text: str) -> None:
    assert is_chase(text)


@pytest.mark.parametrize("text", ["?", "在吗", "好的谢谢", "请帮我催一下快递," + "订单号是" * 10, "", "!!"])
def test_words_that_do_not(text: str) -> None:
    assert not is_chase(text)


def test_each_chase_climbs() -> None:
    assert [step_of(n) for n in (1, 2, 3, 7)] == [Step.TELL, Step.RAISE, Step.LEAD, Step.LEAD]


def test_what_is_said_in_one_breath_counts_once() -> None:
    old = NOW - timedelta(hours=1)
    assert counts(NOW, old, None)
    assert not counts(NOW, NOW - timedelta(seconds=30), None)
    assert not counts(NOW, old, NOW - timedelta(minutes=5))
    assert counts(NOW, old, NOW - timedelta(minutes=11))
