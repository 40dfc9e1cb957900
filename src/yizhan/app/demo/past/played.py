"""The people with a part of their own: each shows one thing the product does. Their lines stand in `parts.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random

import msgspec

from yizhan.app.demo.cast import Corpus, Customer, Ending, Line, Story, words
from yizhan.app.demo.past.stories import chat

PICTURE = "[图片]"
_FIRST_NUMBER = 9100
_DESKS = (
    "after01", "after02", "after03", "after04", "after01", "after02", "presale01", "presale02", "presale03",
)  # fmt: skip


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    who: str
    inbox: str
    minutes_ago: float
    kind: str
    lines: tuple[tuple[str, float, str], ...]
    agent: str | None = None
    ending: Ending = Ending.OPEN
    stars: int | None = None
    solved: bool | None = None
    own_words: str | None = None
    comment: str = ""
    order_no: str | None = None
    priority: int = 2


class _Parts(msgspec.Struct, frozen=True):
    people: dict[str, Customer]
    before: tuple[_Part, ...]
    waiting: tuple[_Part, ...]
    in_service: tuple[_Part, ...]


@cache
def _parts() -> _Parts:
    return msgspec.toml.decode((files("yizhan.app.demo") / "data" / "parts.toml").read_bytes(), type=_Parts)


def person(who: str) -> Customer:
    return _parts().people[who]


def names_of_parts() -> list[str]:
    """Those whose day is written: chance gives them nothing else."""
    return sorted({each.name for each in _parts().people.values()})


def told_before(now: datetime) -> list[Story]:
    """In no order; the links between their people are the planter's."""
    return [_story(part, now) for part in _parts().before]


def waiting(now: datetime) -> list[Story]:
    """Three whom, of those on duty, only 林一 can serve: they are hers the moment she comes online."""
    return [_story(part, now) for part in _parts().waiting]


def in_service(chance: Random, corpus: Corpus, now: datetime, names: dict[str, str]) -> list[Story]:
    """Ten conversations in their middle, with those who are on duty."""
    stories = [_story(part, now) for part in _parts().in_service]
    stories += [
        _under_way(chance, corpus, now, names, _FIRST_NUMBER + number, agent) for number, agent in enumerate(_DESKS)
    ]
    return sorted(stories, key=lambda s: s.start)


def _under_way(chance: Random, corpus: Corpus, now: datetime, names: dict[str, str], number: int, agent: str) -> Story:
    inbox = "textile" if agent.startswith("presale") else chance.choice(("shop", "shop", "digital"))
    name = words.load_words().passers_by[number - _FIRST_NUMBER]
    wanted = ("consult", "aftersale")
    while True:
        story = chat(chance, corpus, names, Customer(number, name, chance.choice((0, 0, 1, 2))), now)
        lines = _until_agent(story.lines)
        if story.kind in wanted and lines:
            break
    since = lines[-1].after + timedelta(seconds=chance.uniform(5, 25))
    return msgspec.structs.replace(story, inbox=inbox, agent=agent, start=now - since, lines=lines, priority=2)


def _until_agent(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Up to the first answer, and what the customer says to it where there is more."""
    first = next((n for n, line in enumerate(lines) if line.by == "agent"), None)
    if first is None or any(line.recalled for line in lines):
        return ()
    after = [line for line in lines[first + 1 :] if line.by == "customer"][:1]
    return (*lines[: first + 1], *after)


def _story(part: _Part, now: datetime) -> Story:
    lines = tuple(
        Line(by, "" if text == PICTURE else text, timedelta(seconds=after), picture=text == PICTURE)
        for by, after, text in part.lines
    )
    return Story(
        inbox=part.inbox, customer=person(part.who), start=now - timedelta(minutes=part.minutes_ago), kind=part.kind,
        agent=part.agent, lines=lines, ending=part.ending, stars=part.stars, solved=part.solved,
        own_words=part.own_words, comment=part.comment, order_no=part.order_no, priority=part.priority,
    )  # fmt: skip
