"""Structlog over the standard library's logging, so that uvicorn, asyncpg and ours come out alike."""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO, TypeAlias

import msgspec

from yizhan.foundation.log.redact import redact


@contextmanager
def _without(package: str) -> Iterator[None]:
    hidden = package not in sys.modules
    if hidden:
        sys.modules[package] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        yield
    finally:
        if hidden:
            del sys.modules[package]


# With rich at hand structlog would load it (6 MB, 90 ms) for tracebacks that show local variables, secrets among them.
with _without("rich"):
    import structlog

Logger: TypeAlias = structlog.stdlib.BoundLogger

_QUIET = ("httpx", "httpcore", "nats", "asyncio", "uvicorn.error", "pgqueuer")


def get_logger(name: str) -> Logger:
    """Call with `__name__`; log an event and its facts: `log.warning("reader.late", reader=name, lag=lag)`."""
    logger: Logger = structlog.get_logger(name)
    return logger


def configure(level: str, json: bool, stream: TextIO | None = None) -> None:
    """Once at the start of a process. `level` is debug, info, warning or error; lines go to standard error."""
    stream = stream or sys.stderr
    renderer = structlog.processors.JSONRenderer(_as_json) if json else _console(stream)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_ADDED, structlog.processors.format_exc_info, _redact_event],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for library in _QUIET:
        logging.getLogger(library).setLevel(max(logging.WARNING, root.level))


def _console(stream: TextIO) -> "structlog.dev.ConsoleRenderer":
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def _as_json(event: MutableMapping[str, Any], **_: object) -> str:
    return msgspec.json.encode(event).decode()


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Keys that begin with an underscore are structlog's own and never written.
    return {key: value if key.startswith("_") else redact(key, value) for key, value in event.items()}


_ADDED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# At import, not in `configure`: whoever logs before or without it gets redacted lines as well.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_ADDED,
        structlog.processors.format_exc_info,
        _redact_event,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=Logger,
    cache_logger_on_first_use=True,
)
