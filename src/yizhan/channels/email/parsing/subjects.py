"""Subjects freed of what mail programs put in front."""

import re

# One prefix of a reply or a forward in the languages customers' programs speak, with an optional counter.
_PREFIX = re.compile(
    r"^\s*(re|fw|fwd|aw|wg|tr|sv|vs|antw|rv|回复|回覆|答复|答覆|转发|轉寄|轉發|转寄)\s*([\[(（【]\s*\d{1,3}\s*[\])）】]|\^\d{1,3})?"
    r"\s*[:：]\s*",
    re.IGNORECASE,
)


def normalise_subject(subject: str) -> str:
    """`Re: 回复[2]：Fwd: X` becomes `X`; case and inner spaces folded so that it compares."""
    rest = subject
    while (match := _PREFIX.match(rest)) is not None and match.end() < len(rest):
        rest = rest[match.end() :]
    return " ".join(rest.split()).casefold()
