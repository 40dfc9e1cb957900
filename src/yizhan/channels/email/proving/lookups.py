"""Names looked up for real, each once within its time to live."""

import asyncio
from collections.abc import Sequence

from yizhan.channels.email.proving.ports import DnsTrouble, Kind

_SECONDS = 4.0
_REMEMBERED = 5_000
_SILENT_AFTER = 3  # questions without an answer in a row: then nobody is there to ask, and mail does not wait for it
_SILENT_SECONDS = 30.0
# RFC 6761: nobody answers for these, so asking would only wait.
_NOBODYS = frozenset({"test", "example", "invalid", "localhost", "local"})


class SystemDns:
    """The machine's own resolver, or the servers named: an address, with a port as `127.0.0.1:5353` or `[::1]:5353`."""

    def __init__(self, servers: Sequence[str] = ()) -> None:
        import dns.asyncresolver
        import dns.nameserver
        import dns.resolver

        self._named = bool(servers)
        self._resolver = dns.asyncresolver.Resolver(configure=not servers)
        self._resolver.cache = dns.resolver.LRUCache(_REMEMBERED)
        self._resolver.lifetime = _SECONDS
        self._unanswered = 0
        self._silent_until = 0.0
        if servers:
            self._resolver.nameservers = [dns.nameserver.Do53Nameserver(*_place(server)) for server in servers]

    async def look_up(self, name: str, kind: Kind) -> tuple[str, ...]:
        import dns.exception
        import dns.resolver

        if not self._named and name.rstrip(".").rpartition(".")[2].lower() in _NOBODYS:
            return ()
        now = asyncio.get_running_loop().time()
        if now < self._silent_until:
            raise DnsTrouble("no server answers")
        try:
            answer = await self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            self._unanswered = 0
            return ()
        except (dns.exception.Timeout, OSError) as failure:
            self._unanswered += 1
            if self._unanswered >= _SILENT_AFTER:
                self._silent_until = now + _SILENT_SECONDS
            raise DnsTrouble(f"no answer about {name[:100]}") from failure
        except (dns.resolver.NoNameservers, asyncio.IncompleteReadError) as failure:
            raise DnsTrouble(f"no answer about {name[:100]}") from failure
        except (dns.exception.DNSException, UnicodeError, ValueError):  # a name that cannot be asked for
            return ()
        self._unanswered = 0
        rows = list(answer.rrset or ())
        if kind == "MX":
            return tuple(_plain(row.exchange) for row in sorted(rows, key=lambda row: int(row.preference)))
        if kind == "PTR":
            return tuple(_plain(row.target) for row in rows)
        if kind == "TXT":
            return tuple(b"".join(row.strings).decode("latin-1") for row in rows)
        return tuple(str(row.address) for row in rows)


def _plain(name: object) -> str:
    return str(name).rstrip(".").lower()


def _place(server: str) -> tuple[str, int]:
    host, colon, port = server.rpartition(":")
    if colon and port.isdigit() and (host.startswith("[") or ":" not in host):
        return host.strip("[]"), int(port)
    return server.strip("[]"), 53
