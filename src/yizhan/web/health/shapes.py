"""What machines are told."""

import msgspec


class Health(msgspec.Struct, frozen=True):
    status: str
    version: str
