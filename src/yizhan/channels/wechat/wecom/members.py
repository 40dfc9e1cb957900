"""What members are called: the directory says it of those whom the application may see, and else nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yizhan.channels.wechat.qyapi import Refused, asked
from yizhan.channels.wechat.qycodes import class_of
from yizhan.channels.wechat.xml import text_of
from yizhan.desk.channels import Line
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.log import get_logger
from yizhan.records.contacts import Identifier

log = get_logger(__name__)

_UNTOLD = frozenset({ErrorClass.PERMISSION, ErrorClass.RECIPIENT})
_CHARS = 80


async def names_of(line: Line, addresses: Sequence[str]) -> Mapping[str, Sequence[Identifier]]:
    """By userid. Of whom nothing is told keeps his userid for a name: so he is known in the company."""
    found: dict[str, Sequence[Identifier]] = {}
    for member in addresses:
        try:
            said = await asked(line, "/cgi-bin/user/get", userid=member)
        except Refused as refusal:
            if class_of(refusal.errcode) not in _UNTOLD:
                raise
            log.info("wecom.member_untold", inbox=line.account.key, error=refusal.message)
            continue
        name = text_of(said, "name")[:_CHARS]
        if name and name != member:
            found[member] = (Identifier("nickname", name),)
    return found
