"""Problem documents (RFC 9457): the one form of every refusal, framework or not."""

import msgspec

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Request time-out",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid input",
    423: "Locked",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code` is stable and what programs decide by; `title`, `detail` and `zh`, in Chinese, for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    retry_after: int | None = None
    zh: str | None = None


def problem(
    status: int, code: str, detail: str = "", *, field: str | None = None, retry_after: int | None = None,
    zh: str | None = None,
) -> Problem:  # fmt: skip
    title = TITLES.get(status, "Error")
    return Problem(f"urn:yizhan:problem:{code}", title, status, detail or title, code, field, retry_after, zh)


def encode(of: Problem) -> bytes:
    return msgspec.json.encode(of)
