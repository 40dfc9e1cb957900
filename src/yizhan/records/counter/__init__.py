"""The counter 门店: codes that customers show, who stood before whom, and what he came for 到店记录."""

from yizhan.records.counter.model import (
    CodeSpent,
    CodeUnknown,
    Encounter,
    How,
    MemberCode,
    NewEncounter,
    NewVisit,
    ShopVisit,
)
from yizhan.records.counter.policy import CODE_DIGITS, MARK, digits_of
from yizhan.records.counter.service import log_visit, meet, meet_by_code, open_encounter, show_code
from yizhan.records.counter.store import encounter, forget_codes, visit_of_encounter, visits_of_shop

__all__ = [
    "CODE_DIGITS",
    "MARK",
    "CodeSpent",
    "CodeUnknown",
    "Encounter",
    "How",
    "MemberCode",
    "NewEncounter",
    "NewVisit",
    "ShopVisit",
    "digits_of",
    "encounter",
    "forget_codes",
    "log_visit",
    "meet",
    "meet_by_code",
    "open_encounter",
    "show_code",
    "visit_of_encounter",
    "visits_of_shop",
]
