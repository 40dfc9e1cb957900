"""Where an HTML mail quotes: by the elements mail programs wrap quotes in, and by the lines a reader would see."""

import re
from bisect import bisect_left
from html.parser import HTMLParser
from itertools import pairwise

from yizhan.foundation.text.quote_marks import RULE, attribution, is_forward, opens_answered_mail


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_VOID = _names("area base br col embed hr img input link meta source track wbr")
_LINE_TAGS = _names(
    "address article blockquote body br center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tbody td "
    "th tr ul"
)
_UNSEEN_TAGS = _names("head script style title")

# Elements that hold the quote: Gmail, Yahoo, Thunderbird, Proton, Tutanota, Zoho, NetEase, Aliyun, Lark, QQ, Foxmail.
_WRAPPERS = re.compile(
    r"(?:^|\s)(?:gmail_quote\S*|yahoo_quoted|moz-cite-prefix|protonmail_quote|tutanota_quote|zmail_extra\S*"
    r"|ntes-mailmaster-quote|alimail-quote|lark-mail-quote\S*|history-quote-wrapper|qmbox|foxmail|isReplyContent"
    r"|mail-editor-reference-message-container|front-blockquote|quoted_mail|wemail-quote\S*)(?=\s|$)",
    re.I,
)
# Elements after which everything is the quote: Outlook on the web, desktop and phone.
_CUTS = re.compile(
    r"(?:^|\s)(?:divRplyFwdMsg|appendonsend|stopSpelling|OLK_SRC_BODY_SECTION"
    r"|ms-outlook-mobile-reference-message)(?=\s|$)",
    re.I,
)
_FORWARDED = re.compile(r"(?:^|\s)isForwardContent(?=\s|$)", re.I)
_FIRST_LINES = 3  # of a part, where a forward says so
_MAX_LINE = 2_000  # what announces a quote is shorter
_INDENT = re.compile(r"webkit-indent-blockquote|border(?:-left)?\s*:\s*(?:none|0|medium none)", re.I)


class _Line:
    """One line as a reader sees it, and where it begins in the source; `part` is the quote it stands in."""

    def __init__(self, start: int, part: int | None) -> None:
        self.text = ""
        self.start = start
        self.part = part


def quoted_parts(html: str) -> list[tuple[int, int]]:
    """The stretches of well-formed `html` that quote, in order."""
    walk = _Walk(html)
    lines = [line for line in walk.lines if line.text.strip()]
    forwarding = _forwarding(lines)
    parts = {number: span for number, span in enumerate(walk.parts) if number not in forwarding}
    texts = [line.text.strip() for line in lines]
    end = min([*walk.cuts, len(html)])
    for at, line in enumerate(lines):
        if line.start >= end:
            break
        if line.part in parts:
            continue
        if is_forward(texts[at]):
            parts = {number: span for number, span in parts.items() if span[0] < line.start}
            end = len(html)
            break
        following = lines[at + span].part if (span := attribution(texts, at)) and at + span < len(lines) else None
        if following is not None and following in parts:
            parts[following] = (line.start, parts[following][1])
        elif span or opens_answered_mail(texts, at):
            above = lines[at - 1] if at and RULE.match(texts[at - 1]) else line
            end = min(end, above.start)
            break
    return _merged(_without_questions(parts, lines), end, len(html))


def _forwarding(lines: list[_Line]) -> set[int]:
    """The parts that begin by saying they pass a mail on."""
    begun: dict[int, int] = {}
    found: set[int] = set()
    for line in lines:
        if line.part is not None:
            begun[line.part] = begun.get(line.part, 0) + 1
            if begun[line.part] <= _FIRST_LINES and is_forward(line.text.strip()):
                found.add(line.part)
    return found


def _without_questions(parts: dict[int, tuple[int, int]], lines: list[_Line]) -> list[tuple[int, int]]:
    """Answers between quotes keep their questions: then only a last quote with nothing after it goes."""
    spans = sorted(parts.values())
    own = [line.start for line in lines if line.part not in parts]

    def said_between(start: int, end: int) -> bool:
        return bisect_left(own, start) < bisect_left(own, end)

    if not any(said_between(left[1], right[0]) for left, right in pairwise(spans)):
        return spans
    return [span for span in spans[-1:] if not said_between(span[1], lines[-1].start + 1)]


def _merged(parts: list[tuple[int, int]], cut: int, length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*parts, (cut, length)]):
        if start >= length:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Walk(HTMLParser):
    """Reads the source once: its lines, the elements that hold quotes (`parts`), the marks that begin one (`cuts`)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[_Line] = [_Line(0, None)]
        self.parts: list[tuple[int, int]] = []
        self.cuts: list[int] = []
        self._html = html
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", html))]
        self._open: list[str] = []
        self._part: tuple[int, int] | None = None  # depth of the element, where it began
        self._unseen = 0
        self.feed(html)
        self.close()
        if self._part:
            self._end_part(len(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self._offset()
        if tag in _LINE_TAGS:
            self._new_line(at)
        self._unseen += tag in _UNSEEN_TAGS
        known = {name: value or "" for name, value in attrs}
        named = f"{known.get('class', '')} {known.get('id', '')}"
        if self._part is None and _CUTS.search(named):
            self.cuts.append(at)
        elif self._part is None and not _FORWARDED.search(named) and _quotes(tag, named, known):
            self._part = (len(self._open), at)
            self.lines.append(_Line(at, len(self.parts)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        after = self._html.find(">", self._offset()) + 1 or len(self._html)
        self._unseen -= self._unseen > 0 and tag in _UNSEEN_TAGS
        if tag in self._open[-50:]:
            while self._open.pop() != tag:
                pass
        if self._part and len(self._open) <= self._part[0]:
            self._end_part(after)
        elif tag in _LINE_TAGS:
            self._new_line(after)

    def handle_data(self, data: str) -> None:
        if not self._unseen and len(self.lines[-1].text) < _MAX_LINE:
            self.lines[-1].text += data.replace("\n", " ").replace("\xa0", " ")

    def _new_line(self, at: int) -> None:
        line = self.lines[-1]
        if line.text.strip() or line.part != self._part_number():
            self.lines.append(_Line(at, self._part_number()))

    def _end_part(self, at: int) -> None:
        if self._part:
            self.parts.append((self._part[1], at))
            self._part = None
            self.lines.append(_Line(at, None))

    def _part_number(self) -> int | None:
        return len(self.parts) if self._part else None

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column


def _quotes(tag: str, named: str, attributes: dict[str, str]) -> bool:
    if _WRAPPERS.search(named):
        return True
    if tag != "blockquote":
        return False
    return attributes.get("type", "").lower() == "cite" or not _INDENT.search(named + attributes.get("style", ""))
