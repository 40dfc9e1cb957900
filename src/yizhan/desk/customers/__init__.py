"""Customers 客户: the list and the search of people, what happened with one of them, and what that comes to.

It reads across all owners and writes nothing.
"""

from yizhan.desk.customers.exporting import EXPORTED, EXPORTING, CustomerExport
from yizhan.desk.customers.finding import find
from yizhan.desk.customers.model import (
    ANYBODY,
    EVERYTHING,
    IN_SHORT,
    CustomerPage,
    CustomerRow,
    Entry,
    EntryKind,
    Figures,
    Matched,
    Place,
    ProfileField,
    Sort,
    Spent,
    Wanted,
)
from yizhan.desk.customers.profile import profile_of
from yizhan.desk.customers.service import customers_page, figures
from yizhan.desk.customers.store import persons_of, rows, seen
from yizhan.desk.customers.timeline import timeline

__all__ = [
    "ANYBODY",
    "EVERYTHING",
    "EXPORTED",
    "EXPORTING",
    "IN_SHORT",
    "CustomerExport",
    "CustomerPage",
    "CustomerRow",
    "Entry",
    "EntryKind",
    "Figures",
    "Matched",
    "Place",
    "ProfileField",
    "Sort",
    "Spent",
    "Wanted",
    "customers_page",
    "figures",
    "find",
    "persons_of",
    "profile_of",
    "rows",
    "seen",
    "timeline",
]
