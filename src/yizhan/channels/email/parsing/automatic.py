"""Which mails came from a machine, and why a machine must not answer them (RFC 3834, and what clients really send)."""

import re

import msgspec

from yizhan.channels.email.model import Address
from yizhan.channels.email.parsing.headers import Headers

LOOP_HEADER = "X-Yizhan-Loop"
_ROBOT = re.compile(
    r"^(mailer-daemon|postmaster|mail-daemon|no-?_?reply|do-?_?not-?_?reply|bounces?|notifications?)"
    r"([+._-][^@]*)?@",
    re.I,
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(\[[^\]]{0,40}\]\s*)?(自动回复|自動回覆|自动答复|自動回復|automatic reply|auto[- ]?reply|"
    r"auto[- ]?response|out of (the )?office|ooo\b|abwesenheitsnotiz|automatische antwort|"
    r"réponse automatique|respuesta automática|"
    r"自動応答|不在通知|不在办公室|假期(自动)?(回复|通知|提醒)|休假(中|自动回复|通知|提醒)?)\s*($|[:：,，(（\[【—–-])",
    re.I,
)
_HOLIDAY_SUBJECT = re.compile(r"^\s*(假期|休假|外出|出差)\s*[:：]", re.I)
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list")
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-autoreply-from", "x-mail-autoreply")


class Automatic(msgspec.Struct, frozen=True):
    """`reply_reason` names why it is an automatic *reply*; `silence` lists every reason not to answer by machine."""

    reply_reason: str
    silence: tuple[str, ...]
    loop: bool
    list_mail: bool


def judge(headers: Headers, sender: Address, subject: str, return_path: str | None) -> Automatic:
    submitted = headers.text("auto-submitted").split(";")[0].strip().lower()
    precedence = headers.text("precedence").lower()
    suppress = {word.strip().lower() for word in headers.text("x-auto-response-suppress").split(",")}
    list_mail = any(headers.has(name) for name in _LIST_HEADERS) or precedence == "list"
    loop = headers.has(LOOP_HEADER.lower())
    auto_header = next((name for name in _AUTO_HEADERS if headers.has(name)), "")
    auto_subject = _AUTO_SUBJECT.match(subject) is not None or _HOLIDAY_SUBJECT.match(subject) is not None
    found = {
        "loop": loop,
        "auto-submitted": submitted not in ("", "no"),
        auto_header: bool(auto_header),
        "precedence": precedence in ("bulk", "list", "junk", "auto_reply"),
        "list": list_mail,
        "suppress": bool(suppress & {"all", "oof", "autoreply"}),
        "null-sender": return_path == "",
        "robot": bool(_ROBOT.match(sender.email)),
        "report": headers.text("content-type").lower().startswith("multipart/report"),
        "subject": auto_subject,
    }
    return Automatic(
        reply_reason=_reply_reason(submitted, precedence, auto_header, auto_subject),
        silence=tuple(reason for reason, holds in found.items() if holds),
        loop=loop,
        list_mail=list_mail,
    )


def _reply_reason(submitted: str, precedence: str, auto_header: str, auto_subject: bool) -> str:
    if submitted.startswith("auto-replied"):
        return "auto-submitted"
    if auto_header:
        return auto_header
    if precedence == "auto_reply":
        return "precedence"
    return "subject" if auto_subject else ""
