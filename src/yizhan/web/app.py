"""The web application: routes, guards and errors inside, limits and headers around."""

from functools import partial
from types import SimpleNamespace
from typing import cast

import msgspec
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from yizhan.desk.imports import PART
from yizhan.web.asgi import App
from yizhan.web.call import provide_call
from yizhan.web.description import description, with_problems
from yizhan.web.errors import HANDLERS
from yizhan.web.guards import provide_session, provide_viewer, signed_in
from yizhan.web.headers import SafeHeaders
from yizhan.web.hooks import HookPorch
from yizhan.web.limits import LimitPolicy, Limits
from yizhan.web.meter import Meter
from yizhan.web.routes import routers
from yizhan.web.services import Services, WebSettings
from yizhan.web.widget import WidgetCors, tell_duty

_FORM_BYTES = 64 * 1024  # what a form adds around its file


def build_app(services: Services, framework: Litestar | None = None) -> App:
    """The whole as an ASGI application. Its start and stop do nothing: `yizhan.app` owns what `services` holds. Routes
    that were built before, in `framework`, serve these `services` from now on."""
    inner = framework or build_framework(services)
    inner.state["services"] = services
    if services.hub is not None:
        services.hub.beats.append(partial(tell_duty, services, services.hub))
    limited = Limits(HookPorch(cast(App, inner), services), _limits(services.settings))
    meter = Meter(SafeHeaders(WidgetCors(limited), https=services.settings.secure_cookies))
    services.meters.own = meter
    return meter


def api_document() -> bytes:
    """The API description as `/api/openapi.json` gives it, made without any store."""
    bare = cast(Services, SimpleNamespace(settings=WebSettings()))
    return msgspec.json.encode(with_problems(build_framework(bare).openapi_schema.to_schema()))


def _limits(settings: WebSettings) -> LimitPolicy:
    """Where files come in, a body may be as large as a file; a hook carries them in base64."""
    file = settings.max_file_bytes + _FORM_BYTES
    wide = {
        "/api/v1/files": file, "/api/v1/imports/": PART + _FORM_BYTES, "/widget/": file, "/hooks/": file * 4 // 3,
    }  # fmt: skip
    return msgspec.structs.replace(settings.limits, bodies={**wide, **settings.limits.bodies})


def build_framework(services: Services) -> Litestar:
    """Without the wrappers."""
    state = State({"services": services})
    return Litestar(
        route_handlers=routers(),
        state=state,
        dependencies={
            "services": Provide(lambda: state["services"], sync_to_thread=False),
            "viewer": Provide(provide_viewer, sync_to_thread=False),
            "session": Provide(provide_session, sync_to_thread=False),
            "call": Provide(provide_call),
        },
        guards=[signed_in],
        exception_handlers=HANDLERS,
        openapi_config=description(services.settings.version),
        logging_config=None,
        request_max_body_size=None,  # the wrapper limits, by path
    )
