"""What a 公众号 tells of its followers: the UnionID they have on every account of one owner; and the tag they get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yizhan.channels.wechat.api import WeChatApi
from yizhan.channels.wechat.errors import WeChatRefused
from yizhan.channels.wechat.inbound import openid_of
from yizhan.desk.channels import Line
from yizhan.foundation.log import get_logger
from yizhan.records.contacts import Identifier

log = get_logger(__name__)

_TAGGED_AT_ONCE = 50
_NOBODY = 40003  # one of them belongs to another account: then they are asked for one by one


async def who_they_are(
    line: Line, api: WeChatApi, addresses: Sequence[str], *, unionid: bool, tag_id: int
) -> Mapping[str, Sequence[Identifier]]:
    """By address. Who does not follow has no UnionID here, nor anybody of an account that is not bound to the Open
    Platform."""
    said = await _asked(api, [openid_of(each) for each in addresses]) if unionid or tag_id else []
    if tag_id:
        await _tag(line, api, [str(each["openid"]) for each in said if each.get("subscribe")], tag_id)
    unions = {str(each["openid"]): str(each.get("unionid") or "") for each in said} if unionid else {}
    now = line.clock.now()
    return {
        address: (Identifier("unionid", union, now),)
        for address in addresses
        if (union := unions.get(openid_of(address), ""))
    }


async def _asked(api: WeChatApi, openids: Sequence[str]) -> list[dict[str, Any]]:
    wanted = {"user_list": [{"openid": each, "lang": "zh_CN"} for each in openids]}
    try:
        answer = await api.post("/cgi-bin/user/info/batchget", wanted)
    except WeChatRefused as refused:
        if refused.errcode != _NOBODY:
            raise
        return [found for each in openids if (found := await _one(api, each)) is not None]
    return [each for each in answer.get("user_info_list") or [] if isinstance(each, dict) and each.get("openid")]


async def _one(api: WeChatApi, openid: str) -> dict[str, Any] | None:
    try:
        return await api.get("/cgi-bin/user/info", openid=openid, lang="zh_CN")
    except WeChatRefused as refused:
        if refused.errcode != _NOBODY:
            raise
        return None


async def _tag(line: Line, api: WeChatApi, openids: Sequence[str], tag_id: int) -> None:
    """A tag that cannot be given costs nobody his UnionID."""
    for at in range(0, len(openids), _TAGGED_AT_ONCE):
        body = {"openid_list": list(openids[at : at + _TAGGED_AT_ONCE]), "tagid": tag_id}
        try:
            await api.post("/cgi-bin/tags/members/batchtagging", body)
        except WeChatRefused as refused:
            log.warning("wechat.not_tagged", inbox=line.account.key, tag=tag_id, error=refused.message)
            return
