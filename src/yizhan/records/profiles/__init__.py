"""Profiles 客户资料: what each source says of a contact, field by field, with its history, and whom we believe."""

from yizhan.records.profiles.model import (
    BY_HAND,
    LEVEL,
    NAME,
    FieldKey,
    FieldSpec,
    FieldType,
    KeptRecord,
    Option,
    Past,
    Record,
    Replaced,
    Said,
    SourceKey,
    Value,
    Word,
)
from yizhan.records.profiles.policy import Taken, take, winner
from yizhan.records.profiles.standards import moment, shown_moment, standard, standard_level, standard_name
from yizhan.records.profiles.store import add_past, past, records, records_after, write_records

__all__ = [
    "BY_HAND",
    "LEVEL",
    "NAME",
    "FieldKey",
    "FieldSpec",
    "FieldType",
    "KeptRecord",
    "Option",
    "Past",
    "Record",
    "Replaced",
    "Said",
    "SourceKey",
    "Taken",
    "Value",
    "Word",
    "add_past",
    "moment",
    "past",
    "records",
    "records_after",
    "shown_moment",
    "standard",
    "standard_level",
    "standard_name",
    "take",
    "winner",
    "write_records",
]
