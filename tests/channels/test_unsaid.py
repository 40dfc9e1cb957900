"""What people take back may come before what they said: a channel that hears of it has to say so."""

from __future__ import annotations

import sys
from pathlib import Path

from yizhan.channels import OURS, adapter


def test_who_hears_that_something_is_taken_back_looks_whether_it_was_taken_back_before() -> None:
    ours = [found for found in map(adapter, OURS) if found is not None]
    hears = {
        each.name
        for each in ours
        for path in Path(str(sys.modules[each.settings.__module__].__file__)).parent.glob("*.py")
        if "Recall(" in path.read_text()
    }
    assert {each.name for each in ours if each.unsaid} == hears
