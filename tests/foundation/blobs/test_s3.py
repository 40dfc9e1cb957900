"""The same promises against a server that speaks S3's HTTP, conditional PUT included."""

import asyncio
import re
from collections.abc import AsyncIterator
from email.utils import formatdate
from hashlib import md5

import pytest

from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.errors import NotFound


class Bucket:
    """Just enough of S3: PUT with If-None-Match, GET, HEAD, DeleteObjects, one request a connection, on loopback."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.puts = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, _ = (await reader.readline()).decode().split()
        headers = await self._headers(reader)
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        status, answer = self._answer(method, target.partition("?")[0], headers, content)
        writer.write(self._response(status, answer, method == "HEAD"))
        await writer.drain()
        writer.close()

    async def _headers(self, reader: asyncio.StreamReader) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := (await reader.readline()).decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return headers

    def _answer(self, method: str, path: str, headers: dict[str, str], content: bytes) -> tuple[str, bytes]:
        if "authorization" not in headers:
            return "403 Forbidden", b""
        if method == "PUT":
            if "if-none-match" in headers and path in self.objects:
                return "412 Precondition Failed", b""
            self.puts += 1
            self.objects[path] = content
            return "200 OK", b""
        if method == "POST":  # the only request with a list in it is the deletion of several
            keys = re.findall(rb"<Key>[^<]+</Key>", content)
            for key in keys:
                self.objects.pop(f"{path}/{key[5:-6].decode()}", None)
            deleted = b"".join(b"<Deleted>%s</Deleted>" % key for key in keys)
            return "200 OK", b"<DeleteResult>%s</DeleteResult>" % deleted
        if method in ("GET", "HEAD") and path in self.objects:
            return "200 OK", self.objects[path]
        return "404 Not Found", b""

    def _response(self, status: str, content: bytes, head_only: bool) -> bytes:
        etag = md5(content, usedforsecurity=False).hexdigest()
        lines = [
            f"HTTP/1.1 {status}",
            f'ETag: "{etag}"',
            f"Last-Modified: {formatdate(usegmt=True)}",
            "Connection: close",
        ]
        lines += [f"Content-Length: {len(content)}", "", ""]
        return "\r\n".join(lines).encode() + (b"" if head_only else content)


@pytest.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bucket]:
    bucket = Bucket()
    server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "stand-in")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "stand-in")
    yield bucket
    server.close()


@pytest.fixture
def blobs() -> Blobs:
    return open_blobs("s3://yizhan-files/acme", Vault(new_keyring()))


async def test_a_file_goes_to_the_bucket_once_and_comes_back(bucket: Bucket, blobs: Blobs) -> None:
    ref = await blobs.put(b"invoice", "application/pdf")
    assert await blobs.put(b"invoice") == ref
    assert bucket.puts == 1
    assert (await blobs.load(ref.hash)).content_type == "application/pdf"
    [(path, stored)] = bucket.objects.items()
    assert path == f"/yizhan-files/acme/{ref.hash[:2]}/{ref.hash}"
    assert b"invoice" not in stored


async def test_a_cut_object_is_mended_and_a_deleted_one_is_gone(bucket: Bucket, blobs: Blobs) -> None:
    ref = await blobs.put(b"invoice")
    [path] = bucket.objects
    bucket.objects[path] = bucket.objects[path][:10]
    await blobs.put(b"invoice")
    assert await blobs.get(ref.hash) == b"invoice"
    await blobs.delete(ref.hash)
    assert not await blobs.exists(ref.hash)
    with pytest.raises(NotFound):
        await blobs.get(ref.hash)
