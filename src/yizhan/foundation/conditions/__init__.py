"""One condition tree for rules, triage, routing, SLA scope, views, segments and alerts.

JSON `{"all": […]}`, `{"any": […]}`, `{"not": …}` of `{"field", "op", "value"}`, checked once against a declared
`FieldSet`, then run as a closure over one row's facts or as a parametrised SQL condition; both always agree.
"""

from yizhan.foundation.conditions.closure import Facts, compile_closure
from yizhan.foundation.conditions.contradiction import always_holds, contradiction
from yizhan.foundation.conditions.describe import describe
from yizhan.foundation.conditions.model import (
    OPS,
    All,
    Any,
    Condition,
    Field,
    FieldSet,
    FieldType,
    Leaf,
    Not,
    Op,
    Value,
)
from yizhan.foundation.conditions.parse import MAX_DEPTH, MAX_NODES, parse
from yizhan.foundation.conditions.sql import compile_sql, compile_turn
from yizhan.foundation.conditions.tree import fields_used, leaves, to_tree

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "OPS",
    "All",
    "Any",
    "Condition",
    "Facts",
    "Field",
    "FieldSet",
    "FieldType",
    "Leaf",
    "Not",
    "Op",
    "Value",
    "always_holds",
    "compile_closure",
    "compile_sql",
    "compile_turn",
    "contradiction",
    "describe",
    "fields_used",
    "leaves",
    "parse",
    "to_tree",
]
