"""A generic inbox as an administrator fills it in."""

from typing import Annotated

import msgspec

Url = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^(https?://\S+)?$")]


class GenericSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replies go to `callback_url`; without one the channel only takes in. `timeout` in seconds."""

    callback_url: Url = ""
    timeout: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10.0


class GenericSecret(msgspec.Struct, frozen=True, kw_only=True):
    """Two may be good at once, so that one can be changed without a gap; we sign with the first."""

    secret: str = ""
    secret_next: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(each for each in (self.secret, self.secret_next) if each)
