"""Who is rated, and what may be said against a rating. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.records.ratings.model import Appeal, AppealState, RatingRecord

LOW_STARS = 2


def is_low(stars: int | None, solved: bool | None, at_most: int = LOW_STARS) -> bool:
    """差评: few stars, or 未解决."""
    return solved is False or (stars is not None and stars <= at_most)


def rated_agent(turns: Sequence[tuple[UUID, int]]) -> tuple[UUID | None, list[UUID]]:
    """Who served most turns, and the others. `turns` in the order they served: of equals the later is rated."""
    if not turns:
        return None, []
    most = max(count for _, count in turns)
    rated = next(agent for agent, count in reversed(turns) if count == most)
    return rated, [agent for agent, _ in turns if agent != rated]


def check_appeal(rating: RatingRecord, agent_id: UUID, words: str) -> str:
    """Only who is rated appeals, only against what is low, in words of his own."""
    if rating.agent_id != agent_id:
        raise Forbidden("only who was rated can appeal")
    if not rating.low:
        raise Conflict("only a low rating can be appealed against")
    said = words.strip()
    if not said:
        raise Invalid("say why", "words")
    return said


def check_decision(appeal: Appeal, by: UUID, words: str) -> str:
    if appeal.state is not AppealState.OPEN:
        raise Conflict("this appeal is decided")
    if appeal.agent_id == by:
        raise Forbidden("nobody decides his own appeal")
    said = words.strip()
    if not said:
        raise Invalid("say why", "words")
    return said
