"""Files in a local folder. What is put at the same moment is written in groups, a few of which are synced at once: a
disk takes several syncs in the time of one.

A name appears only when its content is on disk, so a file that is there is whole.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

_GROUPS = 4
_MOST_TOGETHER = 16
_MOST_BYTES_TOGETHER = 16 * 1024 * 1024


class Sealed(msgspec.Struct, frozen=True):
    """What lies in the folder under `path`, which is two characters of the hash and the hash."""

    path: str
    content: bytes


class Draft(msgspec.Struct, frozen=True):
    """Written under a name of its own, not yet synced; `n` is its place in the group."""

    n: int
    handle: int
    path: Path
    final: Path


Seal = Callable[[], Sealed]
Item = tuple[Seal, int, "asyncio.Future[None]"]


class Folder:
    """`is_cut` says of a stored file that it is not what its name says: it is then written anew."""

    def __init__(self, home: Path, is_cut: Callable[[str, bytes], bool]) -> None:
        self._home = home
        self._is_cut = is_cut
        self._waiting: list[Item] = []
        self._working: set[asyncio.Task[None]] = set()

    async def write(self, seal: Seal, size: int) -> None:
        """Returns when the file is there for good. `seal` is called in a thread."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seal, size, written))
        if len(self._working) < _GROUPS:
            task = asyncio.create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        await written

    async def _work(self) -> None:
        """Group after group until nothing waits; one turn of the loop lets all that are put together join."""
        await asyncio.sleep(0)
        while self._waiting:
            group = self._next_group()
            outcomes = await asyncio.to_thread(self._write_all, [seal for seal, _, _ in group])
            for (_, _, written), failure in zip(group, outcomes, strict=True):
                if written.done():
                    continue
                if failure is None:
                    written.set_result(None)
                else:
                    written.set_exception(failure)

    def _next_group(self) -> list[Item]:
        taken = size = 0
        for _, each, _ in self._waiting[:_MOST_TOGETHER]:
            if taken and size + each > _MOST_BYTES_TOGETHER:
                break
            taken, size = taken + 1, size + each
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return group

    def _write_all(self, seals: Sequence[Seal]) -> list[Exception | None]:
        outcomes: list[Exception | None] = [None] * len(seals)
        drafts: list[Draft] = []
        for n, seal in enumerate(seals):
            try:
                if (draft := self._begin(seal(), n)) is not None:
                    drafts.append(draft)
            except Exception as error:
                outcomes[n] = error
        folders: dict[Path, list[int]] = {}
        for draft in drafts:
            try:
                _finish(draft)
                folders.setdefault(draft.final.parent, []).append(draft.n)
            except OSError as error:
                draft.path.unlink(missing_ok=True)
                outcomes[draft.n] = error
        for folder, members in folders.items():
            try:
                sync(folder)
            except OSError as error:
                for n in members:
                    outcomes[n] = error
        return outcomes

    def _begin(self, sealed: Sealed, n: int) -> Draft | None:
        """Writes a draft beside the final name; None when the file is there already."""
        final = self._home / sealed.path
        if final.exists() and not self._is_cut(sealed.path, final.read_bytes()):
            return None
        draft = final.with_name(f".{final.name}.{os.getpid()}.{threading.get_ident()}.{n}")
        handle = self._open(draft)
        try:
            content = memoryview(sealed.content)
            while content:
                content = content[os.write(handle, content) :]
        except OSError:
            os.close(handle)
            draft.unlink(missing_ok=True)
            raise
        return Draft(n, handle, draft, final)

    def _open(self, draft: Path) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        try:
            return os.open(draft, flags, 0o600)
        except FileNotFoundError:
            self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.parent.mkdir(exist_ok=True, mode=0o700)
            sync(self._home)
            return os.open(draft, flags, 0o600)


def _finish(draft: Draft) -> None:
    """Who else put the same content meanwhile has written the same file."""
    try:
        os.fsync(draft.handle)
    finally:
        os.close(draft.handle)
    os.rename(draft.path, draft.final)


def sync(path: Path) -> None:
    """A put is acknowledged to a customer's platform: it must outlive a loss of power."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
