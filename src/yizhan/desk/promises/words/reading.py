"""A text, sentence by sentence: the first promise in it, if there is one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta

from yizhan.desk.promises.model import Recognised
from yizhan.desk.promises.words import chinese, english
from yizhan.foundation.calendar import Calendar
from yizhan.records.promises import LONGEST, PromiseKind

SOONEST = timedelta(minutes=10)
"""What is promised for the next minutes is part of the dialogue: the clocks of the conversation watch over it."""
_MOST = 2_000
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]*")
_CLAUSE = re.compile(r"[^,:、]+[,:、]?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def recognise(text: str, now: datetime, calendar: Calendar) -> Recognised | None:
    """`calendar` tells the office's time zone and hours: 下班前, today, 3 个工作日内."""
    plain = unicodedata.normalize("NFKC", text[:_MOST])
    for sentence in _sentences(plain):
        found = _chinese(sentence, now, calendar) if _CHINESE.search(sentence) else _english(sentence, now, calendar)
        if found is not None:
            return Recognised(" ".join(sentence.split())[:200], *found)
    return None


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCE.findall(text):
        yield from (part,) if _CHINESE.search(part) else re.split(r"(?<=\D\.)\s+|(?<=\d\.)\s+(?=[A-Z])", part)


def _chinese(sentence: str, now: datetime, calendar: Calendar) -> tuple[PromiseKind, datetime] | None:
    said = chinese.kind_of(sentence)
    if said is None:
        return None
    kind, verb = said
    for at, due in chinese.times(sentence, now, calendar):
        told = chinese.is_said_by_us(sentence, _clause(sentence, at), _clause(sentence, verb.start()))
        if told and _fits(due, now):
            return kind, due
    return None


def _english(sentence: str, now: datetime, calendar: Calendar) -> tuple[PromiseKind, datetime] | None:
    kind = english.kind_of(sentence)
    if kind is None or not english.is_said_by_us(sentence):
        return None
    due = next((each for each in english.times(sentence, now, calendar) if _fits(each, now)), None)
    return None if due is None else (kind, due)


def _fits(due: datetime, now: datetime) -> bool:
    return now + SOONEST <= due <= now + LONGEST


def _clause(sentence: str, at: int) -> str:
    """The part between commas in which that character stands; a clock's colon is no comma."""
    for clause in _CLAUSE.finditer(re.sub(r"(?<=\d):(?=\d)", ";", sentence)):
        if clause.start() <= at < clause.end():
            return clause[0]
    return sentence
