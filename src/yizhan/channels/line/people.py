"""Who writes: what people and groups are called at LINE. A webhook names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from yizhan.channels.line.send import ask
from yizhan.desk.channels import Line, understood
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.records.contacts import Identifier

_PATHS = {"U": "/v2/bot/profile/{}", "C": "/v2/bot/group/{}/summary"}


class _Known(msgspec.Struct, rename="camel"):
    display_name: str = ""
    group_name: str = ""


async def enrich(line: Line, addresses: Sequence[str]) -> dict[str, list[Identifier]]:
    """Somebody who is not to be known, because he left, keeps the name he has. Raises SendFailed."""
    names: dict[str, list[Identifier]] = {}
    for address in addresses:
        path = _PATHS.get(address[:1])
        if path is None:
            continue
        try:
            answer = await ask(line, "GET", path.format(quote(address, safe="")))
        except SendFailed as failure:
            if failure.retry_after is not None or failure.error_class is ErrorClass.AUTH:
                raise
            continue
        found = understood(answer, _Known, attempt=1, repeatable=True)
        if name := found.display_name or found.group_name:
            names[address] = [Identifier("nickname", name, None)]
    return names
