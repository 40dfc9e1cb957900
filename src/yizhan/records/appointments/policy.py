"""What may become of an appointment. Pure."""

from __future__ import annotations

from yizhan.foundation.errors import IllegalTransition, Invalid
from yizhan.records.appointments.model import AppointmentState, NewAppointment

MOST_NOTE = 500
_MOST_PURPOSE = 80
_S = AppointmentState
NEXT: dict[AppointmentState, frozenset[AppointmentState]] = {
    _S.BOOKED: frozenset({_S.ARRIVED, _S.MISSED, _S.CANCELLED, _S.BOOKED}),
    _S.MISSED: frozenset({_S.ARRIVED, _S.BOOKED}),
    _S.ARRIVED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""To `booked` is another time: also for who missed the first."""


def ensure(state: AppointmentState, wanted: AppointmentState) -> None:
    if wanted not in NEXT[state]:
        raise IllegalTransition(state, wanted)


def check_new(new: NewAppointment) -> None:
    if not new.purpose.strip() or len(new.purpose) > _MOST_PURPOSE:
        raise Invalid(f"say in 1 to {_MOST_PURPOSE} characters what the customer comes for", "purpose")
    if len(new.note) > MOST_NOTE:
        raise Invalid(f"a note has at most {MOST_NOTE} characters", "note")
