"""Domain errors and the framework's own, translated once to problem documents."""

from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap
from msgspec import structs

from yizhan.desk.macros import StepRefused
from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.db import InterfaceError, InternalClientError, PostgresConnectionError, PostgresError
from yizhan.foundation.errors import (
    Conflict,
    DomainError,
    Forbidden,
    IllegalTransition,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
)
from yizhan.foundation.log import get_logger
from yizhan.records.access import BadCredentials, LockedOut, NotSignedIn, StaleForm
from yizhan.records.config import in_chinese
from yizhan.web.guards import AnyRequest
from yizhan.web.problem import MEDIA_TYPE, Problem, problem

log = get_logger(__name__)


STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Conflict: 409,
    IllegalTransition: 409,
    Forbidden: 403,
    Invalid: 422,
    TooLarge: 413,
    RateLimited: 429,
    NotSignedIn: 401,
    BadCredentials: 401,
    StaleForm: 403,
    LockedOut: 423,
}
_NAMES = {field.name: field.zh for field in WORK_FIELDS}
_DATA = "22"  # the class "data exception"
_PASSING = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_SOON = 1
_LEFT = "client disconnected prematurely"  # the framework says so as a fault of ours
_CODES = {400: "malformed", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def domain_status(error: DomainError) -> int:
    """The status of the nearest known kind; an unknown kind of refusal is a conflict with the state of things."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 409)


def domain_problem(error: DomainError) -> Problem:
    if isinstance(error, StepRefused):
        why = domain_problem(error.cause)
        zh = f"{error.step_zh}:{why.zh}" if why.zh else None
        return structs.replace(why, detail=error.message, field=f"steps.{error.deed}", zh=zh)
    retry = getattr(error, "retry_after", None)
    return problem(
        domain_status(error),
        error.code,
        error.message,
        field=getattr(error, "field", None),
        retry_after=None if retry is None else max(1, round(retry)),
        zh=_in_chinese(error),
    )


def _in_chinese(error: DomainError) -> str | None:
    """As the refusal says it itself, or as the book of sentences has it."""
    said: str | None = getattr(error, "zh", None)
    if said is None and isinstance(error, Invalid | Conflict | Forbidden):
        return in_chinese(error.message, _NAMES)
    return said


def http_problem(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _validation_problem(error)
    return problem(error.status_code, _CODES.get(error.status_code, "error"), _plain(error))


def _validation_problem(error: ValidationException) -> Problem:
    """The framework says `extra=[{message, key, source}]` for wrong input, and no extra for what is not JSON."""
    if not isinstance(error.extra, list) or not error.extra:
        return problem(400, "malformed", "the body or a parameter cannot be read")
    first = error.extra[0]
    wrong = first if isinstance(first, dict) else {"message": str(first)}
    if wrong.get("message") == "'data'":  # its way of saying that there is no body at all
        return problem(400, "malformed", "a body is missing")
    return problem(422, "invalid", str(wrong.get("message", "")), field=wrong.get("key"))


def _plain(error: HTTPException) -> str:
    """Only what we would say ourselves: messages of the framework's own faults stay in the log."""
    return error.detail if error.status_code < 500 else ""


def answer(of: Problem, headers: dict[str, str] | None = None) -> Response[Problem]:
    extra = {"Retry-After": str(of.retry_after)} if of.retry_after else {}
    return Response(of, status_code=of.status, media_type=MEDIA_TYPE, headers={**(headers or {}), **extra})


def on_error(request: AnyRequest, error: Exception) -> Response[Problem]:
    return answer(problem_of(error, request.method, request.url.path))


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    if error.detail == _LEFT:
        return answer(problem(400, "malformed", "the body ended early"))
    if error.status_code >= 500:
        return answer(_fault(error, request.method, request.url.path))
    return answer(http_problem(error), error.headers)


def problem_of(error: Exception, method: str, path: str) -> Problem:
    """What is said of any error that is not the framework's own."""
    if isinstance(error, DomainError):
        return domain_problem(error)
    if isinstance(error, UnicodeDecodeError):  # the JSON decoder says so; nothing else here decodes text
        return problem(400, "malformed", f"not UTF-8 at byte {error.start}")
    if isinstance(error, RecursionError):
        return problem(400, "malformed", "nested too deeply")
    if isinstance(error, PostgresError | InterfaceError | InternalClientError | OSError):
        return _database_problem(error, method, path)
    return _fault(error, method, path)


def _database_problem(error: Exception, method: str, path: str) -> Problem:
    """What the database cannot hold is the caller's input; that it is away, or two waited for each other, will pass."""
    if isinstance(error, PostgresConnectionError | OSError | InternalClientError) or _is_cut(error):
        log.error("web.no_database", error=repr(error))
        return problem(503, "unavailable", retry_after=_SOON)
    if isinstance(error, PostgresError):
        code = str(getattr(error, "sqlstate", ""))
        if code in _PASSING:
            log.warning("web.collision", path=path, error=repr(error))
            return problem(503, "busy", retry_after=_SOON)
        if not code.startswith(_DATA):
            return _fault(error, method, path)
    elif not isinstance(error, ValueError):
        return _fault(error, method, path)
    log.warning("web.unstorable", path=path, error=repr(error))
    return problem(422, "invalid", "a value is out of range or has characters that cannot be stored")


def _is_cut(error: Exception) -> bool:
    """The driver tells of a line that is gone, and of our own misuse of it, by one kind of error."""
    return isinstance(error, InterfaceError) and not isinstance(error, ValueError) and "clos" in str(error)


def _fault(error: Exception, method: str, path: str) -> Problem:
    """Nothing of a fault leaves the house but that it happened."""
    log.error("web.fault", method=method, path=path, error=repr(error), exc_info=error)
    return problem(500, "internal")


HANDLERS: ExceptionHandlersMap = {
    HTTPException: on_http_error,
    DomainError: on_error,
    UnicodeDecodeError: on_error,
    RecursionError: on_error,
    PostgresError: on_error,
    InterfaceError: on_error,
    InternalClientError: on_error,
    OSError: on_error,
    Exception: on_error,
}

__all__ = ["HANDLERS", "answer", "domain_problem", "domain_status", "http_problem", "problem_of"]
