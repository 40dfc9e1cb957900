"""Segments 客户分层: groups of customers by what is known of them, kept up to date, asked for by every rule.

What is known lies in one narrow row a person, always counted anew from the sources. What time alone changes ("within
30 days") is counted at its instant: each row knows when that is.
"""

from yizhan.desk.segments.documents import SEGMENT, SegmentDocument, SegmentTitle, condition_of
from yizhan.desk.segments.export import head, lines
from yizhan.desk.segments.fields import PROFILE, SEGMENT_FIELDS
from yizhan.desk.segments.jobs import SegmentBook, SegmentWatch, segment_reader
from yizhan.desk.segments.model import CHANGED, EXPORTED, JUDGED, Fit, Membership, Totals
from yizhan.desk.segments.policy import Rules, compile_segments
from yizhan.desk.segments.service import SAMPLE, begin_anew, count_anew, fit, tell_export
from yizhan.desk.segments.store import cards, is_settled, known, members, of_person, sizes, totals

__all__ = [
    "CHANGED",
    "EXPORTED",
    "JUDGED",
    "PROFILE",
    "SAMPLE",
    "SEGMENT",
    "SEGMENT_FIELDS",
    "Fit",
    "Membership",
    "Rules",
    "SegmentBook",
    "SegmentDocument",
    "SegmentTitle",
    "SegmentWatch",
    "Totals",
    "begin_anew",
    "cards",
    "compile_segments",
    "condition_of",
    "count_anew",
    "fit",
    "head",
    "is_settled",
    "known",
    "lines",
    "members",
    "of_person",
    "segment_reader",
    "sizes",
    "tell_export",
    "totals",
]
