"""Delivery reports (an array) and replies (an object) as Tencent Cloud calls back, and pages it is asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.sms.door import ours
from yizhan.channels.sms.policy import CHINA, said, who
from yizhan.channels.sms.tencent.errors import REPORTED
from yizhan.desk.channels import Arrival, DeliveryReport, Happening, told
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid

_Row = Mapping[str, Any]


def parse(body: bytes) -> tuple[Happening, ...]:
    """Raises Invalid for what is neither."""
    return tuple(_happening(each) for each in told.several(body))


def _happening(row: _Row) -> Happening:
    if row.get("sid") and "report_status" in row:
        return report(row)
    if not row.get("mobile"):
        raise Invalid("neither a report nor a reply", "body")
    if "text" in row:
        return said(reply(row))
    sender, raw = who(_number(row)), msgspec.json.encode(row)
    return Arrival(
        id=f"other:{sha256(raw).hexdigest()[:32]}", who=sender, name=sender.masked, kind="unsupported",
        payload={"type": ""}, raw=raw,
    )  # fmt: skip


def reply(row: _Row) -> Arrival:
    """Replies have no id: what cannot change of one is its id."""
    sender = who(_number(row))
    moment = at(row.get("time"))
    stamp = int(moment.timestamp()) if moment else str(row.get("time", ""))
    made = f"{sender.value}\0{row.get('extend', '')}\0{stamp}\0{row['text']}"
    return Arrival(
        id=f"up:{sha256(made.encode(errors='surrogatepass')).hexdigest()[:32]}", who=sender, name=sender.masked,
        text=str(row["text"] or ""), at=moment, origin={"extend": str(row["extend"])} if row.get("extend") else {},
    )  # fmt: skip


def report(row: _Row) -> DeliveryReport:
    arrived = str(row["report_status"]).upper() == "SUCCESS"
    code = str(row.get("errmsg") or "")
    return DeliveryReport(
        vendor_id=str(row["sid"]), ours=ours(row.get("session_context") or row.get("ext")),
        state="delivered" if arrived else "failed", error_class=REPORTED.get(code, ErrorClass.UNKNOWN),
        words="" if arrived else f"{code} {row.get('description') or ''}".strip(), at=at(row.get("user_receive_time")),
    )  # fmt: skip


def pulled_report(row: _Row) -> DeliveryReport:
    """Of PullSmsSendStatus: it also says back what we sent along."""
    return report({
        "sid": row.get("SerialNo", ""), "report_status": row.get("ReportStatus", ""),
        "errmsg": row.get("Description", ""), "session_context": row.get("SessionContext"),
        "user_receive_time": row.get("UserReceiveTime"),
    })  # fmt: skip


def pulled_reply(row: _Row) -> Happening:
    """Of PullSmsReplyStatus; the same reply called back has the same id."""
    return said(reply({
        "mobile": row.get("SubscriberNumber") or row.get("PhoneNumber", ""), "nationcode": row.get("CountryCode", ""),
        "text": row.get("ReplyContent", ""), "time": row.get("ReplyTime"), "extend": row.get("ExtendCode", ""),
    }))  # fmt: skip


def at(moment: object) -> datetime | None:
    """Unix seconds, or YYYY-MM-DD HH:MM:SS by Chinese time."""
    words = str(moment)
    try:
        if words.isascii() and words.isdigit():
            return datetime.fromtimestamp(int(words), UTC)
        return datetime.strptime(words, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except (ValueError, OverflowError, OSError):
        return None


def _number(row: _Row) -> str:
    mobile, nation = str(row["mobile"]), str(row.get("nationcode") or "")
    return mobile if mobile.startswith("+") or not nation else f"+{nation.lstrip('+')}{mobile}"
