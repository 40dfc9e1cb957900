"""Routes that are built once and serve one test after another: building them takes longer than most tests."""

from __future__ import annotations

from litestar import Litestar

from yizhan.web.app import build_app, build_framework
from yizhan.web.asgi import App
from yizhan.web.services import Services

_idle: list[Litestar] = []
_serving: list[Litestar] = []


def app_of(services: Services) -> App:
    """As `build_app`; its routes are this test's alone until it ends."""
    return build_app(services, framework_of(services))


def framework_of(services: Services) -> Litestar:
    framework = _idle.pop() if _idle else build_framework(services)
    _serving.append(framework)
    return framework


def free_all() -> None:
    """The test has ended, and with it whatever it asked."""
    _idle.extend(_serving)
    _serving.clear()
