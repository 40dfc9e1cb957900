"""Connectors 数据连接: CRMs that are asked for customers and orders, by schedule and when an agent opens somebody.

Documents of the kind `connector` say where, how often and what an answer means; their secrets are sealed apart. What a
call brings goes through desk/sources as every other source's does. One that does not answer is told once, and what is
shown meanwhile says of when it is.
"""

from yizhan.desk.connectors.calling import Caller, Wire
from yizhan.desk.connectors.documents import CONNECTOR, SECRETS, Connector
from yizhan.desk.connectors.looking import Lookups
from yizhan.desk.connectors.model import (
    FAILED,
    PULL,
    RECOVERED,
    CallFailed,
    Freshness,
    Looked,
    Outage,
    Preview,
    RowProblem,
    Run,
    State,
)
from yizhan.desk.connectors.pulling import Pulls, begin_pull, keep_planning, plan
from yizhan.desk.connectors.service import forget_runs, keep_secrets
from yizhan.desk.connectors.store import records_of, rewrap_secrets, runs, secrets_of, secrets_set, states
from yizhan.desk.connectors.trying import try_out

__all__ = [
    "CONNECTOR",
    "FAILED",
    "PULL",
    "RECOVERED",
    "SECRETS",
    "CallFailed",
    "Caller",
    "Connector",
    "Freshness",
    "Looked",
    "Lookups",
    "Outage",
    "Preview",
    "Pulls",
    "RowProblem",
    "Run",
    "State",
    "Wire",
    "begin_pull",
    "forget_runs",
    "keep_planning",
    "keep_secrets",
    "plan",
    "records_of",
    "rewrap_secrets",
    "runs",
    "secrets_of",
    "secrets_set",
    "states",
    "try_out",
]
