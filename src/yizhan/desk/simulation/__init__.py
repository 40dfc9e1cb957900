"""Simulation 模拟: a day of arrivals through the very board that deals out work, on a clock that does not wait."""

from yizhan.desk.simulation.day import Arrival, Day, Person, busy_day
from yizhan.desk.simulation.dealer import BoardDealer
from yizhan.desk.simulation.measures import Outcome, Waits, compare, gini, measure
from yizhan.desk.simulation.rivals import LeastOpen, RoundRobin
from yizhan.desk.simulation.run import Assignment, Dealer, simulate

__all__ = [
    "Arrival", "Assignment", "BoardDealer", "Day", "Dealer", "LeastOpen", "Outcome", "Person", "RoundRobin", "Waits",
    "busy_day", "compare", "gini", "measure", "simulate",
]  # fmt: skip
