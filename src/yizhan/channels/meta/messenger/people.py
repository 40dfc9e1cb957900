"""Who writes: what people are called at Messenger and Instagram. A webhook names nobody."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yizhan.channels.meta import graph
from yizhan.desk.channels import Line
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.records.contacts import Identifier

_FIELDS = {"page": "name,first_name,last_name", "instagram": "name,username"}


class _Known(msgspec.Struct):
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    username: str = ""

    @property
    def called(self) -> str:
        return self.name or " ".join(filter(None, (self.first_name, self.last_name))) or self.username


async def enrich(line: Line, addresses: Sequence[str]) -> dict[str, list[Identifier]]:
    """Somebody whose profile is not to be read keeps the name he has. Raises SendFailed."""
    names: dict[str, list[Identifier]] = {}
    for address in (each for each in addresses if each.isdecimal()):
        path = f"{address}?fields={_FIELDS[line.account.settings.platform]}"
        try:
            found = await graph.ask(line, "GET", path, _Known, repeatable=True)
        except SendFailed as failure:
            if failure.retry_after is not None or failure.error_class is ErrorClass.AUTH:
                raise
            continue
        if found.called:
            names[address] = [Identifier("nickname", found.called, None)]
    return names
