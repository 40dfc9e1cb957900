"""The routes of the look."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated

import msgspec
from litestar import Response, get, put
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from msgspec import UNSET, UnsetType

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import look
from yizhan.records.agents import Permission
from yizhan.records.look import Look
from yizhan.web.given import GivenCall, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest, permits

Color = Annotated[str, QueryParameter(max_length=7)]


class LookShades(msgspec.Struct):
    """What words stand on, and words themselves. `adjusted`: the colour itself could not be read on light."""

    button: str
    words: str
    button_dark: str
    words_dark: str
    adjusted: bool


class LookShape(msgspec.Struct):
    """`color` and `shades` are empty for the product's own colour; `logo` is where the picture lies."""

    color: str
    logo: str | None
    shades: LookShades | None
    version: int


class LookChange(msgspec.Struct, forbid_unknown_fields=True):
    """`logo` is a picture in base64, null for the product's own; left out, it stays."""

    color: Annotated[str, msgspec.Meta(max_length=20)]
    version: int
    logo: Annotated[bytes, msgspec.Meta(max_length=1_000_000)] | UnsetType | None = UNSET


@get("/look")
async def read_look(services: GivenServices) -> LookShape:
    async with services.db.read() as tx:
        return _shape(await look.look(tx))


@get("/look/shades")
async def shades_of_color(color: Color) -> LookShades:
    """What would become of a colour."""
    return _shades(look.ensure_color(color) or "#000000")


@put("/look", guards=[permits(Permission.CONFIG_MANAGE)])
async def change_look(data: JSONBody[LookChange], call: GivenCall) -> Response[LookShape]:
    picture, digest = data.logo, None
    if isinstance(picture, bytes):
        digest = (await call.services.blobs.put(picture, look.ensure_picture(picture))).hash

    async def verb(tx: Tx) -> LookShape:
        kept = (await look.look(tx)).logo if picture is UNSET else digest
        return _shape(await look.change(tx, data.color, kept, version=data.version, actor=call.actor, now=call.now))

    return await call.write(verb)


@get("/app/look.css", opt=PUBLIC, include_in_schema=False, responses={304: ResponseSpec(None, description="as it was")})
async def look_sheet(request: AnyRequest, services: GivenServices) -> Response[bytes]:
    """Asked for with every page, before its first paint, and nearly always answered with 304."""
    async with services.db.read() as tx:
        sheet = look.css_of(await look.look(tx)).encode()
    tag = f'"{sha256(sheet).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(sheet, headers=headers, media_type="text/css")


@get("/app/look/logo", opt=PUBLIC, include_in_schema=False)
async def look_logo(services: GivenServices) -> Response[bytes]:
    """A picture that was looked at when it came; whoever opens it alone gets nothing that runs."""
    async with services.db.read() as tx:
        digest = (await look.look(tx)).logo
    if digest is None:
        raise NotFound("the house has no logo of its own")
    content = await services.blobs.get(digest)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "sandbox"}
    return Response(content, headers=headers, media_type=look.ensure_picture(content))


def _shape(of: Look) -> LookShape:
    return LookShape(
        of.color, look.address_of(of.logo) if of.logo else None, _shades(of.color) if of.color else None, of.version
    )


def _shades(color: str) -> LookShades:
    found = look.shades_of(color)
    return LookShades(
        found.light["brand"], found.light["brand-text"], found.dark["brand"], found.dark["brand-text"],
        found.light["brand"] != color,
    )  # fmt: skip


routes = (read_look, shades_of_color, change_look)
doors = (look_sheet, look_logo)
