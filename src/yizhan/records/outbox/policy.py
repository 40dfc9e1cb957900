"""What can be done about a message that did not arrive. Pure; the same words for every channel."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.records.outbox.model import ErrorClass, Failure, NextStep

_STEPS: Mapping[str, tuple[NextStep, ...]] = {
    ErrorClass.AUTH: (NextStep.REAUTHORISE, NextStep.RETRY),
    ErrorClass.THROTTLE: (NextStep.RETRY,),
    ErrorClass.TRANSIENT: (NextStep.RETRY,),
    ErrorClass.UNKNOWN: (NextStep.RETRY,),
    ErrorClass.WINDOW_CLOSED: (NextStep.OTHER_CHANNEL,),
    ErrorClass.QUOTA_EXHAUSTED: (NextStep.RETRY, NextStep.OTHER_CHANNEL),
    ErrorClass.RECIPIENT: (NextStep.EDIT_ADDRESS, NextStep.OTHER_CHANNEL),
    ErrorClass.SUPPRESSED: (NextStep.ALLOW_ADDRESS, NextStep.EDIT_ADDRESS, NextStep.OTHER_CHANNEL),
    ErrorClass.CONTENT: (NextStep.CHANGE_TEXT, NextStep.RETRY),
    ErrorClass.PERMISSION: (NextStep.MEND_INBOX, NextStep.RETRY),
    ErrorClass.BAD_REQUEST: (NextStep.CHANGE_TEXT, NextStep.RETRY),
    ErrorClass.RECALLED: (),
    ErrorClass.UNWANTED: (),
}
_WAITS = (ErrorClass.THROTTLE, ErrorClass.TRANSIENT, ErrorClass.QUOTA_EXHAUSTED)


def shown(code: ErrorClass, words: str) -> str:
    """`recipient_blocked: 550 5.1.1 …`: the class for the screen's own words, then the vendor's."""
    return f"{code}: {words}"


def failure_of(delivery: str | None, error: str | None) -> Failure | None:
    """Of what `shown` wrote; None for a message about which there is nothing to say."""
    if not error or delivery in ("sent", "delivered", "read"):
        return None
    code, _, words = error.partition(":")
    steps = _STEPS.get(code, (NextStep.RETRY,))
    if delivery in ("queued", "sending"):  # it is tried again by itself
        waits = code in _WAITS or code not in _STEPS
        steps = (NextStep.WAIT,) if waits else (*(one for one in steps if one is not NextStep.RETRY), NextStep.WAIT)
    return Failure(code, steps, words.strip())
