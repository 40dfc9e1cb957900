"""Configuration 配置: documents with immutable versions, of which one release at a time is in force.

A capability declares its `Kind` (a name and the struct its documents have) and reads the decoded struct from
`Published`; drafts, differences, release, roll-back and files are the same for all kinds.
"""

from yizhan.records.config.advice import EMPTY_TEAM, Around, of_condition, of_teams
from yizhan.records.config.calendars import CALENDAR, SERVICE_HOURS, house_calendar
from yizhan.records.config.faults import RULE_FAILED, FaultLog
from yizhan.records.config.files import read_files, write_files
from yizhan.records.config.live import Live
from yizhan.records.config.model import (
    DEFAULT,
    RELEASED,
    SAVED,
    Advice,
    Body,
    Change,
    Circular,
    CountedFault,
    Document,
    DocumentChange,
    Kind,
    Kinds,
    Pick,
    Places,
    Ref,
    Release,
    Written,
)
from yizhan.records.config.policy import Published, changed_documents, diff, sources, title_of
from yizhan.records.config.renaming import rename_value, who_names
from yizhan.records.config.rulings import Placed, Rulings, chain, check_places, check_rulings, laid_over
from yizhan.records.config.sentences import in_chinese
from yizhan.records.config.service import Configuration
from yizhan.records.config.store import failed_rules
from yizhan.records.config.types import (
    OWN_WORDS_LENGTH,
    SHIPPED_TREE,
    SHIPPED_TYPES,
    TICKET_TYPES,
    UNSORTED,
    TicketTypes,
    TypeBook,
    TypeKey,
    TypeNode,
    TypeTree,
    check_types,
    is_within,
    path_of,
    type_tree,
)

__all__ = [
    "CALENDAR",
    "DEFAULT",
    "EMPTY_TEAM",
    "OWN_WORDS_LENGTH",
    "RELEASED",
    "RULE_FAILED",
    "SAVED",
    "SERVICE_HOURS",
    "SHIPPED_TREE",
    "SHIPPED_TYPES",
    "TICKET_TYPES",
    "UNSORTED",
    "Advice",
    "Around",
    "Body",
    "Change",
    "Circular",
    "Configuration",
    "CountedFault",
    "Document",
    "DocumentChange",
    "FaultLog",
    "Kind",
    "Kinds",
    "Live",
    "Pick",
    "Placed",
    "Places",
    "Published",
    "Ref",
    "Release",
    "Rulings",
    "TicketTypes",
    "TypeBook",
    "TypeKey",
    "TypeNode",
    "TypeTree",
    "Written",
    "chain",
    "changed_documents",
    "check_places",
    "check_rulings",
    "check_types",
    "diff",
    "failed_rules",
    "house_calendar",
    "in_chinese",
    "is_within",
    "laid_over",
    "of_condition",
    "of_teams",
    "path_of",
    "read_files",
    "rename_value",
    "sources",
    "title_of",
    "type_tree",
    "who_names",
    "write_files",
]
