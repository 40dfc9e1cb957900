"""The routes of the demo's switch."""

from litestar import get, post, put

from yizhan.foundation.errors import Forbidden, NotFound
from yizhan.records.agents import Permission, Viewer
from yizhan.web.demo.shapes import DemoShape, DriveShape, Steering
from yizhan.web.given import GivenServices, GivenViewer, JSONBody
from yizhan.web.services import DemoDrive, Services

_MAY = (Permission.CONFIG_MANAGE, Permission.SUPERVISE)


@get("/demo")
async def read_demo(services: GivenServices, viewer: GivenViewer) -> DemoShape:
    """Whether there is one to steer; that this is a demo at all stands in `/auth/me`, for everybody."""
    _ensure_may(viewer)
    return _shape(services.demo)


@put("/demo")
async def steer_demo(data: JSONBody[Steering], services: GivenServices, viewer: GivenViewer) -> DemoShape:
    _ensure_may(viewer)
    drive = _drive(services)
    if data.crm is not None:
        drive.switch_crm(data.crm)
    drive.steer(drive.on if data.on is None else data.on, drive.speed if data.speed is None else data.speed)
    return _shape(drive)


@post("/demo/reset", status_code=200)
async def begin_anew(services: GivenServices, viewer: GivenViewer) -> DemoShape:
    """Answers when it is done; everybody's screens are told to load anew."""
    _ensure_may(viewer)
    drive = _drive(services)
    await drive.reset()
    return _shape(drive)


def _ensure_may(viewer: Viewer) -> None:
    if not any(viewer.may(permission) for permission in _MAY):
        raise Forbidden(f"needs {' or '.join(_MAY)}")


def _drive(services: Services) -> DemoDrive:
    if services.demo is None:
        raise NotFound("this is not a demo")
    return services.demo


def _shape(drive: DemoDrive | None) -> DemoShape:
    if drive is None:
        return DemoShape(False, None, None)
    return DemoShape(True, DriveShape(drive.on, drive.speed), drive.started_at, drive.crm)
