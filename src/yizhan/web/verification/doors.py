"""The page behind the link: one button, because programs that open every link of a mail prove nobody."""

from __future__ import annotations

from datetime import datetime
from html import escape
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import verification
from yizhan.desk.verification import VerifyLink
from yizhan.foundation.crypto import Signer
from yizhan.foundation.errors import Conflict
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.ratings import html, language_of, page_of

_PURPOSE = "verify"
_WORDS = {
    "zh": {
        "title": "核身",
        "ask": "确认是您本人？",
        "hint": "您正在联系我们的客服。点一下按钮，客服就能继续为您办理。不是您本人操作，请关闭本页。",
        "yes": "是我本人",
        "done": "核身已完成",
        "back": "请回到原来的会话，客服会继续为您办理。",
        "over": "这个链接已失效",
        "again": "链接只能用一次，并且有时限。请让客服重新发送。",
    },
    "en": {
        "title": "Verification",
        "ask": "Is it you?",
        "hint": "You are in touch with our service. Press the button and we go on. If it was not you, close this page.",
        "yes": "It is me",
        "done": "You are verified",
        "back": "Please go back to your conversation.",
        "over": "This link is over",
        "again": "A link counts once, and for a while only. Please let us send a new one.",
    },
}


def verify_link(public_url: str, signer: Signer) -> VerifyLink:
    def link(verification_id: UUID, until: datetime) -> str:
        return f"{public_url.rstrip('/')}/verify/{signer.session(_PURPOSE, verification_id, until)}"

    return link


@get("/verify/{token:str}", opt=PUBLIC, include_in_schema=False)
async def verify_page(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    """Looking changes nothing."""
    language = language_of(lang, request.headers.get("accept-language", ""), None)
    if services.signer.read_session(_PURPOSE, token, services.clock.now()) is None:
        return html(_over(language), 404)
    words = _WORDS[language]
    body = (
        f"<h1>{escape(words['ask'])}</h1><p>{escape(words['hint'])}</p>"
        f'<form method="post"><button>{escape(words["yes"])}</button></form>'
    )
    return html(page_of(language, words["title"], body))


@post("/verify/{token:str}", opt=PUBLIC, include_in_schema=False, status_code=200)
async def verify_by_link(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    now = services.clock.now()
    language = language_of(lang, request.headers.get("accept-language", ""), None)
    id = services.signer.read_session(_PURPOSE, token, now)
    if id is None:
        return html(_over(language), 404)
    try:
        async with services.db.transaction() as tx:
            await verification.open_link(tx, services.vault, id, services.verification_book, now=now)
    except Conflict:
        return html(_over(language), 410)
    words = _WORDS[language]
    return html(page_of(language, words["done"], f"<h1>{words['done']}</h1><p>{words['back']}</p>"))


def _over(language: str) -> str:
    words = _WORDS[language]
    return page_of(language, words["over"], f"<h1>{words['over']}</h1><p>{words['again']}</p>")


doors = (verify_page, verify_by_link)
