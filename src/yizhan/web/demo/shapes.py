"""The demo on the wire."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Speed = Annotated[float, Meta(ge=1, le=20)]


class DriveShape(Struct, frozen=True):
    """`speed` is how many times faster than life."""

    on: bool
    speed: float


class DemoShape(Struct, frozen=True):
    """`crm`: whether the CRM answers that the demo's connector asks."""

    enabled: bool
    drive: DriveShape | None
    started_at: datetime | None
    crm: bool | None = None


class Steering(Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given is changed."""

    on: bool | None = None
    speed: Speed | None = None
    crm: bool | None = None
