"""The way out over a line: what is the same of every vendor that is called."""

from __future__ import annotations

from abc import ABC, abstractmethod

from yizhan.desk.channels.contract import Line
from yizhan.desk.outbound import Letter, Mark, Receipt


class VendorSender(ABC):
    """A `Sender` for one inbox. `idempotent` where the vendor knows a message it has had before; most do not."""

    idempotent: bool = False

    def __init__(self, line: Line) -> None:
        self._line = line

    def mark(self, letter: Letter) -> Mark | None:
        return None

    @abstractmethod
    async def send(self, letter: Letter) -> Receipt:
        """Raises SendFailed."""

    async def close(self) -> None:
        """The client belongs to the process."""
        return
