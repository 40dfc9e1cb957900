"""The routes of files."""

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, unquote
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import QueryParameter

from yizhan.desk.views import messages_by_id, owner_of_conversation, sees
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records.agents import Permission, Viewer
from yizhan.web.files.kinds import INLINE, PDF, kind_of, safe_name
from yizhan.web.files.ranges import Unsatisfiable, part_of
from yizhan.web.files.shapes import StoredFile
from yizhan.web.given import FromPath, FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import AnyRequest, permits
from yizhan.web.services import Services

_HASH = re.compile(r"[0-9a-f]{64}")
_OWN_FILE = timedelta(days=2)  # how long who sent a file up may look at it without the message it is for
_LOCKED_IN = "default-src 'none'; sandbox; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
# A browser's own reader of PDF stays shut in a sandbox; nothing of the file runs in our name, and nobody frames it.
_READER_ONLY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@post("/files", guards=[permits(Permission.MESSAGE_REPLY)])
async def upload_file(request: AnyRequest, services: GivenServices, viewer: GivenViewer) -> StoredFile:
    """A form with one file, or the bare content with its name, percent-encoded, in X-File-Name."""
    content, name = await received(request)
    file = await stored(services, content, name)
    until = services.clock.now() + _OWN_FILE
    grant = services.signer.session(_grant(file.hash), viewer.agent_id, until)
    return msgspec.structs.replace(file, url=f"{file.url}&grant={grant}")


@get("/files/{digest:str}", guards=[permits(Permission.TICKET_READ)])
async def download_file(
    digest: FromPath[str],
    request: AnyRequest,
    services: GivenServices,
    viewer: GivenViewer,
    name: Annotated[str, QueryParameter(max_length=300)] = "",
    message: FromQuery[UUID | None] = None,
    grant: Annotated[str, QueryParameter(max_length=200)] = "",
) -> Response[bytes]:
    """Of a message that the viewer may see, or with the `grant` that came with his own upload."""
    if not await _may_read(services, viewer, digest, message, grant):
        raise NotFound("no such file")
    return await given_out(services, digest, safe_name(name), request.headers.get("range"))


async def _may_read(services: Services, viewer: Viewer, digest: str, message: UUID | None, grant: str) -> bool:
    if message is None:
        return services.signer.read_session(_grant(digest), grant, services.clock.now()) == viewer.agent_id
    async with services.db.read() as tx:
        found = await messages_by_id(tx, [message])
        if not found or all(each.get("hash") != digest for each in found[0].attachments):
            return False
        return sees(viewer, await owner_of_conversation(tx, found[0].conversation_id))


def _grant(digest: str) -> str:
    """The purpose of the grant's signature: this file, and whose it is is its subject."""
    return f"file:{digest}"


async def received(request: AnyRequest) -> tuple[bytes, str]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body(), safe_name(unquote(request.headers.get("x-file-name", "")))
    form = await request.form()
    uploads = [part for part in form.values() if isinstance(part, UploadFile)]
    if len(uploads) != 1:
        raise Invalid("one file, please", "file")
    return await uploads[0].read(), safe_name(uploads[0].filename)


async def stored(services: Services, content: bytes, name: str) -> StoredFile:
    if not content:
        raise Invalid("the file is empty", "file")
    kind = kind_of(content, name)
    ref = await services.blobs.put(content, kind)
    return StoredFile(ref.hash, name, kind, ref.size, f"/api/v1/files/{ref.hash}?name={quote(name)}")


async def given_out(services: Services, digest: str, name: str, wanted: str | None) -> Response[bytes]:
    """Nothing but pictures and PDF opens in the browser, and nothing at all runs in our name."""
    if not _HASH.fullmatch(digest):
        raise NotFound("no such file")
    content = await services.blobs.get(digest)
    kind = kind_of(content, name)
    headers = {
        "Content-Disposition": f"{'inline' if kind in INLINE else 'attachment'}; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": _READER_ONLY if kind == PDF else _LOCKED_IN,
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
    }
    try:
        part = part_of(wanted, len(content))
    except Unsatisfiable:
        return Response(b"", status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    if part is None:
        return Response(content, headers=headers, media_type=kind)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], status_code=206, headers=headers, media_type=kind)
