"""The demo's telephone: text messages that would leave the house lie on a page instead."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from yizhan.desk.outlets import Dispatch, Outlet
from yizhan.web.services import DemoText

_KEPT = 20


class DemoPhone:
    """In the memory of this process, gone with it."""

    def __init__(self) -> None:
        self._texts: deque[DemoText] = deque(maxlen=_KEPT)

    async def warm(self) -> None:
        """Nothing is loaded."""

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        lines = dispatch.items[0].lines if dispatch.items else ()
        for to in dispatch.to:
            self._texts.appendleft(DemoText(to, " ".join([dispatch.title, *lines]), dispatch.at))

    def texts(self) -> Sequence[DemoText]:
        """The newest first."""
        return tuple(self._texts)
