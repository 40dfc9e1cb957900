"""The outside world, one folder a channel: verify, parse and render as pure functions, plus settings and samples.

A channel turns what a vendor sends into the desk's happenings and a reply into what the vendor accepts. Channels know
the desk but not each other, and never a web framework: the web floor calls them with raw bytes. Those named in `OURS`
come with the product; outside packages add theirs under the entry point group `yizhan.channels`. Each is loaded when it
is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yizhan.desk.channels import Adapter

GROUP = "yizhan.channels"
OURS: Mapping[str, str] = {
    "generic": "yizhan.channels.generic:ADAPTER",
    "wechat_mp": "yizhan.channels.wechat.mp:ADAPTER",
    "wechat_mini": "yizhan.channels.wechat.mini:ADAPTER",
    "wechat_kf": "yizhan.channels.wechat.kf:ADAPTER",
    "wecom": "yizhan.channels.wechat.wecom:ADAPTER",
    "wecom_group": "yizhan.channels.wechat.group:ADAPTER",
    "weibo": "yizhan.channels.weibo:ADAPTER",
    "weibo_comment": "yizhan.channels.weibo.comments:ADAPTER",
    "douyin": "yizhan.channels.douyin:ADAPTER",
    "douyin_comment": "yizhan.channels.douyin.comments:ADAPTER",
    "bridge": "yizhan.channels.bridge:ADAPTER",
    "sms_aliyun": "yizhan.channels.sms.aliyun:ADAPTER",
    "sms_tencent": "yizhan.channels.sms.tencent:ADAPTER",
    "whatsapp": "yizhan.channels.meta.whatsapp:ADAPTER",
    "messenger": "yizhan.channels.meta.messenger:ADAPTER",
    "telegram": "yizhan.channels.telegram:ADAPTER",
    "line": "yizhan.channels.line:ADAPTER",
}
"""Where the adapter of each channel is: `module:NAME`."""


@cache
def adapter(name: str) -> Adapter | None:
    """The adapter of a channel; None where no package offers one that can be loaded."""
    # Loaded here: the command an MTA runs for every mail passes through this package and needs none of it.
    from importlib.metadata import entry_points

    from yizhan.desk.channels import Adapter
    from yizhan.foundation.log import get_logger

    log = get_logger(__name__)
    try:
        where = OURS.get(name)
        if where is not None:
            module, _, value = where.partition(":")
            found = getattr(import_module(module), value)
        else:
            offered = next(iter(entry_points(group=GROUP, name=name)), None)
            found = offered.load() if offered is not None else None
    except Exception as error:  # another package's fault must not keep the house from opening
        log.error("channels.not_loaded", channel=name, error=repr(error))
        return None
    if found is not None and (not isinstance(found, Adapter) or found.name != name):
        log.error("channels.not_an_adapter", channel=name, found=repr(found)[:200])
        return None
    return found


def adapter_names() -> list[str]:
    """All there are, those of the product first."""
    from importlib.metadata import entry_points

    others = sorted({each.name for each in entry_points(group=GROUP)} - set(OURS))
    return [*OURS, *others]
