"""The address of a blob is the SHA-256 of its clear content; what lies in the store is sealed under the master key.

Obstore is imported at the first use: most starts never touch a file.
"""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from yizhan.foundation.blobs.folder import Folder, Sealed, sync
from yizhan.foundation.crypto import OVERHEAD, Unreadable, Vault
from yizhan.foundation.errors import Invalid, NotFound, TooLarge

if TYPE_CHECKING:
    from obstore.store import ObjectStore

DEFAULT_MAX_BYTES = 50 * 1024 * 1024
_IN_THREAD = 128 * 1024  # hashing and sealing more than this would hold up the loop for a millisecond
_MAX_TYPE = 255


class BlobRef(msgspec.Struct, frozen=True):
    """`hash` is the hexadecimal SHA-256 of the content, `size` its length in bytes."""

    hash: str
    size: int


class Blob(msgspec.Struct, frozen=True):
    content: bytes
    content_type: str


class Blobs:
    """Putting the same content again is free and safe, also after a crash in the middle of the first time."""

    def __init__(self, url: str, vault: Vault, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._url = url
        self._vault = vault
        self._max_bytes = max_bytes
        self._home = _local_folder(url)
        self._folder = None if self._home is None else Folder(self._home, self._is_not)
        self._opened: ObjectStore | None = None

    async def put(self, content: bytes, content_type: str = "application/octet-stream") -> BlobRef:
        """Returns when the content is stored for good. The content type of the first put stays."""
        if len(content) > self._max_bytes:
            raise TooLarge(f"a file may have {self._max_bytes} bytes at most, this has {len(content)}")
        kind = content_type.encode()
        if len(kind) > _MAX_TYPE:
            raise Invalid("the content type is too long", "content_type")
        if self._folder is not None:
            return await self._put_in_folder(self._folder, content, kind)
        if len(content) < _IN_THREAD:
            ref, sealed = self._seal(content, kind)
        else:
            ref, sealed = await asyncio.to_thread(self._seal, content, kind)
        await self._write(_path(ref.hash), sealed)
        return ref

    async def _put_in_folder(self, folder: Folder, content: bytes, kind: bytes) -> BlobRef:
        made: list[BlobRef] = []

        def seal() -> Sealed:
            ref, sealed = self._seal(content, kind)
            made.append(ref)
            return Sealed(_path(ref.hash), sealed)

        await folder.write(seal, len(content))
        return made[0]

    async def get(self, hash: str) -> bytes:
        return (await self.load(hash)).content

    async def load(self, hash: str) -> Blob:
        """Raises NotFound for what was never put, Unreadable for what was altered in the store."""
        sealed = await self._read(_path(hash))
        if len(sealed) < _IN_THREAD:
            return self._unseal(hash, sealed)
        return await asyncio.to_thread(self._unseal, hash, sealed)

    async def exists(self, hash: str) -> bool:
        return await self._stored_size(_path(hash)) is not None

    async def delete(self, hash: str) -> None:
        """For every owner at once: whoever deletes has made sure that no other row names the hash."""
        from obstore import delete_async

        try:
            await delete_async(self._store, _path(hash))
        except FileNotFoundError:
            return

    async def rewrap(self, hash: str) -> bool:
        """Seals the blob under the current master key; False when it already was."""
        from obstore import put_async

        path = _path(hash)
        sealed = await self._read(path)
        if self._vault.is_current(sealed):
            return False
        await put_async(self._store, path, self._vault.rewrap(sealed, aad=bytes.fromhex(hash)))
        await self._sync(path)
        return True

    def _seal(self, content: bytes, kind: bytes) -> tuple[BlobRef, bytes]:
        digest = sha256(content)
        sealed = self._vault.seal(bytes([len(kind)]) + kind + content, aad=digest.digest())
        return BlobRef(digest.hexdigest(), len(content)), sealed

    def _unseal(self, hash: str, sealed: bytes) -> Blob:
        plain = self._vault.open(sealed, aad=bytes.fromhex(hash))
        start = 1 + plain[0]
        content = plain[start:]
        if sha256(content).hexdigest() != hash:
            raise Unreadable("the content is not what its address says")
        return Blob(content, plain[1:start].decode())

    async def _write(self, path: str, sealed: bytes) -> None:
        from obstore import put_async
        from obstore.exceptions import AlreadyExistsError

        try:
            await put_async(self._store, path, sealed, mode="create")
        except AlreadyExistsError:
            if not await self._is_cut(path):
                return
            await put_async(self._store, path, sealed)

    async def _is_cut(self, path: str) -> bool:
        """After a loss of power a file may be there without its content; the next put mends it."""
        size = await self._stored_size(path)
        if size is None or size <= OVERHEAD:
            return True
        return await asyncio.to_thread(self._is_not, path, await self._read(path))

    def _is_not(self, path: str, sealed: bytes) -> bool:
        """Whether a stored file is not what its name says."""
        if len(sealed) <= OVERHEAD:
            return True
        try:
            self._unseal(path.rpartition("/")[2], sealed)
        except Unreadable:
            return True
        return False

    async def _read(self, path: str) -> bytes:
        from obstore import get_async

        try:
            found = await get_async(self._store, path)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise NotFound("no such file") from None

    async def _stored_size(self, path: str) -> int | None:
        from obstore import head_async

        try:
            return (await head_async(self._store, path))["size"]
        except FileNotFoundError:
            return None

    async def _sync(self, path: str) -> None:
        if self._home is not None:
            await asyncio.to_thread(sync, self._home / path)
            await asyncio.to_thread(sync, (self._home / path).parent)

    @property
    def _store(self) -> "ObjectStore":
        if self._opened is None:
            self._opened = _open_store(self._url, self._home)
        return self._opened


def open_blobs(url: str, vault: Vault, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Blobs:
    """`file:///folder` or `s3://bucket/path`; the bucket's keys, region and endpoint come from AWS_* variables."""
    if urlsplit(url).scheme not in ("file", "s3"):
        raise Invalid("files are kept in a file:// folder or an s3:// bucket", "blobs_url")
    return Blobs(url, vault, max_bytes=max_bytes)


def _open_store(url: str, folder: Path | None) -> "ObjectStore":
    from obstore.store import LocalStore, S3Store

    if folder is None:
        return S3Store.from_url(url)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(folder)


def _local_folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _path(hash: str) -> str:
    if len(hash) != 64 or set(hash) - set("0123456789abcdef"):
        raise NotFound("no such file")
    return f"{hash[:2]}/{hash}"
