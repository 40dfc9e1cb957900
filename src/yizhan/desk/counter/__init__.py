"""The counter 门店: who stands there, what he came for, and appointments 预约到店 passed on from a chat.

What is shown of a customer at a counter follows the document `verification`: until he has shown a member code of a
telephone that is signed in on the house's own site (核身 by presence), his orders and matters stay masked there.
"""

from yizhan.desk.counter.booking import (
    Agreed,
    Books,
    Wanted,
    agree,
    book_from_chat,
    change,
    ensure_customer_may,
    miss,
    of_customer,
    withdraw,
)
from yizhan.desk.counter.documents import SHOP, Shop, ShopBook, ShopWords, StandingShop
from yizhan.desk.counter.glance import glance
from yizhan.desk.counter.greeting import appointment_kept, greet, greet_by_appointment, new_member_code
from yizhan.desk.counter.jobs import register_timers
from yizhan.desk.counter.model import (
    CounterAppointment,
    CounterOrder,
    CounterTicket,
    CounterVisit,
    Glance,
    Owed,
    ShownCode,
    ShownIdentity,
    Slot,
)
from yizhan.desk.counter.policy import day_of, slots_of
from yizhan.desk.counter.store import appointments, appointments_of, visits_of_shop
from yizhan.desk.counter.wording import purpose_in

__all__ = [
    "SHOP",
    "Agreed",
    "Books",
    "CounterAppointment",
    "CounterOrder",
    "CounterTicket",
    "CounterVisit",
    "Glance",
    "Owed",
    "Shop",
    "ShopBook",
    "ShopWords",
    "ShownCode",
    "ShownIdentity",
    "Slot",
    "StandingShop",
    "Wanted",
    "agree",
    "appointment_kept",
    "appointments",
    "appointments_of",
    "book_from_chat",
    "change",
    "day_of",
    "ensure_customer_may",
    "glance",
    "greet",
    "greet_by_appointment",
    "miss",
    "new_member_code",
    "of_customer",
    "purpose_in",
    "register_timers",
    "slots_of",
    "visits_of_shop",
    "withdraw",
]
