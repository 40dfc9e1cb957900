"""Whether the assistant receives, and what it does with a turn. Pure. In doubt a person does it (floor 2.10)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yizhan.desk.reception import lines
from yizhan.desk.reception.documents import Entry, ReceptionRules
from yizhan.desk.reception.matching import Match, same
from yizhan.desk.reception.model import Attendance, Begins, Heard, Opening, Outcome, Step, Turn, Why
from yizhan.desk.words import WordRules, hear
from yizhan.foundation.text import asks_human, is_thanks_only, simplify

MOST_OFFERED = 3
OFFERED_FROM = 0.1
"""So likely must the best of what is offered be: of less, three guesses are noise."""
_LEAST = 2
"""Letters of a question that is answered without being one of the known phrasings."""
_LOOKED_AT = 10
_NOT_SO = frozenset({"", "false", "0", "no"})


def receives(rules: ReceptionRules, there: Attendance | None, *, bot_first: bool) -> str | None:
    """Why new conversations begin with the assistant now; None: with people. `there` is None where nobody asked."""
    if not rules.receives:
        return None
    if rules.begins is Begins.ALWAYS:
        return Begins.ALWAYS.value
    if bot_first:
        return Begins.BOT_FIRST.value
    if there is None or rules.begins is Begins.BOT_FIRST:
        return None
    if not there.open:
        return Begins.OUTSIDE_HOURS.value
    return Begins.UNATTENDED.value if rules.begins is Begins.UNATTENDED and not there.staffed else None


def asks_attendance(rules: ReceptionRules) -> bool:
    return rules.receives and rules.begins in (Begins.OUTSIDE_HOURS, Begins.UNATTENDED)


def spared(opening: Opening, rules: ReceptionRules, words: WordRules) -> Why | None:
    """Why this one is a person's from the first word on."""
    if opening.complaint:
        return Why.CRISIS
    told = str(opening.fields.get(rules.person_field) or "").lower() if rules.person_field else ""
    if opening.left or not opening.fresh or told not in _NOT_SO:
        return Why.ASKED
    return persons(opening.text, rules, words, plain=opening.plain)


def persons(text: str, rules: ReceptionRules, words: WordRules, *, plain: bool = True) -> Why | None:
    """Why the words are a person's matter."""
    if asks_human(text):
        return Why.ASKED
    if hear(text, words):
        return Why.WORDS
    low = simplify(text)
    if any(word in low for word in rules.person_words):
        return Why.COMPLAINT
    return None if plain else Why.FILE


def is_urgent(text: str, words: WordRules) -> bool:
    """Whether whoever is on call at night is to be woken for it."""
    return any(each.safety for each in hear(text, words))


def step(turn: Heard, before: Sequence[Turn], rules: ReceptionRules, words: WordRules) -> Step:
    """One turn of the customer; `before` are the earlier ones of this conversation."""
    why = Why.CRISIS if turn.frozen else None if rules.receives else Why.OFF
    why = why or persons(turn.text, rules, words, plain=turn.plain)
    if why is not None:
        return Step(outcome=Outcome.HANDED, why=why, urgent=is_urgent(turn.text, words))
    answered = next((t for t in reversed(before) if t.outcome is Outcome.ANSWERED), None)
    plain = same(turn.text)
    if answered is not None and (lines.means_solved(plain) or is_thanks_only(turn.text)):
        return _closing(turn, answered, rules, solved=lines.means_solved(plain))
    if lines.means_unsolved(plain):
        return Step(outcome=Outcome.HANDED, why=Why.UNSOLVED)
    greeted = any(t.outcome is Outcome.GREETED for t in before)
    if not greeted and (lines.is_hello(plain) or is_thanks_only(turn.text)):
        return _greeting(turn, rules)
    return answer(turn, before, rules)


def answer(turn: Heard, before: Sequence[Turn], rules: ReceptionRules) -> Step:
    """From the entries, or a person: nothing is made up."""
    human = lines.said(lines.HUMAN, turn.locale)
    exact, ranked = look_up(turn.text, turn.page, rules)
    best = exact or (ranked[0] if ranked and _may_answer(ranked[0], turn.text, rules) else None)
    if best is not None:
        entry = rules.entries[best.key]
        buttons = (lines.said(lines.SOLVED, turn.locale), lines.said(lines.UNSOLVED, turn.locale), human)
        return Step(
            outcome=Outcome.ANSWERED, text=entry.said(turn.locale), options=buttons, entry=entry.key,
            title=entry.questions[0], sure=best.sure,
        )  # fmt: skip
    tried = sum(t.outcome in (Outcome.SUGGESTED, Outcome.MISSED) for t in before)
    likeliest = ranked[0] if ranked else None
    if tried >= rules.tries:
        return Step(
            outcome=Outcome.HANDED, why=Why.FAILED, entry=likeliest.key if likeliest else None,
            sure=likeliest.sure if likeliest else None,
        )  # fmt: skip
    if likeliest is None or likeliest.sure < OFFERED_FROM:
        return Step(outcome=Outcome.MISSED, text=lines.said("again", turn.locale), options=(human,))
    offered = [rules.entries[match.key] for match in ranked[:MOST_OFFERED]]
    return Step(
        outcome=Outcome.SUGGESTED, text=lines.said("suggest", turn.locale),
        options=(*(entry.questions[0] for entry in offered), human), entry=likeliest.key, sure=likeliest.sure,
        offered=tuple(entry.key for entry in offered),
    )  # fmt: skip


def look_up(text: str, page: str, rules: ReceptionRules) -> tuple[Match | None, list[Match]]:
    """A phrasing that is known word for word, and what else may be meant, each where its products are spoken of."""
    spoken = simplify(f"{text}\n{page}")
    key = rules.matcher.exact(text)
    if key is not None and _is_about(rules.entries[key], spoken):
        return Match(key, 1.0, 1.0), []
    ranked = rules.matcher.rank(text, _LOOKED_AT)
    fitting = [m for m in ranked if m.score * 2 >= ranked[0].score and _is_about(rules.entries[m.key], spoken)]
    if fitting and fitting[0] is not ranked[0]:
        # Who is not the first by words alone was not judged: he may be offered, not told.
        fitting[0] = msgspec.structs.replace(fitting[0], sure=min(ranked[0].sure, OFFERED_FROM))
    return None, fitting


def _is_about(entry: Entry, spoken: str) -> bool:
    return not entry.products or any(simplify(product) in spoken for product in entry.products)


def _may_answer(match: Match, text: str, rules: ReceptionRules) -> bool:
    return match.sure >= rules.sure and len(same(text)) >= _LEAST


def _greeting(turn: Heard, rules: ReceptionRules) -> Step:
    english = (turn.locale or "").lower().startswith("en")
    text = (rules.greeting_en if english else rules.greeting) or rules.greeting
    return Step(outcome=Outcome.GREETED, text=text, options=(lines.said(lines.HUMAN, turn.locale),))


def _closing(turn: Heard, answered: Turn, rules: ReceptionRules, *, solved: bool) -> Step:
    entry = rules.entries.get(answered.entry or "")
    title = entry.questions[0] if entry else answered.entry or ""
    if solved:
        return Step(outcome=Outcome.SOLVED, text=lines.said("glad", turn.locale), entry=answered.entry, title=title)
    return Step(outcome=Outcome.GREETED, text=lines.said("thanks", turn.locale), entry=answered.entry, title=title)
