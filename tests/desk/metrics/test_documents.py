"""What a monitor document may say."""

from __future__ import annotations

from typing import Any

import pytest

from yizhan.desk.metrics import MONITOR
from yizhan.foundation.errors import Invalid


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"targets": {"serving": {"amber": 1, "red": 2}}}, "targets.serving"),
        ({"targets": {"nonsense": {"amber": 1, "red": 2}}}, "targets.nonsense"),
        ({"targets": {"queue_length": {"amber": 9, "red": 2}}}, "targets.queue_length.red"),
        ({"targets": {"csat": {"amber": 4, "red": 4.5}}}, "targets.csat.red"),
    ],
)
def test_what_makes_no_sense_is_explained(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        MONITOR.decode(body)
    assert refused.value.field == field
