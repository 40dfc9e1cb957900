"""The part of a mail the customer wrote now, apart from what it answers.

Two ways in, one judgement: text is read by lines, HTML by the same lines plus the elements mail programs wrap
quotes in. Forwarded mail is what the customer wants us to read and stays visible. When nothing would be left,
everything is visible: hiding words is worse than showing them twice.
"""

import re

import msgspec

from yizhan.foundation.text.html import to_text, well_formed
from yizhan.foundation.text.quote_marks import QUOTED_LINE, RULE, attribution, is_forward, opens_answered_mail
from yizhan.foundation.text.quoted_html import quoted_parts


class Visible(msgspec.Struct, frozen=True):
    """`visible` is shown, `quoted` waits behind a click; together they are the whole body."""

    visible: str
    quoted: str


_DEVICE = re.compile(
    r"\s*(?:发自我的.{1,30}|发自.{0,12}(?:邮箱|手机|iPhone|iPad|mail).{0,20}|從我的.{1,20}傳送"
    r"|Sent from (?:my |Mail|Outlook|Yahoo|Proton).{0,40}"
    r"|Get Outlook for .{1,40}|获取 ?Outlook.{0,30}|来自.{1,12}邮箱.{0,20}|---?|\*+|Von meinem .{1,20} gesendet)\s*$",
    re.I,
)


def strip_quoted(text: str) -> Visible:
    """Text mail, or any text with mail habits."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    quoted = _quoted_lines(lines)
    visible, hidden = _picked(lines, quoted, wanted=False), _picked(lines, quoted, wanted=True)
    if not hidden.strip() or _says_nothing(visible):
        return Visible("\n".join(lines).strip("\n"), "")
    return Visible(visible, hidden)


def strip_quoted_html(html: str) -> Visible:
    """HTML mail; both parts are HTML still to be sanitised, possibly with elements left open."""
    page = well_formed(html)
    visible, quoted, at = [], [], 0
    for start, end in quoted_parts(page):
        visible.append(page[at:start])
        quoted.append(page[start:end])
        at = end
    shown = "".join([*visible, page[at:]])
    if not quoted or (_says_nothing(to_text(shown)) and "<img" not in shown.lower()):
        return Visible(html, "")
    return Visible(shown, "".join(quoted))


def _says_nothing(visible: str) -> bool:
    return all(not line.strip() or _DEVICE.match(line) or RULE.match(line) for line in visible.split("\n"))


def _picked(lines: list[str], quoted: list[bool], *, wanted: bool) -> str:
    kept = "\n".join(line for line, is_quoted in zip(lines, quoted, strict=True) if is_quoted is wanted)
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n").rstrip()


def _quoted_lines(lines: list[str]) -> list[bool]:
    quoted = [False] * len(lines)
    for at, line in enumerate(lines):
        if is_forward(line):
            return quoted
        span = attribution(lines, at)
        if span and _marked_next(lines, at + span):
            start, end = _answered(lines, at, at + span)
        elif span or opens_answered_mail(lines, at):
            start, end = _with_rule_above(lines, at), len(lines)
        else:
            continue
        quoted[start:end] = [True] * (end - start)
        return quoted
    start = _last_marked(lines, len(lines))
    quoted[start:] = [True] * (len(lines) - start)
    return quoted


def _marked_next(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return QUOTED_LINE.match(following) is not None


def _answered(lines: list[str], start: int, body: int) -> tuple[int, int]:
    """The quote after an attribution at `start`. Answers written between the quotes keep their questions."""
    marked = [QUOTED_LINE.match(line) is not None for line in lines]
    end = 1 + max(at for at, is_marked in enumerate(marked) if is_marked)
    answers = [at for at in range(body, end) if lines[at].strip() and not marked[at] and not _broken(lines, marked, at)]
    if not answers:
        return start, end
    if any(line.strip() for line in lines[end:]):
        return end, end
    return _last_marked(lines, end), end


def _broken(lines: list[str], marked: list[bool], at: int) -> bool:
    """The left-over of a quoted line that a mail program broke in two."""
    return marked[at - 1] and marked[at + 1] and len(lines[at]) < 30


def _last_marked(lines: list[str], end: int) -> int:
    """Where the run of quoted lines that ends at `end` begins; `end` itself when there is none."""
    start = end
    while start and (QUOTED_LINE.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    has_quote = any(QUOTED_LINE.match(line) for line in lines[start:end])
    return start if has_quote else end


def _with_rule_above(lines: list[str], at: int) -> int:
    """A line of dashes just above belongs to the quote."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and RULE.match(lines[above]) else at
