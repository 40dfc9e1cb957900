"""What a line looks like, from us and from the libraries below us."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog

from yizhan.foundation.log import configure, get_logger


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_of_ours_is_one_json_object(lines: io.StringIO) -> None:
    configure("info", True, lines)
    log = get_logger("yizhan.test")
    with structlog.contextvars.bound_contextvars(request="r-1"):
        log.info("ticket.assigned", ticket=7, name="林一", password="hush")
    log.debug("unseen")
    [line] = lines.getvalue().splitlines()
    seen = json.loads(line)
    assert seen.pop("timestamp").endswith("Z")
    assert seen == {
        "event": "ticket.assigned",
        "level": "info",
        "logger": "yizhan.test",
        "name": "林一",
        "password": "[redacted]",
        "request": "r-1",
        "ticket": 7,
    }


@pytest.mark.parametrize("as_json", [True, False])
def test_a_library_and_a_traceback_are_redacted_too(lines: io.StringIO, as_json: bool) -> None:
    configure("info", as_json, lines)
    logging.getLogger("asyncpg").warning("cannot reach %s", "postgresql://me:hush@db/x")
    try:
        raise ValueError("https://api.example.com/?access_token=hush")
    except ValueError:
        get_logger("yizhan.test").exception("call.failed")
        logging.getLogger("asyncpg").exception("failed")
    written = lines.getvalue()
    assert "hush" not in written
    assert written.count("ValueError") >= 2
    assert "call.failed" in written


def test_the_console_gets_plain_lines_without_colour(lines: io.StringIO) -> None:
    configure("warning", False, lines)
    get_logger("yizhan.test").info("unseen")
    get_logger("yizhan.test").warning("reader.late", lag=3)
    assert "unseen" not in lines.getvalue()
    assert "reader.late" in lines.getvalue()
    assert "lag=3" in lines.getvalue()
    assert "\x1b" not in lines.getvalue()


def test_http_libraries_do_not_write_every_url(lines: io.StringIO) -> None:
    configure("info", True, lines)
    logging.getLogger("httpx").info("HTTP Request: GET https://api.example.com/")
    assert lines.getvalue() == ""


def test_logging_before_configuration_is_redacted_and_loads_no_rich() -> None:
    program = (
        "import sys; from yizhan.foundation.log import get_logger; "
        "get_logger('x').warning('early', token='hush'); assert 'rich' not in sys.modules"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "early" in ran.stderr
    assert "hush" not in ran.stderr + ran.stdout
