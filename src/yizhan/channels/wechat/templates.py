"""模板消息 and 订阅通知: texts the vendor has approved, as an administrator copies them from the console. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from yizhan.channels.wechat.inbound import openid_of
from yizhan.channels.wechat.letters import refused, told
from yizhan.desk.channels import ChannelTemplate
from yizhan.desk.outbound import Letter

_BLANK = re.compile(r"\{\{\s*(\w{1,32})(?:\.DATA)?\s*\}\}")


def read_templates(lines: Iterable[str]) -> dict[str, ChannelTemplate]:
    """Each line is an id, a space and the approved text, its blanks as `{{name.DATA}}`. Raises ValueError."""
    found = {}
    for line in filter(None, (each.strip() for each in lines)):
        key, _, text = line.partition(" ")
        if not text.strip():
            raise ValueError(f"a template is an id, a space and its text: {line[:40]}")
        text = _BLANK.sub(r"{\1}", text.strip())
        found[key] = ChannelTemplate(key, text, tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", text))))
    return found


def filled(payload: Mapping[str, Any] | None, known: Mapping[str, ChannelTemplate]) -> tuple[str, dict[str, str]]:
    """The id of the template a letter goes as, and what stands in its blanks. Raises SendFailed."""
    key = str((payload or {}).get("template", ""))
    template = known.get(key)
    if template is None:
        raise refused(f"没有模板 {key} there is no such template: choose one of the inbox's")
    given = (payload or {}).get("blanks")
    words = {name: str(given.get(name, "")).strip() if isinstance(given, Mapping) else "" for name in template.blanks}
    if empty := [name for name, text in words.items() if not text]:
        raise refused(f"模板变量未填写 blanks of the template are empty: {', '.join(empty)}")
    return key, words


def approved(letter: Letter, known: Mapping[str, ChannelTemplate]) -> dict[str, Any]:
    """What all ways of sending an approved text ask for. Raises SendFailed."""
    key, words = filled(letter.payload, known)
    data = {name: {"value": text} for name, text in words.items()}
    return {"touser": openid_of(letter.to), "template_id": key, "data": data}


def leads_to(letter: Letter) -> dict[str, Any]:
    """The page of a mini-program that a tap opens; empty for none."""
    app, path = told(letter.payload, "app"), told(letter.payload, "path")
    return {"appid": app, "pagepath": path} if app else {}
