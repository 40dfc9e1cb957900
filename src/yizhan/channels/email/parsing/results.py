"""Authentication-Results as servers write them (RFC 8601), comments and quotes removed."""

import re

from yizhan.channels.email.model import AuthMethod, AuthResults
from yizhan.channels.email.parsing.headers import Headers, decode_text

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_METHOD = re.compile(r"\s*([a-z0-9-]{1,40})(?:\s*/\s*\d+)?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z0-9-]{1,40}\.[a-z0-9-]{1,40})\s*=\s*([^\s;]{1,320})", re.IGNORECASE)
_MAX_HEADERS = 20
_MAX_METHODS = 20
_MAX_NESTING = 5


def read_results(headers: Headers) -> tuple[AuthResults, ...]:
    """Topmost first. Only the desk knows which authserv-id is its own, so all are kept with theirs."""
    lines = headers.raw_all("authentication-results")[:_MAX_HEADERS]
    return tuple(read_results_line(decode_text(line)) for line in lines)


def read_results_line(text: str) -> AuthResults:
    text = text[:8_000]
    for _ in range(_MAX_NESTING):
        text = _COMMENT.sub(" ", text)
    # A quoted reason may hold what looks like another method.
    text = _QUOTED.sub(lambda found: re.sub(r"[;=\s]", "_", found[1]), text)
    authserv, *parts = text.split(";")
    methods = []
    for part in parts[:_MAX_METHODS]:
        found = _METHOD.match(part)
        if found is not None:
            properties = {name.lower(): value for name, value in _PROPERTY.findall(part, found.end())}
            methods.append(AuthMethod(found[1].lower(), found[2].lower(), properties))
    return AuthResults(authserv.split(maxsplit=1)[0].lower() if authserv.strip() else "", tuple(methods))
