"""The workbench under /app/ and the widget's script: static files, each with the headers it needs.

Names under assets/ carry a hash of their content and are kept by browsers for ever; everything else is asked for each
time and answered with 304 while it stays the same.
"""

from pathlib import Path
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter
from litestar.response import Redirect

from yizhan.foundation.errors import NotFound
from yizhan.web.assets import Asset, Assets
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.headers import CONTENT_SECURITY, WORKER_SECURITY
from yizhan.web.services import Services

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_WIDGET_SECONDS = 300
_FOR_OTHERS = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
_INDEX = "index.html"
_WORKER = "worker.js"

PathTail = Annotated[str, PathParameter()]

_shelves: dict[Path, Assets] = {}


@get("/", opt=PUBLIC, include_in_schema=False)
async def front_door() -> Redirect:
    return Redirect("/app/")


@get(["/app", "/app/{path:path}"], opt=PUBLIC, include_in_schema=False)
async def workbench(request: AnyRequest, services: GivenServices, path: PathTail = "/") -> Response[bytes]:
    """Every path of the single page is the page itself; a missing file is missing."""
    assets = _shelf(services.settings.assets / "workbench")
    name = path.strip("/")
    found = assets.find(name) if name else None
    if found is None and "." not in name.rsplit("/", 1)[-1]:
        name, found = _INDEX, assets.find(_INDEX)
    if found is None:
        raise NotFound("no such page; are the front ends built?")
    headers = {"Cache-Control": _FOR_EVER if name.startswith("assets/") else _ASK}
    if name == _WORKER:
        headers["Content-Security-Policy"] = WORKER_SECURITY
    if found.kind.startswith("text/html"):
        headers["Content-Security-Policy"] = CONTENT_SECURITY
    return send(request, found, headers)


@get("/widget.js", opt=PUBLIC, include_in_schema=False)
async def widget_script(request: AnyRequest, services: GivenServices) -> Response[bytes]:
    return _script(request, services, "widget", "widget.js")


@get("/sdk.js", opt=PUBLIC, include_in_schema=False)
async def sdk_script(request: AnyRequest, services: GivenServices) -> Response[bytes]:
    """The visitor's protocol as one module, for chats of one's own."""
    return _script(request, services, "sdk", "yizhan-sdk.js")


def _script(request: AnyRequest, services: Services, folder: str, name: str) -> Response[bytes]:
    """Loaded by pages of other sites, which is what the two cross-origin headers allow."""
    found = _shelf(services.settings.assets / folder).find(name)
    if found is None:
        raise NotFound(f"{name} is not built")
    return send(request, found, {**_FOR_OTHERS, "Cache-Control": f"public, max-age={_WIDGET_SECONDS}"})


@get("/widget/look/{language:str}", opt=PUBLIC, include_in_schema=False)
async def widget_look(
    language: FromPath[str], request: AnyRequest, services: GivenServices, v: FromQuery[str] = ""
) -> Response[bytes]:
    """The words and styles of the widget in one language; kept for ever only under the version it has."""
    found = _shelf(services.settings.assets / "widget").find(f"look.{language}.json")
    if found is None:
        raise NotFound("no such language, or the widget is not built")
    same = bool(v) and found.content.startswith(f'{{"version":"{v}"'.encode())
    return send(request, found, {"Cache-Control": _FOR_EVER if same else _ASK})


def send(request: AnyRequest, asset: Asset, headers: dict[str, str]) -> Response[bytes]:
    headers = {**headers, "ETag": asset.tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.tag:
        return Response(b"", status_code=304, headers=headers)
    if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.zipped, headers=headers, media_type=asset.kind)
    return Response(asset.content, headers=headers, media_type=asset.kind)


def _shelf(folder: Path) -> Assets:
    return _shelves.setdefault(folder, Assets(folder))


routes = [front_door, workbench, widget_script, widget_look, sdk_script]
