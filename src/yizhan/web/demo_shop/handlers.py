"""The routes of the demo's shop."""

from pathlib import Path
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter

from yizhan.foundation.errors import NotFound
from yizhan.web.assets import Asset, Assets
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.headers import CONTENT_SECURITY
from yizhan.web.pages import send
from yizhan.web.services import Services

_shelf = Assets(Path(__file__).parent / "static")
_ASSISTED = "digital"
_ASK = {"Cache-Control": "no-cache"}


@get(["/demo/shop", "/demo/shop/{path:path}"], opt=PUBLIC, include_in_schema=False)
async def shop_page(
    request: AnyRequest, services: GivenServices, path: Annotated[str, PathParameter()] = "/"
) -> Response[bytes]:
    """One page for every address below it: the shop changes pages by itself, as many shops do."""
    page = _found(services, "shop.html")
    if request.query_params.get("inbox") == _ASSISTED:
        page = _served_by(page, _ASSISTED)
    return send(request, page, {**_ASK, "Content-Security-Policy": CONTENT_SECURITY})


@get("/demo/assets/{name:str}", opt=PUBLIC, include_in_schema=False)
async def shop_file(name: FromPath[str], request: AnyRequest, services: GivenServices) -> Response[bytes]:
    return send(request, _found(services, name), _ASK)


def _served_by(page: Asset, inbox: str) -> Asset:
    """The same shop with the widget of another inbox: there the assistant receives first."""
    content = page.content.replace(b'data-inbox="shop"', f'data-inbox="{inbox}"'.encode())
    return Asset(content, None, page.kind, f'"{inbox}-{page.tag.strip(chr(34))}"')


def _found(services: Services, name: str) -> Asset:
    found = _shelf.find(name) if services.settings.demo else None
    if found is None:
        raise NotFound("no such page")
    return found
