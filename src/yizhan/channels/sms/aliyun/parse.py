"""Delivery reports and replies as Alibaba Cloud pushes them: a JSON array of either. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.sms.aliyun.errors import REPORTED
from yizhan.channels.sms.door import ours
from yizhan.channels.sms.policy import CHINA, said, who
from yizhan.desk.channels import Arrival, DeliveryReport, Happening, told
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid

_Row = Mapping[str, Any]


def parse(body: bytes) -> tuple[Happening, ...]:
    """Raises Invalid for what is no array of objects."""
    return tuple(_happening(each) for each in told.several(body))


def _happening(row: _Row) -> Happening:
    if "content" in row and "phone_number" in row:
        return said(_reply(row))
    if "success" in row and (row.get("biz_id") or row.get("out_id")):
        return _report(row)
    if not row.get("phone_number"):
        raise Invalid("neither a report nor a reply", "body")
    sender = who(str(row["phone_number"]))
    raw = msgspec.json.encode(row)
    return Arrival(
        id=f"other:{sha256(raw).hexdigest()[:32]}", who=sender, name=sender.masked, kind="unsupported",
        payload={"type": str(row.get("type", ""))[:60]}, raw=raw,
    )  # fmt: skip


def _reply(row: _Row) -> Arrival:
    sender = who(str(row["phone_number"]))
    text = str(row["content"] or "")
    number = row.get("sequence_id")
    made = "\0".join(str(row.get(key, "")) for key in ("phone_number", "send_time", "dest_code", "content"))
    return Arrival(
        id=f"up:{number}" if number not in (None, "") else f"up:{sha256(made.encode()).hexdigest()[:32]}",
        who=sender, name=sender.masked, text=text, at=at(row.get("send_time")),
        origin={"to": str(row["dest_code"])} if row.get("dest_code") else {},
    )  # fmt: skip


def _report(row: _Row) -> DeliveryReport:
    arrived = row["success"] is True or str(row["success"]).lower() == "true"
    code = str(row.get("err_code") or "")
    return DeliveryReport(
        vendor_id=str(row.get("biz_id") or ""), ours=ours(row.get("out_id")),
        state="delivered" if arrived else "failed",
        error_class=REPORTED.get(code, ErrorClass.UNKNOWN),
        words="" if arrived else f"{code} {row.get('err_msg') or ''}".strip(), at=at(row.get("report_time")),
    )  # fmt: skip


def at(words: object) -> datetime | None:
    """YYYY-MM-DD HH:MM:SS, by Chinese time whatever the customer's."""
    try:
        return datetime.strptime(str(words), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
