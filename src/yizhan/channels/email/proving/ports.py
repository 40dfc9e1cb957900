"""What proving a sender asks of the world: names looked up, nothing else."""

from typing import Literal, Protocol

from yizhan.foundation.errors import DomainError

Kind = Literal["TXT", "A", "AAAA", "MX", "PTR"]


class DnsTrouble(DomainError):  # noqa: N818 - what happened
    """No server answered: nothing is known about the name, not even that it does not exist."""

    code = "dns_trouble"


class Dns(Protocol):
    async def look_up(self, name: str, kind: Kind) -> tuple[str, ...]:
        """Each TXT joined to one text (bytes as latin-1), addresses, or names; MX by preference.

        Empty where there is no such name or nothing of the kind. Raises DnsTrouble.
        """
        ...
