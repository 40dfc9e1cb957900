"""The routes of files."""

import re
from typing import Annotated
from urllib.parse import quote, unquote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import QueryParameter

from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records.agents import Permission
from yizhan.web.files.kinds import INLINE, kind_of, safe_name
from yizhan.web.files.ranges import Unsatisfiable, part_of
from yizhan.web.files.shapes import StoredFile
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import AnyRequest, permits
from yizhan.web.services import Services

_HASH = re.compile(r"[0-9a-f]{64}")
_LOCKED_IN = "default-src 'none'; sandbox; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"


@post("/files", guards=[permits(Permission.MESSAGE_REPLY)])
async def upload_file(request: AnyRequest, services: GivenServices) -> StoredFile:
    """A form with one file, or the bare content with its name, percent-encoded, in X-File-Name."""
    content, name = await received(request)
    return await stored(services, content, name)


@get("/files/{digest:str}", guards=[permits(Permission.TICKET_READ)])
async def download_file(
    digest: FromPath[str],
    request: AnyRequest,
    services: GivenServices,
    name: Annotated[str, QueryParameter(max_length=300)] = "",
    message: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """Known by its content's hash, which only a message in one's scope tells."""
    return await given_out(services, digest, safe_name(name), request.headers.get("range"))


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
    """Nothing but pictures opens in the browser, and nothing at all runs in our name."""
    if not _HASH.fullmatch(digest):
        raise NotFound("no such file")
    content = await services.blobs.get(digest)
    kind = kind_of(content, name)
    headers = {
        "Content-Disposition": f"{'inline' if kind in INLINE else 'attachment'}; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": _LOCKED_IN,
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
