"""Clocks 时钟: what happens by itself when a customer falls silent, leaves, or lets an answer stand."""

from yizhan.desk.clocks.jobs import clock_reader, register_timers, set_clocks
from yizhan.desk.clocks.model import ClockRules
from yizhan.desk.clocks.service import abandon, came_back, left_queue

__all__ = ["ClockRules", "abandon", "came_back", "clock_reader", "left_queue", "register_timers", "set_clocks"]
