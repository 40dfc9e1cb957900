"""What customers say that somebody must hear: judged where triage reads their words, told once for each ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from yizhan.desk.triage import Case, Conclusion, Facts, Judged
from yizhan.desk.views import notice_places
from yizhan.desk.words.book import WordBook
from yizhan.desk.words.model import Heard
from yizhan.desk.words.policy import hear
from yizhan.desk.words.service import NOTICE
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit

ACTOR = "words"
_ASKED = frozenset({"text"})


class WordListener:
    """A judge of triage. What was heard of a ticket before is not told again."""

    def __init__(self, book: WordBook) -> None:
        self._book = book

    def asks(self, case: Case) -> frozenset[str]:
        return _ASKED

    def judge(self, case: Case, facts: Facts, told: Conclusion, now: datetime) -> Conclusion:
        known = case.needs.get("heard", ())
        rules = self._book.of(case.inbox_id, case.team_id)
        try:
            heard = hear(str(facts.get("text") or ""), rules, known)
        except Exception as error:  # no ticket waits for a word list
            self._book.faults.note("words", rules.source, "incoming", error)
            return told
        if not heard:
            return told
        gravest = max(each.priority for each in heard)
        safety = told.safety or any(each.safety for each in heard)
        words = {each.group: {"words": each.words, "title": _titles(each), "to": each.to} for each in heard}
        return msgspec.structs.replace(
            told, priority=max(told.priority, gravest), found=max(told.found, gravest), safety=safety,
            heard=tuple(each.group for each in heard), told={**told.told, "heard": words},
        )  # fmt: skip

    async def settle(self, tx: Tx, judged: Sequence[Judged], now: datetime) -> None:
        await self._book.faults.tell(tx, actor=ACTOR, now=now)
        said = [each for each in judged if each.last.heard]
        if not said:
            return
        places = await notice_places(tx, [each.case.ticket_id for each in said])
        events = []
        for each in said:
            place = places[each.case.ticket_id]
            for group, found in each.last.told["heard"].items():
                facts = {"group": group, "title": found["title"], "words": list(found["words"])}
                notice = {
                    "who": list(found["to"]),
                    "agents": place.meant(found["to"]),
                    "how": "notify",
                    "why": "words.heard",
                    **facts,
                }
                for kind, content in (("words.heard", facts), (NOTICE, notice)):
                    events.append(Event(
                        kind=kind, subject=place.id, subject_version=place.version, at=now, actor=ACTOR,
                        brand_id=place.brand_id, team_id=place.team_id, agent_id=place.agent_id,
                        contact_id=place.contact_id, ticket_id=place.id, data=content,
                    ))  # fmt: skip
        await emit(tx, events)


def _titles(heard: Heard) -> dict[str, str]:
    return {"zh": heard.title, "en": heard.title_en or heard.title}
