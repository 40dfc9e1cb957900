"""Files in a local folder. What is put at the same moment is written together and then synced together: the disk
takes the first sync of a group in the time of one, and finds little left to do for the others.

A name appears only when its content is on disk, so a file that is there is whole.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

_MOST_TOGETHER = 64
_MOST_BYTES_TOGETHER = 32 * 1024 * 1024


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
        self._task: asyncio.Task[None] | None = None

    async def write(self, seal: Seal, size: int) -> None:
        """Returns when the file is there for good. `seal` is called in a thread."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seal, size, written))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await written

    async def _work(self) -> None:
        """One group at a time; while it is synced the next one gathers."""
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
        try:
            if not self._is_cut(sealed.path, final.read_bytes()):
                return None
            final.unlink()
        except FileNotFoundError:
            self._make(final.parent)
        draft = final.with_name(f".{final.name}.{os.getpid()}.{threading.get_ident()}.{n}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            content = memoryview(sealed.content)
            while content:
                content = content[os.write(handle, content) :]
        except OSError:
            os.close(handle)
            draft.unlink(missing_ok=True)
            raise
        return Draft(n, handle, draft, final)

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        sync(self._home)


def _finish(draft: Draft) -> None:
    try:
        os.fsync(draft.handle)
        with contextlib.suppress(FileExistsError):  # the same content came from somewhere else meanwhile
            os.link(draft.path, draft.final)
    finally:
        os.close(draft.handle)
        draft.path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """A put is acknowledged to a customer's platform: it must outlive a loss of power."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
