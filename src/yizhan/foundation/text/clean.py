"""What PostgreSQL and UTF-8 cannot hold is taken out at the edge, once."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without U+0000 and without lone surrogates; a proper surrogate pair becomes its character."""
    if not _UNSTORABLE.search(text):
        return text
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNSTORABLE.sub("", paired)
