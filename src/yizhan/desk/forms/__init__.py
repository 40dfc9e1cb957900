"""Forms: own fields of tickets, typed, shown by condition and required by status; all of it released documents."""

from yizhan.desk.forms.book import TICKET_FIELDS, TICKET_FORM, FormBook, asked_fields, check_asked
from yizhan.desk.forms.documents import FieldKind, FieldSpec, FormRow, Option, TicketFields, TicketForm
from yizhan.desk.forms.policy import Row, compile_rows, missing, shown
from yizhan.desk.forms.service import FieldsMissing, ensure_filled, fill, gate, reveal, rows_of, told
from yizhan.desk.forms.values import FieldInvalid, clean, fact_of

__all__ = [
    "TICKET_FIELDS",
    "TICKET_FORM",
    "FieldInvalid",
    "FieldKind",
    "FieldSpec",
    "FieldsMissing",
    "FormBook",
    "FormRow",
    "Option",
    "Row",
    "TicketFields",
    "TicketForm",
    "asked_fields",
    "check_asked",
    "clean",
    "compile_rows",
    "ensure_filled",
    "fact_of",
    "fill",
    "gate",
    "missing",
    "reveal",
    "rows_of",
    "shown",
    "told",
]
