"""Another system on a loopback port."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving import served


@pytest.fixture
def serve() -> Any:
    return served
