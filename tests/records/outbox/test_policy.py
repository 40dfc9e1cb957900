from __future__ import annotations

import pytest

from yizhan.records.outbox import ErrorClass, NextStep, failure_of, shown
from yizhan.records.outbox.policy import _STEPS


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        (ErrorClass.AUTH, {NextStep.REAUTHORISE, NextStep.RETRY}),
        (ErrorClass.RECIPIENT, {NextStep.EDIT_ADDRESS, NextStep.OTHER_CHANNEL}),
        (ErrorClass.SUPPRESSED, {NextStep.ALLOW_ADDRESS, NextStep.EDIT_ADDRESS, NextStep.OTHER_CHANNEL}),
        (ErrorClass.UNKNOWN, {NextStep.RETRY}),
        (ErrorClass.RECALLED, set()),
    ],
)
def test_what_may_be_done_about_a_failure(code: ErrorClass, steps: set[NextStep]) -> None:
    failure = failure_of("failed", shown(code, "550 5.1.1 nobody: here"))
    assert failure is not None
    assert (failure.code, set(failure.steps), failure.words) == (code, steps, "550 5.1.1 nobody: here")


def test_what_is_tried_again_by_itself_waits() -> None:
    throttled = failure_of("queued", shown(ErrorClass.THROTTLE, "421 slowly"))
    assert throttled is not None
    assert throttled.steps == (NextStep.WAIT,)
    refused = failure_of("queued", shown(ErrorClass.AUTH, "535 no"))
    assert refused is not None
    assert refused.steps == (NextStep.REAUTHORISE, NextStep.WAIT)


def test_what_arrived_has_no_failure() -> None:
    assert failure_of("sent", shown(ErrorClass.THROTTLE, "once")) is None
    assert failure_of("failed", None) is None
    assert failure_of(None, None) is None


def test_every_code_has_its_steps_and_a_strange_one_may_be_sent_again() -> None:
    assert set(_STEPS) == set(ErrorClass)
    strange = failure_of("failed", "something: else")
    assert strange is not None
    assert strange.steps == (NextStep.RETRY,)
