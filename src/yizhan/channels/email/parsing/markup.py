"""HTML bodies before the sanitiser sees them: what would cost it minutes is read as bare text instead."""

import html as entities
import re

from yizhan.foundation.text import html as markup
from yizhan.foundation.text import quotes

_MAX_TAGS = 100_000
_MAX_ENTITIES = 150_000
_MAX_OPEN = 2_000  # browsers stop at 512; the sanitiser's cost grows with the square of the depth
_MAX_QUOTED_HTML = 500_000
_TAG = re.compile(r"<(/?)([a-zA-Z]{1,20})")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
# Elements that need no end or whose end is often left out: they do not nest.
_UNCLOSED = frozenset(
    "area base br col dd dt hr img input li link meta option p tbody td th thead tr wbr".split()  # noqa: SIM905
)


def is_hostile(written: str) -> bool:
    """No mail program writes so many tags, entities or levels."""
    if written.count("<") > _MAX_TAGS or written.count("&") > _MAX_ENTITIES:
        return True
    if written.count("<") <= _MAX_OPEN:
        return False
    depth = 0
    for match in _TAG.finditer(written):
        name = match.group(2).lower()
        if name not in _UNCLOSED:
            depth = max(0, depth - 1) if match.group(1) else depth + 1
            if depth > _MAX_OPEN:
                return True
    return False


def bare_text(written: str) -> str:
    return entities.unescape(_ANY_TAG.sub(" ", written[:_MAX_QUOTED_HTML])).strip()


def visible_part(written: str, text: str) -> quotes.Visible:
    """The HTML knows best what is quoted; `text` is its plain reading, used where the HTML marks nothing."""
    if len(written) <= _MAX_QUOTED_HTML:
        parts = quotes.strip_quoted_html(_well_formed(written))
        if parts.quoted:
            shown, hidden = (markup.to_text(markup.sanitize(part)) for part in (parts.visible, parts.quoted))
            return quotes.Visible(shown, hidden)
    return quotes.strip_quoted(text)


def _well_formed(written: str) -> str:
    """Hostile markup costs the standard parser quadratic time or an assertion; nh3 reads it as browsers do."""
    import nh3

    return nh3.clean(
        written,
        tags=nh3.ALLOWED_TAGS | {"font", "section", "address"},
        attributes={"*": {"class", "id", "style", "type"}, "a": {"href"}, "img": {"alt"}},
        link_rel=None,
    )
