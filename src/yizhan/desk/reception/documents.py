"""The document `reception`: when the assistant receives first, what it answers, and what is always a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.reception.matching import Matcher, Phrased, same
from yizhan.desk.reception.model import Begins
from yizhan.desk.words import ensure_fits
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Kind, Places, Published, Rulings, check_places, check_rulings

Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Question = Annotated[str, Meta(min_length=2, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]
Answer = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
MOST_ENTRIES = 1000


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One thing the assistant knows. The first question is its title, the others are how else it is asked.

    With `products` it answers only where one of them was named or is on the page the customer looks at.
    """

    key: Key
    questions: Annotated[tuple[Question, ...], Meta(max_length=50)] = ()
    answer: Answer
    answer_en: Annotated[str, Meta(max_length=2000)] = ""
    products: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    enabled: bool = True

    def said(self, locale: str | None) -> str:
        return (self.answer_en if (locale or "").lower().startswith("en") else "") or self.answer


class ReceptionDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a place leaves out is as in the house's own document; entries of one key are the special one's.

    `tries` are how often it may ask back before a person takes over. `sure` is the share of right answers, in per cent,
    from which on it answers by itself. `person_words` are never answered by it. `person_field` is a field of the
    customer's record that says he is to meet people only, such as the elderly mode of an app.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    begins: Begins | UnsetType = UNSET
    greeting: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    greeting_en: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET
    tries: Annotated[int, Meta(ge=0, le=1)] | UnsetType = UNSET
    sure: Annotated[int, Meta(ge=50, le=99)] | UnsetType = UNSET
    silent_minutes: Annotated[int, Meta(ge=2, le=120)] | UnsetType = UNSET
    person_words: Annotated[tuple[Word, ...], Meta(max_length=200)] | UnsetType = UNSET
    person_field: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    entries: Annotated[tuple[Entry, ...], Meta(max_length=MOST_ENTRIES)] = ()


class ReceptionRules(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The rules of a place. What is looked for is made ready with the first question."""

    begins: Begins
    greeting: str
    greeting_en: str
    tries: int
    sure: float
    silence: timedelta
    person_words: tuple[str, ...]
    person_field: str
    entries: Mapping[str, Entry]
    source: str

    @cached_property
    def matcher(self) -> Matcher:
        return _matcher(tuple(Phrased(e.key, e.questions, e.answer) for e in self.entries.values()))

    @property
    def receives(self) -> bool:
        return self.begins is not Begins.NEVER and bool(self.entries)


@lru_cache(maxsize=4)
def _matcher(entries: tuple[Phrased, ...]) -> Matcher:
    """Places that know the same share what is made of it."""
    return Matcher(entries)


SHIPPED = ReceptionDocument(
    title="出厂设置", title_en="As shipped",
    begins=Begins.NEVER, greeting="您好,我是智能助手。请直接说您的问题,也可以随时转人工。",
    greeting_en="Hello, I am the assistant. Tell me what it is about, or ask for a person at any time.", tries=1,
    sure=86, silent_minutes=10, person_field="elder_mode",
    person_words=("投诉", "举报", "曝光", "维权", "骗子", "赔偿", "律师", "起诉", "消协", "媒体", "盗刷", "complain",
                  "complaint", "lawyer", "fraud"),
)  # fmt: skip


def compile_reception(documents: Sequence[ReceptionDocument], source: str) -> ReceptionRules:
    said: dict[str, object] = {}
    entries: dict[str, Entry] = {}
    for document in (SHIPPED, *documents):
        said |= {f: v for f in _SAID if (v := getattr(document, f)) is not UNSET}
        entries = {**{e.key: e for e in document.entries}, **{k: e for k, e in entries.items() if k not in
                   {own.key for own in document.entries}}}  # fmt: skip
    known = {key: entry for key, entry in entries.items() if entry.enabled}
    _check_phrasings(list(known.values()))
    sure, minutes = said.pop("sure"), said.pop("silent_minutes")
    assert isinstance(sure, int) and isinstance(minutes, int), "the shipped document says everything"  # noqa: PT018
    return msgspec.convert(
        {**said, "sure": sure / 100, "silence": timedelta(minutes=minutes), "entries": known, "source": source},
        ReceptionRules,
    )


_SAID = (
    "begins", "greeting", "greeting_en", "tries", "sure", "silent_minutes", "person_words", "person_field",
)  # fmt: skip


def _check(document: ReceptionDocument) -> None:
    """Raises Invalid with the place of the fault."""
    keys: set[str] = set()
    for place, entry in enumerate(document.entries):
        if entry.key in keys:
            raise Invalid(f"two entries have the key {entry.key}", f"entries[{place}].key")
        keys.add(entry.key)
        if not entry.questions:
            raise Invalid("an entry without a question is never found", f"entries[{place}].questions")
        for at, question in enumerate(entry.questions):
            if not same(question):
                raise Invalid(f"nothing is left of {question} without signs", f"entries[{place}].questions[{at}]")
    _check_phrasings(document.entries)


def _check_phrasings(entries: Sequence[Entry]) -> None:
    """One question has one answer: where two entries claim it, neither could be given in good faith."""
    asked: dict[str, str] = {}
    for place, entry in enumerate(entries):
        if not entry.enabled or entry.products:
            continue
        for at, question in enumerate(entry.questions):
            other = asked.setdefault(same(question), entry.key)
            if other != entry.key:
                raise Invalid(f"{question} is a question of {other} too: which one answers it?",
                              f"entries[{place}].questions[{at}]")  # fmt: skip


def _check_together(documents: Mapping[str, ReceptionDocument]) -> None:
    check_rulings("reception", documents, compile_reception)
    for name, document in documents.items():
        if document.begins in (UNSET, Begins.NEVER):
            continue
        house = [documents["default"]] if "default" in documents and name != "default" else []
        if not compile_reception([*house, document], name).entries:
            raise Invalid("the assistant would receive and have nothing to answer", f"reception/{name}: entries")


def _verify(document: ReceptionDocument, there: Places) -> None:
    check_places(document, there)


def _fits(document: ReceptionDocument, among: Published) -> None:
    """What it answers and greets with; what customers ask is theirs."""
    said = msgspec.to_builtins(document)
    texts = [(name, str(said.get(name, ""))) for name in ("greeting", "greeting_en")]
    for place, entry in enumerate(document.entries):
        texts += [(f"entries[{place}].answer", entry.answer), (f"entries[{place}].answer_en", entry.answer_en)]
    ensure_fits(texts, among, document)


RECEPTION = Kind(
    "reception", ReceptionDocument, _check, check_together=_check_together, verify=_verify,
    title=("智能助手", "Assistant"), default=SHIPPED, fits=_fits,
)  # fmt: skip

ReceptionBook: TypeAlias = Rulings[ReceptionDocument, ReceptionRules]


def reception_book() -> ReceptionBook:
    """What ships, until it takes a release."""
    return Rulings(RECEPTION, compile_reception)
