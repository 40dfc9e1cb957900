"""The roster of the demo: two weeks of early, late and night shifts, somebody on call, leave, and a 调休 Saturday.

Who tries the demo should meet people at any hour: the shifts of 林一 and 苏瑾 end when hardly anybody looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yizhan.app.demo.people import Staff, cast
from yizhan.foundation.db import Tx
from yizhan.records import agents, rosters
from yizhan.records.agents import PresenceState
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.rosters import LeaveKind, NewLeave, NewShift, ShiftKind

ZONE = ZoneInfo("Asia/Shanghai")
_BY = "system"
_NOT_YET = timedelta(hours=1)
_DAYS = 14
_EARLY, _LATE, _NIGHT = ("08:00", "17:00"), ("15:00", "00:00"), ("23:30", "08:00")
_OWN = {"linyi": ("16:00", "02:00"), "sujin": ("12:00", "02:00"), "zhuguan": ("10:00", "19:00")}
_ON_CALL = ("18:00", "07:30")


async def plan(tx: Tx, staff: Staff, now: datetime) -> None:
    """From this week's Monday; shifts that nobody can work are left out."""
    today = now.astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday())
    await rosters.add_shifts(tx, list(_shifts(staff, monday)), by=_BY, now=now, skip=True)
    for login, kind, day in (("after05", LeaveKind.ANNUAL, 1), ("presale03", LeaveKind.SICK, 0)):
        begin = datetime.combine(today + timedelta(days=day), time(), ZONE)
        leave = NewLeave(
            agent_id=staff.people[login], kind=kind, starts_at=begin, ends_at=begin + timedelta(days=2), tz=str(ZONE)
        )
        await rosters.add_leave(tx, leave, by=_BY, now=now)


async def worked(tx: Tx, staff: Staff, now: datetime) -> None:
    """Yesterday's presence of everybody, as the roster would have had it: what a simulation of that day goes by."""
    today = now.astimezone(ZONE).date()
    yesterday, monday = today - timedelta(days=1), today - timedelta(days=1 + (today - timedelta(days=1)).weekday())
    shifts = [each for each in _shifts(staff, monday) if each.day == yesterday and each.kind is not ShiftKind.ON_CALL]
    # Who said already whether he is there, before the demo began anew, keeps his place.
    known = {id for id in {each.agent_id for each in shifts} if await agents.presence_of(tx, id) is not None}
    for each in sorted(shifts, key=lambda shift: (shift.agent_id, shift.begin)):
        if each.agent_id in known:
            continue
        begin, end = rosters.span_of(each)
        end = min(end, now - _NOT_YET)
        if begin < end:
            actor = f"agent:{each.agent_id}"
            await agents.set_presence(tx, each.agent_id, PresenceState.ONLINE, None, begin, actor)
            await agents.set_presence(tx, each.agent_id, PresenceState.OFFLINE, None, end, actor)


async def rule(tx: Tx, configuration: Configuration, staff: Staff, now: datetime) -> None:
    """Three of 售后 L1 may rest at a time, and the coming Saturday is worked."""
    today = now.astimezone(ZONE).date()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    quota: Body = {
        "title": "售后 L1:小休最多 3 人",
        "title_en": "After-sales L1: three on a break at most",
        "teams": [str(staff.teams["after"])],
        "break_quota": 3,
        # Whoever tries the demo comes in when he likes, and finds what is his.
        "absent_s": None,
        "absent_all_s": None,
    }
    released = await configuration.published(tx)
    hours: Body = {**(released.document("calendar", "default").body or {}), "makeup_days": [saturday.isoformat()]}
    picks = []
    for kind, name, body in (("roster", "after", quota), ("calendar", "default", hours)):
        saved = await configuration.save(tx, kind, name, body, by=_BY, now=now)
        picks.append(Pick(kind, name, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="小休名额与调休")


def _shifts(staff: Staff, monday: date) -> Iterator[NewShift]:
    for number, part in enumerate(p for p in cast() if p.team and p.login in staff.people):
        usual = _OWN.get(part.login) or (_NIGHT if part.team == "night" else (_EARLY, _LATE)[number % 2])
        for day in (monday + timedelta(days=n) for n in range(_DAYS)):
            free = {(number + 2 * (day.isocalendar().week % 3)) % 7, (number + 3) % 7}
            if day.weekday() in free and part.login not in _OWN and day.weekday() != 5:
                continue
            kind = ShiftKind.NIGHT if part.team == "night" else ShiftKind.DAY
            yield _shift(staff, part.login, part.team, kind, day, usual)
            if usual is _EARLY and day.weekday() == number % 7:
                yield _shift(staff, part.login, part.team, ShiftKind.ON_CALL, day, _ON_CALL)


def _shift(staff: Staff, login: str, team: str, kind: ShiftKind, day: date, hours: tuple[str, str]) -> NewShift:
    begin, until = (time.fromisoformat(each) for each in hours)
    return NewShift(
        team_id=staff.teams[team], agent_id=staff.people[login], kind=kind, day=day, begin=begin, until=until,
        tz=str(ZONE),
    )  # fmt: skip
