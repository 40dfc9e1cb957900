"""Some hundreds of stories of the last month. Pure: the same chance gives the same month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec

from yizhan.app.demo.cast import (
    CHATS,
    Corpus,
    Customer,
    Ending,
    Line,
    Said,
    Story,
    anybody,
    day,
    load_words,
    order_number,
    phone,
    words,
)

_KINDS = (
    ("consult", 46), ("aftersale", 22), ("refund", 14), ("complaint", 8),
    ("suggest", 4), ("praise", 3), ("other", 3),
)  # fmt: skip
_CHATS = (("shop", 62), ("digital", 22), ("textile", 16))
_GENERIC = {"demo-mp": ("wechat",), "demo-weibo": ("weibo",), "demo-sms": ("sms",)}
_TEAMS = {
    "shop": ("linyi", "linyi", "sujin", "gaoyuan", "after01", "after02", "after03", "after04", "after05", "after06"),
    "textile": ("presale01", "presale02", "presale03", "presale04", "presale05"),
    "digital": ("linyi", "after01", "after02", "after05", "after07", "gaoyuan"),
    "demo-mp": ("after201", "after202", "after203", "linyi"),
    "demo-weibo": ("complaint01", "complaint02", "complaint03", "zhuguan"),
    "demo-sms": ("night01", "night02", "night03"),
}


_GUESTS = ("linyi", "sujin")
_LATE, _MOST_LATE = (timedelta(hours=26), timedelta(days=30)), 5
_LEFT = timedelta(minutes=25)
_WITHIN = {1: timedelta(hours=26), 2: timedelta(hours=20), 3: timedelta(hours=6), 4: timedelta(hours=3)}
"""What is open is done within this, so that no promise of the demo's service levels is broken."""


def history(chance: Random, corpus: Corpus, now: datetime, names: dict[str, str], count: int) -> list[Story]:
    """`count` first contacts of the last month in order of time, and the second ones of those who came back."""
    stories: list[Story] = []
    for number in range(count):
        stories += _first(chance, corpus, now, names, number)
    return _with_some_late(sorted(stories, key=lambda s: s.start), now)


def _with_some_late(stories: Sequence[Story], now: datetime) -> list[Story]:
    """A handful is late all the same, with those whom nobody plays: what the red numbers open."""
    old = [
        s for s in stories
        if s.done_by in _GUESTS and s.ending is Ending.FOLLOW_UP and _LATE[0] < now - s.start < _LATE[1]
    ]  # fmt: skip
    late = {id(story) for story in old[:_MOST_LATE]}
    return [msgspec.structs.replace(s, done_by=None, done_after=None) if id(s) in late else s for s in stories]


def _first(chance: Random, corpus: Corpus, now: datetime, names: dict[str, str], number: int) -> list[Story]:
    # The last days are told more densely than the weeks before: that is where people look.
    span = timedelta(days=30) if chance.random() < 0.55 else timedelta(days=4)
    start = day.moment_between(chance, now - span, now - timedelta(minutes=40))
    customer = anybody(chance, number)
    if chance.random() < 0.14:
        return [finished(letter(chance, corpus, now, names, customer, start), now, chance)]
    story = chat(chance, corpus, names, customer, start)
    told = [_ended(chance, story, now)]
    again = start + timedelta(hours=chance.uniform(5, 60))
    if chance.random() < 0.06 and told[0].stars and again < now - timedelta(hours=1):
        told.append(_came_back(chance, told[0], again))
        return [told[0], finished(told[1], now, chance)]
    return [finished(told[0], now, chance)]


def finished(story: Story, now: datetime, chance: Random) -> Story:
    """A well-run house keeps what it promised: what lay open is done in time, and what is open now is young."""
    left = story.ending in (Ending.FOLLOW_UP, Ending.LEFT) or story.solved is False
    if not left and (story.ending is not Ending.OPEN or story.agent is None):
        return story
    within = _LEFT if story.ending is Ending.LEFT else _WITHIN[min(4, story.priority + (story.customer.level > 0))]
    after = story.ends_at - story.start + within * chance.uniform(0.35, 0.8)
    if story.start + after > now:
        return story
    who = story.agent or chance.choice(_TEAMS[story.inbox])
    return msgspec.structs.replace(story, done_by=who, done_after=after)


def chat(chance: Random, corpus: Corpus, names: dict[str, str], customer: Customer, start: datetime) -> Story:
    """A live conversation up to its last word."""
    kind = chance.choices([k for k, _ in _KINDS], [w for _, w in _KINDS])[0]
    inbox = chance.choices([i for i, _ in _CHATS], [w for _, w in _CHATS])[0]
    said = corpus.pick(chance, kind, CHATS)
    agent = chance.choice(_TEAMS[inbox])
    order = order_number(chance, start) if chance.random() < 0.35 else None
    talk = _Talk(chance)
    talk.customer(words.halves(chance, words.typo(chance, said.text)))
    if order and chance.random() < 0.6:
        talk.customer([f"订单号 {order}"])
    elif chance.random() < 0.25:
        aside = chance.choice(load_words().aside)
        talk.customer([aside.format(order=order_number(chance, start), phone=phone(chance))])
    talk.agent(_answers(chance, corpus, said, names[agent]))
    for _ in range(chance.choices((0, 1, 2), (45, 40, 15))[0]):
        asked, answer = chance.choice(load_words().follow_ups)
        talk.customer([asked])
        talk.agent([answer])
    if chance.random() < 0.7:
        talk.customer([chance.choice(load_words().thanks)])
        if chance.random() < 0.6:
            talk.agent([chance.choice(load_words().else_)])
    if chance.random() < 0.08:
        talk.note(chance.choice(load_words().notes))
    return Story(
        inbox=inbox, customer=customer, start=start, kind=said.kind, priority=said.priority, agent=agent,
        lines=tuple(talk.lines), order_no=order,
    )  # fmt: skip


def letter(
    chance: Random, corpus: Corpus, now: datetime, names: dict[str, str], customer: Customer, start: datetime
) -> Story:
    """Something that came in by one of the generic inboxes, where nobody waits at a screen."""
    inbox = chance.choice(("demo-mp", "demo-mp", "demo-weibo", "demo-sms"))
    kinds = ("complaint",) if inbox == "demo-weibo" else ("consult", "aftersale")
    said = corpus.pick(chance, chance.choice(kinds), _GENERIC[inbox])
    talk = _Talk(chance, slow=60)
    talk.customer([said.text])
    fresh = now - start < timedelta(hours=2)
    if inbox != "demo-mp" and fresh:  # nobody of that team is here just now
        return Story(inbox=inbox, customer=customer, start=start, kind=said.kind, priority=said.priority,
                     lines=tuple(talk.lines))  # fmt: skip
    agent = chance.choice(_TEAMS[inbox])
    talk.agent(_answers(chance, corpus, said, names[agent])[-1:])
    story = Story(
        inbox=inbox, customer=customer, start=start, kind=said.kind, priority=said.priority, agent=agent,
        lines=tuple(talk.lines),
    )  # fmt: skip
    if chance.random() < 0.3:
        return story
    agreed = timedelta(hours=20) if now - start > timedelta(hours=21) else None
    return msgspec.structs.replace(
        story, ending=Ending.SOLVED, agreed_after=agreed, own_words=_own_words(chance, said.kind)
    )


def _ended(chance: Random, story: Story, now: datetime) -> Story:
    since = now - story.start
    change = msgspec.structs.replace
    how = chance.random()
    if story.kind == "other":
        return change(story, ending=Ending.CANCELLED, own_words="与业务无关,已礼貌回复并关闭")
    if how < 0.04:
        first = tuple(line for line in story.lines if line.by == "customer")[:2]
        return change(story, agent=None, ending=Ending.LEFT, lines=first)
    words_of_own = _own_words(chance, story.kind) if chance.random() < 0.3 else None
    if how < (0.6 if since < timedelta(hours=20) else 0.28 if since < timedelta(days=3) else 0.05):
        return change(story, ending=Ending.FOLLOW_UP, own_words=words_of_own or _own_words(chance, story.kind))
    ended = change(story, ending=Ending.SOLVED, own_words=words_of_own)
    if since < timedelta(hours=20) and chance.random() < 0.75:
        return ended
    if chance.random() < 0.62 or since < timedelta(hours=26):
        given = words.stars(chance)
        tags = ("等待时间长",) if given <= 3 and chance.random() < 0.6 else ()
        comment = chance.choice(load_words().praise if given > 3 else load_words().blame)
        return change(ended, stars=given, solved=given > 2, comment=comment, tags=tags)
    return change(ended, agreed_after=timedelta(hours=24))


def _came_back(chance: Random, first: Story, start: datetime) -> Story:
    """重复进线: the same matter within the week, on the same ticket."""
    talk = _Talk(chance)
    talk.customer([chance.choice(load_words().again)])
    talk.agent(["非常抱歉给您添麻烦了,我看了之前的记录,马上处理。", "我已经加急,今天内会有专人联系您。"])
    talk.customer([chance.choice(load_words().thanks)])
    again = msgspec.structs.replace(
        first, start=start, lines=tuple(talk.lines), stars=None, solved=None, comment="", tags=(),
        own_words="二次进线,已优先处理并约定回访时间", agreed_after=None,
    )  # fmt: skip
    return msgspec.structs.replace(again, ending=chance.choice((Ending.FOLLOW_UP, Ending.SOLVED)))


def _answers(chance: Random, corpus: Corpus, said: Said, name: str) -> list[str]:
    hello = chance.choice(load_words().hello).format(name=name)
    found = corpus.answer(said.text)
    answer = said.answer or (found.answer if found else None)
    if answer is None:
        return [hello + chance.choice(load_words().looking), chance.choice(load_words().first[said.kind])]
    if chance.random() < 0.4:
        return [hello + chance.choice(load_words().looking), answer]
    return [hello + answer]


def _own_words(chance: Random, kind: str) -> str:
    return chance.choice(load_words().own.get(kind, load_words().plain))


class _Talk:
    """Lines with the pauses people make."""

    def __init__(self, chance: Random, slow: float = 1.0) -> None:
        self.lines: list[Line] = []
        self._chance = chance
        self._slow = slow
        self._after = 0.0

    def customer(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._add("customer", text, self._chance.uniform(4, 26) if self.lines else 0)

    def agent(self, texts: Sequence[str]) -> None:
        for text in texts:
            pause = self._chance.uniform(9, 55) * self._slow
            recalled = self._chance.random() < 0.006
            if recalled:
                self._add("agent", "(发错窗口的内容)", pause, recalled=True)
                pause = 8
            self._add("agent", text, pause)

    def note(self, text: str) -> None:
        self._add("note", text, 5)

    def _add(self, by: str, text: str, pause: float, *, recalled: bool = False) -> None:
        self._after += pause
        self.lines.append(Line(by, text, timedelta(seconds=self._after), recalled=recalled))
