"""The spool between an MTA and the service: whoever delivers never opens the database.

Layout: `<root>/<inbox>/tmp` is written and synced, then renamed into `new`; what is taken in is removed, what
cannot be is moved to `held`. An inbox is accepted only once the service has made its folder.
"""

import asyncio
import hashlib
import os
import re
import stat
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path

import msgspec

from yizhan.foundation.errors import DomainError, Invalid, NotFound, TooLarge

_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")
_DIRECTORY_MODE = 0o2770  # set-group-id: files of the MTA's user stay readable for the service's group
_FILE_MODE = 0o660
MAX_MAIL_BYTES = 50 * 1024 * 1024
MAX_WAITING = 10_000
_BATCHES, _MEMORY = 6, 48 * 1024 * 1024  # on their way at once; one mail always is, however large
MAX_WAITING_BYTES = 2 * 1024 * 1024 * 1024


class Exit(IntEnum):
    """sysexits.h as MTAs read it: TEMPFAIL is tried again, the others bounce."""

    OK = 0
    DATAERR = 65
    NOUSER = 67
    TEMPFAIL = 75


class SpoolFull(DomainError):  # noqa: N818 - a word of the domain
    """Nobody takes the mail in: the sender's queue is the better place for it now."""

    code = "spool_full"


class SpoolLimits(msgspec.Struct, frozen=True):
    mail_bytes: int = MAX_MAIL_BYTES
    waiting: int = MAX_WAITING
    waiting_bytes: int = MAX_WAITING_BYTES


def key_of(root: Path, inbox: str) -> str:
    """Given the key of an inbox or, where no key is like it, the name it has in the settings."""
    if _NAME.match(inbox) and (root / inbox / "new").is_dir():
        return inbox
    wanted = inbox.strip().casefold()
    named = [note.parent.name for note in root.glob("*/name") if note.read_text("utf-8").casefold() == wanted]
    if len(named) > 1:
        raise NotFound(f"several inboxes are named {inbox}, give the key: {', '.join(sorted(named))}")
    return named[0] if named else inbox


class Spool:
    """One inbox's folder. `deliver` may run in many processes at once; reading is the service's alone."""

    def __init__(self, root: Path, inbox: str, limits: SpoolLimits | None = None) -> None:
        if not _NAME.match(inbox):
            raise Invalid(f"not an inbox name: {inbox[:64]!r}", "inbox")
        self._home = root / inbox
        self._limits = limits or SpoolLimits()

    def open(self, name: str = "") -> None:
        """Made by the service when the inbox is set up; the MTA's user only writes. `name` is another way to it."""
        for part in ("tmp", "new", "held"):
            folder = self._home / part
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(_DIRECTORY_MODE)
        self._home.chmod(_DIRECTORY_MODE)
        if name:
            (self._home / "name").write_text(name.strip(), "utf-8")
            (self._home / "name").chmod(0o644)  # the MTA's user looks it up

    def deliver(self, raw: bytes, name: str) -> Path:
        """Durable when it returns. The same `name` again changes nothing, so a repeated import is harmless."""
        return self.deliver_all([(raw, name)])[0]

    def deliver_all(self, mails: Sequence[tuple[bytes, str]]) -> list[Path]:
        """Written together and then synced together, which costs the disk hardly more than one. All or an error."""
        if not (self._home / "new").is_dir():
            raise NotFound(f"no inbox {self._home.name}")
        for raw, _ in mails:
            if not raw.strip():
                raise Invalid("empty mail")
            if len(raw) > self._limits.mail_bytes:
                raise TooLarge(f"{len(raw)} bytes, limit {self._limits.mail_bytes}")
        self._ensure_room(len(mails), sum(len(raw) for raw, _ in mails))
        drafts = [self._home / "tmp" / f"{name}.{os.getpid()}" for _, name in mails]
        ready = [self._home / "new" / f"{name}.eml" for _, name in mails]
        try:
            _write_all(drafts, [raw for raw, _ in mails])
            for draft, place in zip(drafts, ready, strict=True):
                draft.rename(place)
        except OSError:
            for draft in drafts:
                draft.unlink(missing_ok=True)
            raise
        _sync_folder(self._home / "new")
        return ready

    def _ensure_room(self, more: int, size: int) -> None:
        count, total = 0, size
        with os.scandir(self._home / "new") as entries:
            for entry in entries:
                count += 1
                total += _size(entry)
        if count + more > self._limits.waiting or total > self._limits.waiting_bytes:
            raise SpoolFull(f"{count} mails are waiting")

    def waiting(self) -> Iterator[Path]:
        """Oldest first, as far as their names tell."""
        yield from sorted(path for path in (self._home / "new").iterdir() if path.suffix == ".eml")

    def read(self, mail: Path) -> bytes:
        """The content; refuses anything that is not a plain file, which only a stranger would put there."""
        handle = os.open(mail, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            return file.read(self._limits.mail_bytes)

    def done(self, mail: Path) -> None:
        """After the commit."""
        mail.unlink(missing_ok=True)

    def done_all(self, mails: Sequence[Path]) -> None:
        for mail in mails:
            self.done(mail)

    def hold(self, mail: Path) -> None:
        """Out of the way but not lost; an administrator looks at it."""
        mail.rename(self._home / "held" / mail.name)

    def remembered(self, source: str) -> str:
        """Where the import of `source` stopped; empty at its beginning."""
        note = self._note(source)
        return note.read_text("utf-8").strip() if note.exists() else ""

    def remember(self, source: str, position: str) -> None:
        note = self._note(source)
        written = note.with_suffix(".tmp")
        written.write_text(position + "\n", "utf-8")
        written.replace(note)

    def _note(self, source: str) -> Path:
        return self._home / f"import-{hashlib.sha256(source.encode()).hexdigest()[:16]}.position"


def _write_all(files: Sequence[Path], contents: Sequence[bytes]) -> None:
    handles: list[int] = []
    try:
        for file, content in zip(files, contents, strict=True):
            handles.append(_write(file, content))
        for handle in handles:
            os.fsync(handle)
    finally:
        for handle in handles:
            os.close(handle)


def _write(file: Path, raw: bytes) -> int:
    """The open file, not yet synced."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), _FILE_MODE)
    try:
        os.fchmod(handle, _FILE_MODE)
        left = memoryview(raw)
        while left:
            left = left[os.write(handle, left) :]
    except OSError:
        os.close(handle)
        raise
    return handle


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:  # the service took it in between
        return 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


IMPORTED = "import-"  # names of mails that came from an archive: their time is their Date, nobody is answered


class Spooled(msgspec.Struct, frozen=True):
    raw: bytes
    name: str

    @property
    def imported(self) -> bool:
        return self.name.startswith(IMPORTED)


async def drain(spool: Spool, take: Callable[[Spooled], Awaitable[None]], *, batch: int = 16) -> int:
    """Takes in what waits; a mail leaves the spool after `take` returned, that is after its commit.

    Several batches are on their way at once: while the last mails of one are stored, the next are read. The first
    failure ends the pass and is raised; its mail stays.
    """
    taken = 0
    running: deque[tuple[int, asyncio.Task[int]]] = deque()
    waiting = await asyncio.to_thread(lambda: list(spool.waiting()))
    try:
        for size, some in _batches(waiting, batch):
            while len(running) == _BATCHES or (running and sum(each for each, _ in running) + size > _MEMORY):
                taken += await running.popleft()[1]
            paths, mails = await asyncio.to_thread(_read_all, spool, some)
            running.append((size, asyncio.create_task(_take_all(spool, take, paths, mails))))
        while running:
            taken += await running.popleft()[1]
    finally:
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)
    return taken


async def _take_all(
    spool: Spool, take: Callable[[Spooled], Awaitable[None]], paths: Sequence[Path], mails: Sequence[Spooled]
) -> int:
    results = await asyncio.gather(*(take(mail) for mail in mails), return_exceptions=True)
    done = [path for path, result in zip(paths, results, strict=True) if not isinstance(result, BaseException)]
    await asyncio.to_thread(spool.done_all, done)
    if (failure := next((result for result in results if isinstance(result, BaseException)), None)) is not None:
        raise failure
    return len(done)


def _batches(waiting: Sequence[Path], most: int) -> Iterator[tuple[int, list[Path]]]:
    batch: list[Path] = []
    size = 0
    for path in waiting:
        try:
            each = path.lstat().st_size
        except FileNotFoundError:  # an administrator took it away
            continue
        if batch and (len(batch) == most or size + each > _MEMORY // _BATCHES):
            yield size, batch
            batch, size = [], 0
        batch.append(path)
        size += each
    if batch:
        yield size, batch


def _read_all(spool: Spool, waiting: list[Path]) -> tuple[list[Path], list[Spooled]]:
    """A link or a folder is no mail and is put aside, or the MTA's user could block the inbox with it."""
    plain = [path for path in waiting if stat.S_ISREG(path.lstat().st_mode)]
    for path in waiting:
        if path not in plain:
            spool.hold(path)
    return plain, [Spooled(spool.read(path), path.stem) for path in plain]
