"""The assistant of the demo: always in the small electronics shop, elsewhere on demand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.app.demo.cast import Corpus
from yizhan.foundation.db import Tx
from yizhan.records.config import Body, Configuration, Pick

_BY = "system"
_LONGEST = 200
_SAYABLE = ("加 QQ", "改用 QQ 联系")
"""A warning against swindlers that has their own words in it: the house's list does not let these out."""


async def rule(tx: Tx, configuration: Configuration, corpus: Corpus, always: UUID, now: datetime) -> None:
    """In the inbox `always` every conversation begins with it; in the others when a supervisor wants it so."""
    house: Body = {
        "title": "常见问题",
        "title_en": "Common questions",
        "begins": "bot_first",
        "entries": entries(corpus),
    }
    shop: Body = {
        "title": "小电子商城:智能助手先接待",
        "title_en": "Small electronics: the assistant first",
        "inboxes": [str(always)],
        "begins": "always",
    }
    picks = []
    for name, body in (("default", house), ("digital", shop)):
        saved = await configuration.save(tx, "reception", name, body, by=_BY, now=now)
        picks.append(Pick("reception", name, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="智能助手的问答")


def entries(corpus: Corpus) -> list[Body]:
    """Each article with all the ways its question was asked."""
    asked: dict[str, list[str]] = {id: [article.question] for id, article in corpus.articles.items()}
    known = {"".join(q[0].split()) for q in asked.values()}
    answers = {article.answer: id for id, article in corpus.articles.items()}
    for questions in corpus.questions.values():
        for said in questions:
            plain = "".join(said.text.split())
            if said.answer in answers and len(said.text) <= _LONGEST and plain not in known:
                known.add(plain)
                asked[answers[said.answer]].append(said.text)
    return [
        {"key": id, "questions": asked[id], "answer": article.answer.replace(*_SAYABLE)}
        for id, article in corpus.articles.items()
    ]  # fmt: skip
