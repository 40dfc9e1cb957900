"""Figures 我的数据 of each agent by day, counted from the journal as it grows; each opens what lies behind it.

They are for the agent and who supervises him: there is no ranking.
"""

from yizhan.desk.figures.jobs import figures_reader
from yizhan.desk.figures.model import AgentDay, Behind, Figure
from yizhan.desk.figures.store import behind, days, ended_since, shares_team

__all__ = ["AgentDay", "Behind", "Figure", "behind", "days", "ended_since", "figures_reader", "shares_team"]
