"""Raw bytes to `ParsedMail`: own MIME reading, because it must be bounded, fast and never raise."""

from yizhan.channels.email.parsing.assemble import parse
from yizhan.channels.email.parsing.automatic import LOOP_HEADER
from yizhan.channels.email.parsing.bounces import classify, says_absent
from yizhan.channels.email.parsing.content import make_attachment, safe_file_name
from yizhan.channels.email.parsing.headers import Headers, decode_text, split_headers
from yizhan.channels.email.parsing.results import read_results_line
from yizhan.channels.email.parsing.subjects import normalise_subject

__all__ = [
    "LOOP_HEADER",
    "Headers",
    "classify",
    "decode_text",
    "make_attachment",
    "normalise_subject",
    "parse",
    "read_results_line",
    "safe_file_name",
    "says_absent",
    "split_headers",
]
