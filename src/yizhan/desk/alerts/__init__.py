"""Alerts 告警: a figure of the monitor that is out of bounds for long enough is told, once, until it is back.

Documents of the kind `alert_rule` are thresholds. One process compares them with the live metrics each second; each
spell out of bounds in one place is one alert, which somebody may acknowledge. Telling is `notice.raised`, as ever.
"""

from yizhan.desk.alerts.documents import ALERT_RULE, AlertRule
from yizhan.desk.alerts.model import ACKNOWLEDGED, RAISED, RECOVERED, Alert, AlertRow
from yizhan.desk.alerts.policy import Step, advance
from yizhan.desk.alerts.service import acknowledge, alert_rows, history, open_alerts
from yizhan.desk.alerts.watch import AlertWatch

__all__ = [
    "ACKNOWLEDGED",
    "ALERT_RULE",
    "RAISED",
    "RECOVERED",
    "Alert",
    "AlertRow",
    "AlertRule",
    "AlertWatch",
    "Step",
    "acknowledge",
    "advance",
    "alert_rows",
    "history",
    "open_alerts",
]
