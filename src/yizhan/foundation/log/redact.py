"""Takes secrets out of what is logged: by the name they go under, and by what they look like."""

import re
from collections.abc import Mapping

HIDDEN = "[redacted]"
_DEEPEST = 6

_NAMES = (
    r"passw(?:or)?d|passphrase|secret|token|authorization|cookie|credential|signature"
    r"|(?:api|access|private|master|blind|signing|encoding_?aes)_?-?key"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\b(?:sk|rk|ghp|gho|xox[abp])[-_][\w-]{12,}"), HIDDEN),
    (
        # name=value of a URL or a form, name: value of a header, "name": "value" of a document
        re.compile(
            rf"""([\w-]*(?:{_NAMES})[\w-]*["']?\s*[:=]\s*["']?)(?!\[|bearer|basic)[^\s"'&,;}})]+""", re.IGNORECASE
        ),
        rf"\1{HIDDEN}",
    ),
)


def redact(name: str, value: object, depth: int = 0) -> object:
    """The value as it may be logged under that name. Numbers and switches stay: `tokens=512` is no secret."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if _NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): redact(str(key), inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact("", inner, depth + 1) for inner in value]
    return redact_text(str(value) if not isinstance(value, BaseException) else repr(value))


def redact_text(text: str) -> str:
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
