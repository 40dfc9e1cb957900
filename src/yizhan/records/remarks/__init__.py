"""Remarks 客户备忘与标签: what people of the house note about a customer, and the tags they give him.

Both hang on the contact they were given to: whoever is taken apart keeps his own.
"""

from yizhan.records.remarks.model import MOST_TAGS, Remark
from yizhan.records.remarks.policy import LONGEST_REMARK, LONGEST_TAG
from yizhan.records.remarks.service import add_remark, pin_remark, remove_remark, tag_customer
from yizhan.records.remarks.store import known_tags, pinned_of, remark, tags_of

__all__ = [
    "LONGEST_REMARK",
    "LONGEST_TAG",
    "MOST_TAGS",
    "Remark",
    "add_remark",
    "known_tags",
    "pin_remark",
    "pinned_of",
    "remark",
    "remove_remark",
    "tag_customer",
    "tags_of",
]
