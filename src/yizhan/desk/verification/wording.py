"""What customers read about a verification, in their language. Pure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.outlets import Dispatch, Item, OutletTitle
from yizhan.records.verifications import Way

_WORDS = {
    "zh-CN": {
        "sms": "为保护您的信息，我们向 {to} 发送了 6 位验证码，{minutes} 分钟内有效。"
        "请直接在这里回复验证码；客服不会向您索要其他密码。",
        "mail": "为保护您的信息，我们向 {to} 发送了验证邮件，{minutes} 分钟内有效。"
        "请在这里回复邮件里的 6 位验证码，或点开邮件里的链接。",
        "link": "为保护您的信息，请点开这个链接确认是您本人（{minutes} 分钟内有效）：\n{url}\n确认后我们继续为您办理。",
        "wrong": "验证码不对，还可以试 {left} 次。",
        "none": "验证码不对，这次核身已失效，请让客服重新发送。",
        "thanks": "核身已完成，谢谢。",
        "title": "您的验证码是 {code}，{minutes} 分钟内有效",
        "hint": "这是您正在进行的客服会话的核身，请只在会话中填写，不要告诉其他人。不是您本人操作请忽略。",
        "open": "也可以点开这个链接确认：",
    },
    "en": {
        "sms": "To protect your data we sent a code of 6 digits to {to}, good for {minutes} minutes. Please answer"
        " with it here; we never ask for any other password.",
        "mail": "To protect your data we sent a mail to {to}, good for {minutes} minutes. Please answer with its"
        " code of 6 digits here, or open its link.",
        "link": "To protect your data please open this link to confirm that it is you (good for {minutes} minutes):"
        "\n{url}\nThen we go on.",
        "wrong": "This is not the code; tries left: {left}.",
        "none": "This is not the code, and it counts no more. Please let us send a new one.",
        "thanks": "Thank you, you are verified.",
        "title": "Your code is {code}, good for {minutes} minutes",
        "hint": "It is for the conversation with our service that you are in. Write it there only and tell it nobody"
        " else; if this was not you, ignore it.",
        "open": "Or open this link to confirm:",
    },
}


def told(language: str, way: Way, to: str, minutes: int, url: str) -> str:
    return _WORDS[language][way.value].format(to=to, minutes=minutes, url=url)


def wrong(language: str, left: int) -> str:
    return _WORDS[language]["wrong" if left > 0 else "none"].format(left=left)


def thanks(language: str) -> str:
    return _WORDS[language]["thanks"]


def outlet_title() -> OutletTitle:
    return OutletTitle(zh="核身", en="Verification")


def dispatch(id: UUID, language: str, to: str, code: str, minutes: int, url: str, now: datetime) -> Dispatch:
    """A text message is its title and its lines; a mail has the link below."""
    words = _WORDS[language]
    title = words["title"].format(code=code, minutes=minutes)
    lines = (words["hint"], words["open"]) if url else (words["hint"],)
    item = Item(
        id=id, why="verification", level="info", title=title, lines=lines, link=url, ticket_number=None, raised_at=now,
        facts={},
    )  # fmt: skip
    return Dispatch(
        id=id, at=now, title=title, items=(item,), level="info", language=language, to=(to,),
        values={"code": code, "minutes": str(minutes)},
    )  # fmt: skip
