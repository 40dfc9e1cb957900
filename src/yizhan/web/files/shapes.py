"""Files on the wire."""

import msgspec


class StoredFile(msgspec.Struct, frozen=True):
    """`hash` names the file in a message that is sent with it."""

    hash: str
    name: str
    type: str
    size: int
    url: str
