"""Names as a test wants them: a zone that answers the port directly, and the same zone behind a real DNS server."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from yizhan.channels.email import DnsTrouble

Records = Mapping[str, Sequence[str]]
"""`TXT shop.test` to its rows; an MX row is `10 host`. A row TROUBLE: no server answers."""

TROUBLE = "trouble"


class Zone:
    def __init__(self, records: Records) -> None:
        self.records = {key.lower(): list(rows) for key, rows in records.items()}
        self.asked: list[str] = []

    async def look_up(self, name: str, kind: str) -> tuple[str, ...]:
        await asyncio.sleep(0)
        return self.rows(name, kind)

    def rows(self, name: str, kind: str) -> tuple[str, ...]:
        key = f"{kind} {name.rstrip('.')}".lower()
        self.asked.append(key)
        found = self.records.get(key, [])
        if TROUBLE in found:
            raise DnsTrouble(name)
        if kind == "MX":
            return tuple(host for _, host in sorted((int(row.split()[0]), row.split()[1]) for row in found))
        return tuple(found)


@contextmanager
def dns_server(zone: Zone) -> Iterator[str]:
    """Serves the zone by UDP from a thread; gives `127.0.0.1:port`."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked, door = self.request
            door.sendto(_answer(zone, dns.message.from_wire(asked)).to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _answer(zone: Zone, asked: dns.message.Message) -> dns.message.Message:
    answer = dns.message.make_response(asked)
    answer.flags |= dns.flags.RA
    question = asked.question[0]
    kind = dns.rdatatype.to_text(question.rdtype)
    try:
        rows = zone.rows(question.name.to_text().lower(), kind)
    except DnsTrouble:
        answer.set_rcode(dns.rcode.SERVFAIL)
        return answer
    if rows:
        written = [_row(kind, number, row) for number, row in enumerate(rows)]
        answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *written))
    elif not any(key.endswith(f" {question.name.to_text().lower().rstrip('.')}") for key in zone.records):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def _row(kind: str, number: int, row: str) -> str:
    if kind == "TXT":  # a string of a record holds 255 bytes
        return " ".join(f'"{row[at : at + 255]}"' for at in range(0, len(row), 255))
    return f"{10 * number} {row}." if kind == "MX" else row
