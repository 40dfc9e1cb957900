"""What a channel offers so that its settings can be tried before they are saved."""

from typing import Protocol

import msgspec


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried: connecting, signing in, opening the folder …

    `detail` is what the other side said, the hints what the administrator can do about it.
    """

    name: str
    ok: bool
    detail: str = ""
    hint_zh: str = ""
    hint_en: str = ""


class ConnectionCheck(Protocol):
    async def check(self, settings: dict[str, object], secrets: dict[str, str]) -> list[Check]:
        """Tries the settings for real, in bounded time. A failure is a Check, not an exception."""
        ...


class Authorisation(Protocol):
    """How a person lets us into an account at its provider. `redirect` is where the provider sends him back to."""

    def start(self, settings: dict[str, object], *, redirect: str, state: str, verifier: str) -> str:
        """The provider's page. Raises Invalid where nobody has to authorise anything."""
        ...

    async def finish(
        self, settings: dict[str, object], secrets: dict[str, str], *, code: str, redirect: str, verifier: str
    ) -> dict[str, str]:
        """The secrets that came of it. Raises DomainError with the provider's words."""
        ...
