"""Figures 我的数据 of each agent by day, counted from the journal as it grows; each opens what lies behind it.

They are for the agent and who supervises him: there is no ranking. Beside them stands what is usual in his teams, where
those are large enough that nobody can be told from it.
"""

from yizhan.desk.figures.jobs import figures_reader
from yizhan.desk.figures.model import AgentDay, Behind, Figure, Middle, StateDay
from yizhan.desk.figures.policy import by_day, middle
from yizhan.desk.figures.store import behind, colleagues, days, ended_since, shares_team

__all__ = [
    "AgentDay",
    "Behind",
    "Figure",
    "Middle",
    "StateDay",
    "behind",
    "by_day",
    "colleagues",
    "days",
    "ended_since",
    "figures_reader",
    "middle",
    "shares_team",
]
