"""Is the server there? Asked the only way that cannot lie: by connecting and waiting until it is ready for a query."""

import contextlib
import socket
import struct
from enum import Enum
from pathlib import Path

_PROTOCOL = 196608  # 3.0
_CANNOT_CONNECT_NOW = b"57P03"  # starting up, recovering or shutting down
_PATIENCE = 5.0  # seconds for one answer


class Answer(Enum):
    READY = "ready"
    BUSY = "starting, recovering or shutting down"
    SILENT = "connected, but no answer"
    NOBODY = "nobody listens"


def probe(socket_path: Path, user: str, database: str) -> Answer:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_PATIENCE)
        try:
            connection.connect(str(socket_path))
            connection.sendall(_startup(user, database))
            return _read_answer(connection)
        except TimeoutError:
            return Answer.SILENT
        except OSError:
            return Answer.NOBODY


def _startup(user: str, database: str) -> bytes:
    body = struct.pack("!i", _PROTOCOL) + f"user\0{user}\0database\0{database}\0\0".encode()
    return struct.pack("!i", len(body) + 4) + body


def _read_answer(connection: socket.socket) -> Answer:
    while True:
        header = _read(connection, 5)
        body = _read(connection, struct.unpack("!i", header[1:])[0] - 4)
        if header[:1] == b"E":
            # Any other refusal (too many connections, say) is the refusal of a living server.
            return Answer.BUSY if b"C" + _CANNOT_CONNECT_NOW in body.split(b"\0") else Answer.READY
        if header[:1] == b"Z":
            with contextlib.suppress(OSError):  # a polite goodbye; the answer stands even if it is not heard
                connection.sendall(b"X" + struct.pack("!i", 4))
            return Answer.READY


def _read(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        piece = connection.recv(count - len(received))
        if not piece:
            raise ConnectionResetError
        received += piece
    return received
