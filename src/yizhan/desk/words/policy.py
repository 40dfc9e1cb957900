"""What a text says of what is listed, however it is disguised. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from yizhan.desk.words.disguise import readings
from yizhan.desk.words.documents import Incoming, Outgoing, WordsDocument, together
from yizhan.desk.words.model import GRAVITY, Heard, Hit, Level
from yizhan.desk.words.spelling import HAN_DIGITS, Spelling, spellings
from yizhan.foundation.text import DISGUISES, Automaton, Folded, fold, pii, sound, squeezed

PERSONAL = "personal"
_PERSONAL = (
    "他人信息", "证件号、银行卡号不要发给客户",
    "Other people’s data", "Send no identity or bank card numbers to customers",
)  # fmt: skip
_NUMBERS = frozenset({pii.Kind.ID_CARD, pii.Kind.BANK_CARD})

Find = tuple[int, int, str, str]
Place = tuple[int, int, str]
"""Start and end in the folded text, and the folded word."""


class Lexicon:
    """The words of one side, compiled once: what is not there costs one pass over the text."""

    def __init__(self, groups: Iterable[Outgoing | Incoming]) -> None:
        self.groups = {group.key: group for group in groups if group.enabled}
        self._owner: dict[str, tuple[str, str]] = {}
        """Of a folded word its group and how the dictionary writes it."""
        self._spelled: dict[str, Spelling] = {}
        sounding: dict[str, str] = {}
        for key, group in self.groups.items():
            for word in group.words:
                plain = fold(word).text
                self._owner.setdefault(plain, (key, word))
                for spelling in spellings(plain):
                    self._spelled.setdefault(spelling.text, spelling)
                if group.sounds:
                    sounding.setdefault(sound(plain).letters, plain)
        self._words = Automaton([*self._owner, *self._spelled])
        self._first = Automaton([*self._owner, *self._spelled, *DISGUISES])
        self._allowed = Automaton(fold(each).text for group in self.groups.values() for each in group.allowed)
        self._sounding, self._sounds = sounding, Automaton(sounding)

    def find(self, text: str) -> list[Find]:
        """Start and end in the text as written, group and word; of words that overlap the longest. What is there only
        if one reads it as it may be meant is found besides."""
        found = self._read(text)
        for reading in readings(text):
            for start, end, key, word in self._read(reading.text):
                first, last = reading.origin(start, end)
                if reading.rests_on(start, end) and not any(a < last and first < b for a, b, _, _ in found):
                    found.append((first, last, key, word))
        return sorted(found)

    def _read(self, text: str) -> list[Find]:
        if not self._sounding and next(self._first.find(squeezed(text)), None) is None:
            return []
        folded = fold(text)
        allowed = list(self._allowed.find(folded.text))
        found: list[Find] = []
        last = 0
        for start, end, word in sorted(self._places(folded), key=lambda p: (p[0], -p[1])):
            if start < last or any(a <= start and end <= b for a, b in allowed) or not _whole(folded, start, end, text):
                continue
            found.append((*folded.origin(start, end), *self._owner[word]))
            last = end
        return found

    def _places(self, folded: Folded) -> Iterator[Place]:
        plain = folded.text
        for start, end in self._words.find(plain):
            found = plain[start:end]
            if found in self._owner:
                yield start, end, found
            elif self._spelled[found].runs(folded, start, end):
                yield start, end, self._spelled[found].word
        if not self._sounding:
            return
        heard = sound(plain)
        for start, end in self._sounds.find(heard.letters):
            if start in heard.starts and end in heard.ends:
                yield heard.starts[start], heard.ends[end], self._sounding[heard.letters[start:end]]


def _whole(folded: Folded, start: int, end: int, text: str) -> bool:
    """A Latin word or a number is not found inside a longer one: 12315 is not in 9123158."""
    first, last = folded.origin(start, end)
    before, after = text[first - 1 : first], text[last : last + 1]
    return not (_runs_on(before, text[first]) or _runs_on(text[last - 1], after))


def _runs_on(left: str, right: str) -> bool:
    if left in HAN_DIGITS and right in HAN_DIGITS:
        return bool(left and right)
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isdigit() and right.isdigit()) or (left.isalpha() and right.isalpha())


class WordRules(msgspec.Struct, frozen=True):
    """Those of a place; `source` names the released documents they are from."""

    outgoing: Lexicon
    incoming: Lexicon
    personal: Level | None
    denials: tuple[str, ...]
    source: str


def compile_words(documents: Sequence[WordsDocument], source: str) -> WordRules:
    whole = together(documents)
    personal = Level(whole.personal) if isinstance(whole.personal, str) and whole.personal != "off" else None
    denials = tuple(fold(each).text for each in whole.denials) if isinstance(whole.denials, tuple) else ()
    return WordRules(Lexicon(whole.outgoing), Lexicon(whole.incoming), personal, denials, source)


def screen(text: str, rules: WordRules) -> list[Hit]:
    """What of a text of ours is listed, in its order."""
    hits = []
    for start, end, key, word in rules.outgoing.find(text):
        group = rules.outgoing.groups[key]
        assert isinstance(group, Outgoing)
        said = group.title or key, group.hint, group.title_en, group.hint_en
        hits.append(Hit(start, end, word, key, group.level, *said))
    if rules.personal is not None:
        hits += [
            Hit(span.start, span.end, text[span.start : span.end], PERSONAL, rules.personal, *_PERSONAL)
            for span in pii.find(text) if span.kind in _NUMBERS
        ]  # fmt: skip
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def gravest(hits: Iterable[Hit]) -> Level | None:
    return max((hit.level for hit in hits), key=GRAVITY.index, default=None)


def hear(text: str, rules: WordRules, known: Collection[str] = ()) -> list[Heard]:
    """The groups a customer's words belong to, but for those that are `known`. In doubt it was said."""
    said: dict[str, dict[str, None]] = {}
    for start, _, key, word in rules.incoming.find(text):
        if key in known or _denied(text[:start], rules.denials):
            continue
        said.setdefault(key, {})[word] = None
    told = []
    for key, words in said.items():
        group = rules.incoming.groups[key]
        assert isinstance(group, Incoming)
        title = group.title or key
        told.append(Heard(key, title, tuple(words), group.priority, group.safety, group.to, group.title_en or title))
    return told


def speaks_of_danger(text: str, rules: WordRules) -> bool:
    """What must reach somebody whoever says it."""
    return any(heard.safety for heard in hear(text, rules))


def _denied(before: str, denials: tuple[str, ...]) -> bool:
    return bool(denials) and squeezed(before[-20:]).endswith(denials)
