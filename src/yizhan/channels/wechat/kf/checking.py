"""The settings of 微信客服 tried for real; the accounts there are listed, so that the right one can be entered."""

from __future__ import annotations

from yizhan.channels.wechat.qyapi import call
from yizhan.channels.wechat.qychecks import callback, connection, refused
from yizhan.channels.wechat.xml import branches_of, text_of
from yizhan.desk.channels import Line
from yizhan.foundation.errors import DomainError
from yizhan.records.inboxes import Check


async def check(line: Line) -> list[Check]:
    opened = await connection(line)
    checks = [opened, callback(line)]
    if opened.ok:
        checks.append(await _account(line))
    return checks


async def _account(line: Line) -> Check:
    try:
        listed = await call(line, "/cgi-bin/kf/account/list", {"offset": 0, "limit": 100})
    except DomainError as failure:
        return refused("account", failure)
    accounts = {text_of(each, "open_kfid"): each for each in branches_of(listed, "account_list")}
    ours = accounts.get(line.account.settings.open_kfid)
    if ours is None:
        known = ", ".join(f"{id} {text_of(each, 'name')}" for id, each in accounts.items())[:300]
        return Check("account", False, known, "填写列出的客服账号 ID 之一", "enter one of the accounts listed")
    if text_of(ours, "manage_privilege") == "0":
        return Check(
            "account", False, text_of(ours, "name"), "把客服账号设为通过 API 管理", "have the account managed by API"
        )
    return Check("account", True, text_of(ours, "name"))
