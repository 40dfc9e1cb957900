"""Simulation 仿真: a day of arrivals through the very board that deals out work, on a clock that does not wait.

The day is a generated one, or one that was, read out of the journal; it is played under the rules in force and under
others, and told what waits, loads, fairness and promises come of it.
"""

from yizhan.desk.simulation.day import Arrival, Day, Person, Place, busy_day, day_of_house, times
from yizhan.desk.simulation.dealer import BoardDealer
from yizhan.desk.simulation.measures import Outcome, Waits, compare, gini, measure
from yizhan.desk.simulation.model import (
    Asked,
    Comparison,
    Fault,
    OtherRules,
    Simulated,
    Simulation,
    State,
    WhichDay,
)
from yizhan.desk.simulation.reading import day_that_was, places, seats_of_house, skill_keys
from yizhan.desk.simulation.report import Findings, Load, live
from yizhan.desk.simulation.rivals import LeastOpen, RoundRobin
from yizhan.desk.simulation.rules import KINDS, Rules
from yizhan.desk.simulation.run import Assignment, Dealer, Served, simulate
from yizhan.desk.simulation.service import SIMULATE, ask, call_off, compared, load_day, other_rules, run
from yizhan.desk.simulation.store import simulation, simulations
from yizhan.desk.simulation.targets import Promise, judge, promises

__all__ = [
    "KINDS", "SIMULATE", "Arrival", "Asked", "Assignment", "BoardDealer", "Comparison", "Day", "Dealer", "Fault",
    "Findings", "LeastOpen", "Load", "OtherRules", "Outcome", "Person", "Place", "Promise", "RoundRobin", "Rules",
    "Served", "Simulated", "Simulation", "State", "Waits", "WhichDay", "ask", "busy_day", "call_off", "compare",
    "compared", "day_of_house", "day_that_was", "gini", "judge", "live", "load_day", "measure", "other_rules", "places",
    "promises", "run", "seats_of_house", "simulate", "simulation", "simulations", "skill_keys", "times",
]  # fmt: skip
