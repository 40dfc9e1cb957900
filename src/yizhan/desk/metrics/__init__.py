"""Live metrics 实时监控: queue, waits, service level, people and ratings, counted from the journal as it grows.

Everything is in memory: one fold over the journal, kept with its position now and then. A process that starts takes
the kept fold and reads on from there, so that a restart changes no number. `METRICS` names all there are.
"""

from yizhan.desk.metrics.catalogue import METRICS, Metric, Unit, Window
from yizhan.desk.metrics.documents import MONITOR, MonitorDocument, Target, monitor_rules
from yizhan.desk.metrics.figures import Eyes, Figures, figures, hours, people
from yizhan.desk.metrics.lists import Ranked
from yizhan.desk.metrics.model import ALL, Counts, Person, Place, Scope, Spell, State
from yizhan.desk.metrics.service import Metrics
from yizhan.desk.metrics.tally import KINDS, apply

__all__ = [
    "ALL",
    "KINDS",
    "METRICS",
    "MONITOR",
    "Counts",
    "Eyes",
    "Figures",
    "Metric",
    "Metrics",
    "MonitorDocument",
    "Person",
    "Place",
    "Ranked",
    "Scope",
    "Spell",
    "State",
    "Target",
    "Unit",
    "Window",
    "apply",
    "figures",
    "hours",
    "monitor_rules",
    "people",
]
