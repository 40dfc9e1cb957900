"""Which notices an outlet takes, when it may speak, how many calls it has left, and what a failure means. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from yizhan.desk.outlets.documents import PER_MINUTE, Outlet, Quiet
from yizhan.desk.outlets.model import FAILED, Cause

MINUTE = timedelta(minutes=1)
MOST_TRIES = 3
ALONE = 3
"""So many notices at once each have a message of their own; more become one digest."""
IN_A_DIGEST = 40
RETRY_AFTER = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
IN_HAND = timedelta(seconds=30)
"""What is being sent belongs to its sender for so long; after that he is thought dead and it is sent again."""

_RANK = {"info": 0, "warning": 1, "critical": 2}


def takes(outlet: Outlet, why: str, level: str, team: UUID | None) -> bool:
    """Never the failure of an outlet itself: that would be told for ever."""
    if not outlet.on or why == FAILED or _RANK.get(level, 0) < _RANK[outlet.least]:
        return False
    if outlet.teams and team not in outlet.teams:
        return False
    return not outlet.reasons or any(_fits(each, why) for each in outlet.reasons)


def _fits(reason: str, why: str) -> bool:
    if reason.endswith("*"):
        return why.startswith(reason[:-1])
    return why == reason


def is_quiet(quiet: Quiet | None, level: str, now: datetime) -> bool:
    return quiet_until(quiet, level, now) is not None


def quiet_until(quiet: Quiet | None, level: str, now: datetime) -> datetime | None:
    """The end of the quiet hours it is in now; None when it may speak."""
    if quiet is None or (quiet.critical_passes and level == "critical"):
        return None
    local = now.astimezone(ZoneInfo(quiet.tz))
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    at = local.time()
    over_midnight = end < start
    inside = (at >= start or at < end) if over_midnight else start <= at < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and at >= start else local.date()
    return datetime.combine(day, end, local.tzinfo).astimezone(now.tzinfo)


def per_minute(outlet: Outlet) -> int:
    return outlet.per_minute or PER_MINUTE[outlet.kind]


def room(outlet: Outlet, calls: Sequence[datetime], now: datetime) -> int:
    """How many calls are left in this minute, after those of the last one."""
    return max(0, per_minute(outlet) - sum(at > now - MINUTE for at in calls))


def room_again(calls: Sequence[datetime]) -> datetime:
    return min(calls) + MINUTE


def taken_at_once(due: int, left: int) -> int:
    """How many notices the next call is made of."""
    return 1 if due <= min(ALONE, left) else IN_A_DIGEST


def again_after(cause: Cause, tries: int, pause: timedelta | None) -> timedelta | None:
    """When to try once more; None is the end. A vendor's own pause counts as no try."""
    if cause is Cause.LIMITED:
        return pause or MINUTE
    if cause is Cause.REFUSED or tries > MOST_TRIES:
        return None
    return RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]


def subject_of(name: str) -> UUID:
    """Outlets have names, events need ids."""
    return uuid5(NAMESPACE_URL, f"yizhan:outlet:{name}")
