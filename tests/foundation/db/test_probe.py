import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yizhan.foundation.db import probe as module
from yizhan.foundation.db.probe import Answer, probe


@contextmanager
def listener(path: Path, behave: Callable[[socket.socket], object]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join()


def refusal(code: bytes) -> bytes:
    body = b"SFATAL\0C" + code + b"\0Mno\0\0"
    return b"E" + struct.pack("!i", len(body) + 4) + body


def test_nobody_where_there_is_no_socket(tmp_path: Path) -> None:
    assert probe(tmp_path / "none", "yizhan", "postgres") is Answer.NOBODY


def test_nobody_behind_a_socket_a_crash_left(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / "dead"))
    assert probe(tmp_path / "dead", "yizhan", "postgres") is Answer.NOBODY


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", Answer.NOBODY),
        (refusal(b"57P03"), Answer.BUSY),
        (refusal(b"53300"), Answer.READY),
        (b"R" + struct.pack("!ii", 8, 0) + b"Z" + struct.pack("!i", 5) + b"I", Answer.READY),
    ],
)
def test_understands_what_a_server_says(tmp_path: Path, sent: bytes, answer: Answer) -> None:
    with listener(tmp_path / "socket", lambda connection: connection.sendall(sent)):
        assert probe(tmp_path / "socket", "yizhan", "postgres") is answer


def test_a_frozen_server_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    asked = threading.Event()
    with listener(tmp_path / "socket", lambda connection: asked.wait()):
        assert probe(tmp_path / "socket", "yizhan", "postgres") is Answer.SILENT
        asked.set()
