"""A visitor's files: taken in by his token, given out by links that only he was sent."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import QueryParameter

from yizhan.foundation.errors import Invalid, NotFound, RateLimited, TooLarge
from yizhan.web.files import given_out, received, stored
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.widget import passes
from yizhan.web.widget.door import VisitorLinks, bearer_guest
from yizhan.web.widget.passes import Upload
from yizhan.web.widget.presence import stirs
from yizhan.web.widget.shapes import VisitorFile

_UNKNOWN = "application/octet-stream"


@post("/widget/{key:str}/files", opt=PUBLIC, status_code=201)
async def upload(key: FromPath[str], request: AnyRequest, services: GivenServices) -> VisitorFile:
    """Pictures, sound, film, documents. What it is, its first bytes say; anything else is refused."""
    guest = await bearer_guest(services, request, key)
    wait = services.widgets.files.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)
    await stirs(services, guest, busy=True)
    content, name = await received(request)
    if len(content) > guest.door.settings.file_limit:
        raise TooLarge(f"a file may have {guest.door.settings.file_limit} bytes at most")
    kept = await stored(services, content, name)
    if kept.type == _UNKNOWN:
        raise Invalid("this kind of file is not taken", "file_type")
    now = services.clock.now()
    handle = passes.upload_handle(services.signer, guest.blind, Upload(kept.hash, kept.name, kept.type, kept.size), now)
    owner = passes.owner_of(guest.blind)
    url = VisitorLinks(services.signer, services.clock)(owner, kept.hash, kept.name)
    return VisitorFile(handle, kept.name, kept.type, kept.size, url)


@get("/widget/files/{digest:str}", opt=PUBLIC)
async def read_file(
    digest: FromPath[str],
    request: AnyRequest,
    services: GivenServices,
    name: Annotated[str, QueryParameter(max_length=300)] = "",
    token: Annotated[str, QueryParameter(max_length=200)] = "",
) -> Response[bytes]:
    """Without a link of ours the file does not exist."""
    if not passes.may_read(services.signer, digest, token, services.clock.now()):
        raise NotFound("no such file")
    return await given_out(services, digest, name, request.headers.get("range"))
