"""Appointments 预约到店: who comes to which shop when and for what, and whether he came.

One is booked until the customer arrived, did not come, or it was cancelled; somebody who was given up may still arrive.
"""

from yizhan.records.appointments.model import Appointment, AppointmentState, NewAppointment, SlotFull
from yizhan.records.appointments.policy import MOST_NOTE, ensure
from yizhan.records.appointments.service import arrive, book, cancel, miss, move, reminded
from yizhan.records.appointments.store import (
    appointments_by_id,
    booked_between,
    lock_appointment,
    of_conversations,
    of_shop,
    taken,
)

__all__ = [
    "MOST_NOTE",
    "Appointment",
    "AppointmentState",
    "NewAppointment",
    "SlotFull",
    "appointments_by_id",
    "arrive",
    "book",
    "booked_between",
    "cancel",
    "ensure",
    "lock_appointment",
    "miss",
    "move",
    "of_conversations",
    "of_shop",
    "reminded",
    "taken",
]
