"""What is answered is right, measured on phrasings nobody taught; whoever asks for a person reaches one; pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from tests.foundation.text.asking_human import ASKING
from yizhan.desk.reception import SHIPPED, Entry, Heard, Outcome, ReceptionDocument, Why, compile_reception, step
from yizhan.desk.reception.documents import RECEPTION, ReceptionRules
from yizhan.desk.reception.matching import Matcher, Phrased
from yizhan.desk.words import compile_words
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.config import Places

WORDS = compile_words([], "test")
ID = new_id(datetime(2026, 3, 2, tzinfo=UTC))
_DATA = files("yizhan.app.demo") / "data"
_WORDINGS = Path(__file__).with_name("wordings.tsv")
SURE = float(SHIPPED.sure or 0) / 100


def told(text: str, **more: object) -> Heard:
    return Heard(conversation_id=ID, messages=[ID], text=text, plain=True, **more)  # type: ignore[arg-type]


def rules(*entries: Entry, **said: object) -> ReceptionRules:
    document = ReceptionDocument(begins="always", entries=entries, **said)  # type: ignore[arg-type]
    return compile_reception([document], "test")


REFUND = Entry(key="refund", questions=("退款多久到账?",), answer="1-3 个工作日。")
FILTER = Entry(key="filter", questions=("滤芯多久换一次?",), answer="每 6 个月。", products=("净水器",))


def read(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (_DATA / name).read_text("utf-8").splitlines()]


def _folds() -> Iterator[tuple[Matcher, list[tuple[str, str]], list[str]]]:
    """Phrasings are asked of a matcher that was taught the others, and of one that lacks their entries whole."""
    entries, asked = read("knowledge.jsonl"), defaultdict(list)
    for question in read("questions.jsonl"):
        asked[question["faq"]].append(question["text"])
    for fold in range(0, 8, 2):
        absent = {e["id"] for n, e in enumerate(entries) if n % 5 == fold // 2}
        taught = [
            Phrased(e["id"], (e["question"], *(q for n, q in enumerate(asked[e["id"]]) if n != fold)), e["answer"])
            for e in entries
        ]  # fmt: skip
        known = [(e["id"], asked[e["id"]][fold]) for e in entries]
        yield Matcher(taught), known, []
        without = [asked[id][fold] for id in sorted(absent)]
        yield Matcher([each for each in taught if each.key not in absent]), [], without


def test_of_what_it_answers_by_itself_at_least_95_in_100_are_right() -> None:
    """A fifth as many questions have no entry at all: answering one of those is wrong too."""
    answered = right = offered = known = 0
    for matcher, questions, unknown in _folds():
        for key, text in questions:
            ranked = matcher.rank(text)
            known += 1
            offered += key in [match.key for match in ranked]
            if ranked and ranked[0].sure >= SURE:
                answered += 1
                right += ranked[0].key == key
        for text in unknown:
            ranked = matcher.rank(text)
            answered += bool(ranked and ranked[0].sure >= SURE)
    assert answered >= 35
    assert right / answered >= 0.95, (right, answered)
    assert offered / known >= 0.7


def test_so_it_is_on_wordings_written_apart_from_all_it_was_taught() -> None:
    """241 questions of the shop in other words, and 64 that no entry answers: the whole book of the demo is taught."""
    entries, asked = read("knowledge.jsonl"), defaultdict(list)
    for question in read("questions.jsonl"):
        asked[question["faq"]].append(question["text"])
    matcher = Matcher([Phrased(e["id"], (e["question"], *asked[e["id"]]), e["answer"]) for e in entries])
    rows = [line.split("\t") for line in _WORDINGS.read_text("utf-8").splitlines()]
    known = [key for key, _ in rows if key != "-"]
    assert (len(known), len(rows) - len(known), len(set(known))) == (241, 64, 120)
    told = [(key, matcher.rank(text)) for key, text in rows]
    answered = [(key, ranked[0].key) for key, ranked in told if ranked and ranked[0].sure >= SURE]
    right = sum(key == said for key, said in answered)
    assert len(answered) >= 140
    assert right / len(answered) >= 0.95, (right, len(answered))
    first = sum(key in [match.key for match in ranked] for key, ranked in told if key != "-")
    assert first / len(known) >= 0.95


def test_a_hundred_ways_to_ask_for_a_person_reach_one() -> None:
    assert len(ASKING) >= 100
    steps = {way: step(told(way), [], rules(REFUND), WORDS) for way in ASKING}
    assert [way for way, done in steps.items() if done.outcome is not Outcome.HANDED or done.why is not Why.ASKED] == []


def test_products_decide_where_an_entry_is_meant() -> None:
    here = rules(REFUND, FILTER)
    assert step(told("滤芯多久换一次", page="净水器 X1"), [], here, WORDS).entry == "filter"
    assert step(told("滤芯多久换一次"), [], here, WORDS).outcome is Outcome.MISSED


def test_it_answers_in_the_customers_language_and_says_what_it_is() -> None:
    hello = step(told("hello", locale="en"), [], rules(REFUND), WORDS)
    assert hello.outcome is Outcome.GREETED
    assert "assistant" in hello.text
    assert "智能助手" in step(told("你好"), [], rules(REFUND), WORDS).text


def test_files_crises_and_a_switched_off_assistant_are_for_people() -> None:
    picture = Heard(conversation_id=ID, messages=[ID], text="", plain=False)
    assert step(picture, [], rules(REFUND), WORDS).why is Why.FILE
    assert step(told("退款多久到账", frozen=True), [], rules(REFUND), WORDS).why is Why.CRISIS
    off = compile_reception([ReceptionDocument(entries=(REFUND,))], "test")
    assert step(told("退款多久到账"), [], off, WORDS).why is Why.OFF


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ((REFUND, REFUND), "entries[1].key"),
        ((REFUND, Entry(key="b", questions=("退款 多久到账",), answer="x")), "entries[1].questions[0]"),
        ((Entry(key="a", answer="x"),), "entries[0].questions"),
        ((Entry(key="a", questions=("??",), answer="x"),), "entries[0].questions[0]"),
    ],
)
def test_entries_that_contradict_are_explained(entries: tuple[Entry, ...], place: str) -> None:
    document = ReceptionDocument(entries=entries)
    assert RECEPTION.check is not None
    with pytest.raises(Invalid) as wrong:
        RECEPTION.check(document)
    assert wrong.value.field == place


def test_an_assistant_without_entries_may_not_receive() -> None:
    with pytest.raises(Invalid, match="nothing to answer"):
        RECEPTION.check_together({"default": ReceptionDocument(begins="always")})  # type: ignore[arg-type,misc]


def test_places_must_exist() -> None:
    with pytest.raises(Invalid):
        RECEPTION.verify(ReceptionDocument(inboxes=(ID,)), Places())  # type: ignore[misc]
