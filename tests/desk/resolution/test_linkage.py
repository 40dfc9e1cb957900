"""How well evidence links people nobody labelled: a public set with the answer, of which only the judge knows."""

from __future__ import annotations

import pytest

from bench import linkage


@pytest.mark.slow
def test_a_public_labelled_set_is_linked_with_precision_and_recall() -> None:
    found = linkage.measured(list(linkage.read()), linkage.linked_by_us)
    assert found.precision >= 0.99
    assert found.recall >= 0.95
