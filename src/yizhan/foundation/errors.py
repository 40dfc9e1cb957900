"""The errors of the domain. The web floor translates them once, to RFC 9457 problem documents."""

# ruff: noqa: N818 - the names are the words of the domain: what happened, not that it is an error

from typing import ClassVar


class DomainError(Exception):
    """Something the caller may be told. `code` is stable and part of the API; the message is for people."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.code)
        self.message = message or self.code


class NotFound(DomainError):
    """It does not exist, or the caller may not know that it does."""

    code = "not_found"


class Conflict(DomainError):
    """The row moved on since the caller read it, or somebody else holds the name."""

    code = "conflict"


class Forbidden(DomainError):
    """The caller is known but may not do this."""

    code = "forbidden"


class Invalid(DomainError):
    """The input is wrong; `field` is the path of the wrong part, None when it is the whole."""

    code = "invalid"

    def __init__(self, message: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class IllegalTransition(DomainError):
    """The state's table has no such move."""

    code = "illegal_transition"

    def __init__(self, state: object, action: object) -> None:
        super().__init__(f"{action} is not possible in state {state}")
        self.state = state
        self.action = action


class TooLarge(DomainError):
    """More than the stated limit, refused before it was taken in."""

    code = "too_large"


class RateLimited(DomainError):
    """Too much in too little time; `retry_after` is in seconds."""

    code = "rate_limited"

    def __init__(self, retry_after: float, message: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
