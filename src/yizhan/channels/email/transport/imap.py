"""One IMAP connection, blocking: it lives in a worker thread. What it reads stays unread for humans (PEEK, EXAMINE)."""

import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from yizhan.channels.email.parsing import split_headers
from yizhan.channels.email.settings import NEEDS_ID, Auth, MailSecret, MailSettings, Security, Server, is_of
from yizhan.channels.email.transport import partwise
from yizhan.channels.email.transport.connect import CONNECT_SECONDS, IDLE_READ_SECONDS, Xoauth2, tls_context
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError, classify_failure
from yizhan.channels.email.transport.fetched import Fetched

IDLE_SECONDS = 9 * 60  # RFC 2177 allows 29 minutes, address translators forget a quiet connection after 10
_IDLE_SLICE = 5.0  # how soon a stop is noticed when the socket stays silent
_SEARCH_WINDOW = 100_000  # UIDs a search: the reply is one line and servers write it without limit
_HEAD_BYTES = 256 * 1024  # what is fetched of an oversized mail whose structure is not told
_PART_BYTES = 20 * 1024 * 1024  # of one that is fetched in parts
_BATCH_BYTES = 8 * 1024 * 1024
_BATCH_MAILS = 50

_Row = dict[bytes, Any]  # one message's FETCH items as imapclient typed them


class ImapFolder(msgspec.Struct, frozen=True):
    """`modseq` rises with every change in the folder; 0 where the server does not count them (RFC 7162)."""

    uidvalidity: int
    uidnext: int
    modseq: int = 0


class ImapSession:
    """Open, read, wait, close. All failures are `MailServerError`."""

    def __init__(self, settings: MailSettings, secret: MailSecret) -> None:
        if settings.incoming is None:
            raise MailServerError(ErrorClass.BAD_REQUEST, "no incoming server is set")
        self._settings = settings
        self._server: Server = settings.incoming
        self._secret = secret
        self._client: IMAPClient | None = None
        self._stop = threading.Event()

    def open(self) -> ImapFolder:
        self.connect()
        self.login()
        return self.select()

    def connect(self) -> None:
        server = self._server
        try:
            self._client = IMAPClient(
                server.host,
                server.port,
                ssl=server.security is Security.TLS,
                ssl_context=tls_context(server) if server.security is Security.TLS else None,
                timeout=CONNECT_SECONDS,
            )
            self._client.normalise_times = False
            if server.security is Security.STARTTLS:
                self._client.starttls(tls_context(server))
            self._client.socket().settimeout(IDLE_READ_SECONDS)
        except (OSError, IMAPClientError) as failure:
            raise MailServerError(classify_failure(failure), _words(failure)) from failure

    def login(self) -> None:
        exchange: Xoauth2 | None = None
        try:
            if self._settings.auth is Auth.XOAUTH2:
                exchange = Xoauth2(self._settings.login, self._secret.token)
                self.client.sasl_login("XOAUTH2", exchange)
            else:
                self.client.login(self._settings.login, self._secret.password)
        except (LoginError, UnicodeError) as failure:  # the protocol knows no letters outside ASCII here
            why = f" {exchange.challenge}" if exchange else ""
            raise MailServerError(_login_failure(failure), f"{_words(failure)}{why}".strip()) from failure
        except IMAPClientError as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        except OSError as failure:
            raise MailServerError(classify_failure(failure), _words(failure)) from failure
        self._introduce()

    def _introduce(self) -> None:
        """163 and 126 refuse SELECT ("Unsafe Login") before the client has named itself (RFC 2971)."""
        try:
            if self.client.has_capability("ID") or is_of(self._server.host, NEEDS_ID):
                self.client.id_({"name": "yizhan", "version": "1"})
        except (IMAPClientError, OSError) as failure:
            if is_of(self._server.host, NEEDS_ID):
                raise MailServerError(ErrorClass.PERMISSION, _words(failure)) from failure

    def select(self) -> ImapFolder:
        try:
            if self.client.has_capability("ENABLE") and self.client.has_capability("CONDSTORE"):
                self.client.enable("CONDSTORE")
            found = self.client.select_folder(self._settings.folder, readonly=not self._settings.done_folder)
        except (IMAPClientAbortError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        except IMAPClientError as failure:
            raise MailServerError(ErrorClass.PERMISSION, _words(failure)) from failure
        return ImapFolder(*(int(found.get(name, 0)) for name in (b"UIDVALIDITY", b"UIDNEXT", b"HIGHESTMODSEQ")))

    @property
    def client(self) -> IMAPClient:
        if self._client is None:
            raise MailServerError(ErrorClass.TRANSIENT, "not connected")
        return self._client

    @property
    def can_idle(self) -> bool:
        return bool(self.client.has_capability("IDLE"))

    def uids_after(self, last_uid: int, uidnext: int) -> list[int]:
        """Ascending. The range `n:*` always names the last message, so it is filtered."""
        found: set[int] = set()
        try:
            low = last_uid + 1
            while low + _SEARCH_WINDOW < uidnext:
                found.update(self.client.search([b"UID", f"{low}:{low + _SEARCH_WINDOW - 1}"]))
                low += _SEARCH_WINDOW
            found.update(self.client.search([b"UID", f"{low}:*"]))
        except (IMAPClientError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        return sorted(uid for uid in found if uid > last_uid)

    def first_uid_since(self, day: date) -> int | None:
        try:
            found = self.client.search([b"SINCE", day])
        except (IMAPClientError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        return min(found, default=None)

    def batches(self, uids: Sequence[int]) -> list[list[tuple[int, int]]]:
        """(uid, size) in groups that fit the memory; an oversized mail counts with what may be fetched of it."""
        groups: list[list[tuple[int, int]]] = []
        room = 0
        for uid, size in self._sizes(uids):
            weight = size if size <= self._settings.max_bytes else _PART_BYTES
            if not groups or len(groups[-1]) >= _BATCH_MAILS or weight > room:
                groups.append([])
                room = _BATCH_BYTES
            groups[-1].append((uid, size))
            room -= weight
        return groups

    def _sizes(self, uids: Sequence[int]) -> list[tuple[int, int]]:
        sizes: list[tuple[int, int]] = []
        for start in range(0, len(uids), 500):
            chunk = list(uids[start : start + 500])
            found = self._fetch(chunk, ["RFC822.SIZE"])
            sizes.extend((uid, int(found[uid].get(b"RFC822.SIZE", 0))) for uid in chunk if uid in found)
        return sizes

    def fetch(self, batch: Sequence[tuple[int, int]]) -> list[Fetched]:
        whole = [uid for uid, size in batch if size <= self._settings.max_bytes]
        cut = [uid for uid, size in batch if size > self._settings.max_bytes]
        found = self._fetch(whole, ["INTERNALDATE", "BODY.PEEK[]"]) if whole else {}
        for uid in cut:
            found |= self._in_parts(uid)
        mails: list[Fetched] = []
        for uid, size in batch:
            row = found.get(uid)
            raw = None if row is None else row.get(b"BODY[]", row.get(b"BODY[]<0>"))
            if row is not None and isinstance(raw, bytes):
                arrived = row.get(b"INTERNALDATE")
                mails.append(Fetched(raw, str(uid), arrived, size, truncated=uid in cut))
        return mails

    def _in_parts(self, uid: int) -> dict[int, _Row]:
        """A mail over the limit without what makes it large; its first part where the server tells no structure."""
        (row,) = self._fetch([uid], ["INTERNALDATE", "BODYSTRUCTURE", "BODY.PEEK[HEADER]"]).values() or ({},)
        root = partwise.read_structure(row.get(b"BODYSTRUCTURE"))
        numbers = partwise.wanted(root, min(_PART_BYTES, self._settings.max_bytes)) if root else []
        if root is None or not numbers:
            return self._fetch([uid], ["INTERNALDATE", f"BODY.PEEK[]<0.{_HEAD_BYTES}>"])
        described = [f"BODY.PEEK[{number}.MIME]" for number in _numbers(root) if root.children]
        parts = self._fetch([uid], described).get(uid, {}) if described else {}
        for number in numbers:  # one at a time: they may be as large as memory is meant to be
            parts |= self._fetch([uid], [f"BODY.PEEK[{number}]"]).get(uid, {})
        named = {key[5:-1].decode("ascii"): value or b"" for key, value in parts.items() if key.startswith(b"BODY[")}
        mimes = {name.removesuffix(".MIME"): value for name, value in named.items() if name.endswith(".MIME")}
        bodies = {name: value for name, value in named.items() if not name.endswith(".MIME")}
        return {uid: {**row, b"BODY[]": partwise.assemble(root, row.get(b"BODY[HEADER]", b""), mimes, bodies)}}

    def message_ids(self, uids: Sequence[int]) -> dict[int, str]:
        """Message-IDs without brackets, empty where a mail has none."""
        ids: dict[int, str] = {}
        for start in range(0, len(uids), 500):
            found = self._fetch(list(uids[start : start + 500]), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
            for uid, row in found.items():
                raw = next((value for key, value in row.items() if key.startswith(b"BODY[")), b"") or b""
                headers, _ = split_headers(raw, 0, len(raw))
                ids[uid] = headers.text("message-id").strip("<> ")
        return ids

    def _fetch(self, uids: list[int], what: list[str]) -> dict[int, _Row]:
        try:
            found: dict[int, _Row] = self.client.fetch(uids, what)
        except (IMAPClientError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        return found

    def move_done(self, uids: Sequence[int]) -> None:
        """After the commit: the mail is ours now; if this fails it only stays where it was."""
        folder = self._settings.done_folder
        if not folder or not uids:
            return
        try:
            if not self.client.folder_exists(folder):
                self.client.create_folder(folder)
            if self.client.has_capability("MOVE"):
                self.client.move(list(uids), folder)
            else:
                self.client.copy(list(uids), folder)
                self.client.delete_messages(list(uids), silent=True)
                if self.client.has_capability("UIDPLUS"):
                    self.client.uid_expunge(list(uids))
        except (IMAPClientError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure

    def announced(self) -> bool:
        """Whether new mail was told of since this was last asked. A server tells of a mail once, with the answer to
        whatever command runs; IDLE is silent about what was told before."""
        _, told = self.client._imap.response("EXISTS")
        return bool(told != [None])

    def wait(self, seconds: float = IDLE_SECONDS) -> bool:
        """True when something happened in the folder; False after `seconds` or a stop."""
        end = time.monotonic() + min(seconds, IDLE_SECONDS)
        try:
            self.client.idle()
            heard = False
            while not heard and not self._stop.is_set() and (left := end - time.monotonic()) > 0:
                started = time.monotonic()
                told = self.client.idle_check(timeout=min(_IDLE_SLICE, left))
                # A closed connection answers at once with nothing: the following DONE finds out.
                heard = bool(told) or time.monotonic() - started < min(_IDLE_SLICE, left) / 2
            self.client.idle_done()
        except (IMAPClientError, OSError) as failure:
            raise MailServerError(ErrorClass.TRANSIENT, _words(failure)) from failure
        return heard

    def interrupt(self) -> None:
        """From another thread: whatever blocks returns soon, with an error."""
        self._stop.set()
        if self._client is not None:
            with contextlib.suppress(OSError):  # gone already is as good
                # Only the direction is closed, below TLS: the thread that reads still owns the descriptor.
                socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.logout()
        except (IMAPClientError, OSError):
            with contextlib.suppress(OSError):  # a dead connection cannot be closed politely
                client.shutdown()


def _numbers(node: partwise.Node) -> list[str]:
    below = [number for child in node.children for number in (child.number, *_numbers(child))]
    return list(dict.fromkeys(below))


def _login_failure(failure: Exception) -> ErrorClass:
    """A server that closes the door or is busy does not say that the password is wrong."""
    words = str(failure)
    busy = any(mark in words for mark in ("socket error", "EOF", "UNAVAILABLE", "INUSE", "LIMIT", "Too many"))
    return ErrorClass.TRANSIENT if busy else ErrorClass.AUTH


def _words(failure: BaseException) -> str:
    text = failure.args[0] if failure.args else str(failure)
    readable = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(failure)
    return readable.strip()[:500] or type(failure).__name__
