"""A generic inbox as an administrator fills it in."""

from typing import Annotated

import msgspec

Url = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^(https?://\S+)?$")]


class GenericSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replies go to `callback_url`; without one the channel only takes in. `timeout` in seconds.

    Where the other side counts our messages, at most `quota_messages` go within `quota_hours` of the customer's last
    word; 0: it counts nothing.
    """

    callback_url: Url = ""
    timeout: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10.0
    quota_messages: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    quota_hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 30)] = 48


class GenericSecret(msgspec.Struct, frozen=True, kw_only=True):
    """Two may be good at once, so that one can be changed without a gap; we sign with the first."""

    secret: str = ""
    secret_next: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(each for each in (self.secret, self.secret_next) if each)
