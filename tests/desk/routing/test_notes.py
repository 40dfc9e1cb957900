"""A decision's note: its words, and what the workbench needs to say it in another language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yizhan.desk.clocks.policy import codes
from yizhan.desk.routing import wording
from yizhan.desk.routing.model import Explanation, Reason

LOCALES = Path(__file__).parents[3] / "frontend" / "workbench" / "src" / "locales"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_reason_is_said_in_both_languages(language: str) -> None:
    book = json.loads((LOCALES / language / "said.json").read_text("utf-8"))
    for reason in Reason:
        note = wording.move(Explanation(reason, 18, 2, 5), "林一", live=True, team="售后")
        assert note.code in book["said"]
    assert wording.WHY_HIM.keys() == book["said_part"]["him"].keys()
    assert wording.CARRIES.keys() == book["said_part"]["load"].keys()
    assert codes() <= book["said"].keys()


def test_a_note_keeps_what_it_is_made_of() -> None:
    note = wording.move(Explanation(Reason.STICKY, 18, 2, 5), "林一", live=True, team="售后")
    assert note == "智能分配给 林一(售后,接待 2/5,熟悉此事),等待 00:18"
    assert note.code == "routed_sticky"
    assert note.parts == {
        "agent": "林一", "team": "售后", "load": "live", "carried": "2", "cap": "5", "him": "knows", "waited": "00:18",
    }  # fmt: skip


def test_the_customer_reads_the_transfer_in_his_language() -> None:
    assert wording.transferring("Returns", "Lin Yi", "en-GB")[0].startswith("Transferring you to Lin Yi of Returns")
    assert wording.transferring("售后", "林一", None)[0] == "正在为您转接售后专员林一,您的问题已同步,无需重复"
