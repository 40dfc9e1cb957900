"""The page behind the link of a mail: plain HTML that needs no script, in the language of its reader."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec
from litestar import MediaType, Response

from yizhan.records.ratings import RatingRecord, TicketRating

SECURITY = "; ".join((
    "default-src 'none'", "style-src 'unsafe-inline'", "form-action 'self'", "frame-ancestors 'none'",
    "base-uri 'none'",
))  # fmt: skip

_WORDS = {
    "zh": {
        "title": "服务评价", "ask": "这次的问题解决了吗?", "yes": "已解决", "no": "未解决", "stars": "您给几颗星?",
        "star": "{n} 星", "why": "原因(可多选)", "more": "还想说的", "send": "提交评价", "change": "修改评价",
        "thanks": "感谢您的评价", "kept": "我们会认真看每一条。24 小时内可以在这里修改。", "back": "修改评价",
        "over": "这个链接已失效", "over_hint": "评价只在限期内可以提交或修改。如有问题,直接回复我们的邮件即可。",
        "needed": "请选择是否解决,或给出星级。", "ticket": "工单 #{number}:请就整件事的处理来评价。",
    },
    "en": {
        "title": "How did we do?", "ask": "Was your problem solved?", "yes": "Solved", "no": "Not solved",
        "stars": "How many stars?", "star": "{n} stars", "why": "Reasons (as many as you like)",
        "more": "Anything else", "send": "Send", "change": "Change my rating", "thanks": "Thank you for your rating",
        "kept": "We read every one. You can change it here for 24 hours.", "back": "Change my rating",
        "over": "This link is over",
        "over_hint": "A rating can be given or changed for a while only. If anything is left, just answer our mail.",
        "needed": "Please say whether it was solved, or choose the stars.",
        "ticket": "Ticket #{number}: please rate how all of it was handled.",
    },
}  # fmt: skip

_STYLE = Path(__file__).with_name("page.css").read_text("utf-8")


class Filled(msgspec.Struct, frozen=True):
    """What stands in the form: of the rating given, or of what was sent and lacks something."""

    solved: bool | None = None
    stars: int | None = None
    tags: Sequence[str] = ()
    comment: str = ""


def html(text: str, status: int = 200) -> Response[str]:
    headers = {"Content-Security-Policy": SECURITY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def filled(rating: RatingRecord | TicketRating | None) -> Filled:
    return Filled(rating.solved, rating.stars, rating.tags, rating.comment) if rating else Filled()


def language_of(asked: str | None, accepted: str, locale: str | None) -> str:
    """Asked for by the address, else the customer's own, else the browser's."""
    said = asked or locale or accepted
    return "en" if said.lower().startswith("en") else "zh"


def form(
    language: str, tags: Sequence[str], now: Filled, *, changing: bool, lacking: bool = False, ticket: int | None = None
) -> str:
    """Of a conversation, or of all of a `ticket`."""
    w = _WORDS[language]
    lead = f"<p>{w['ticket'].format(number=ticket)}</p>" if ticket is not None else ""
    choices = "".join(_radio("solved", value, w[word], now.solved is is_) for value, word, is_ in (
        ("yes", "yes", True), ("no", "no", False),
    ))  # fmt: skip
    stars = "".join(
        f'<input type="radio" id="s{n}" name="stars" value="{n}"{_checked(now.stars == n)}>'
        f'<label class="star" for="s{n}" aria-label="{w["star"].format(n=n)}">★</label>' for n in (5, 4, 3, 2, 1)
    )  # fmt: skip
    reasons = "".join(
        f'<input type="checkbox" id="t{at}" name="tags" value="{escape(tag)}"{_checked(tag in now.tags)}>'
        f'<label class="pick" for="t{at}">{escape(tag)}</label>' for at, tag in enumerate(tags)
    )  # fmt: skip
    lack = f'<p class="bad" role="alert">{w["needed"]}</p>' if lacking else ""
    return page_of(
        language,
        w["title"],
        f"""<h1>{w["title"]}</h1>{lead}{lack}<form method="post">
<fieldset><legend>{w["ask"]}</legend><div class="row">{choices}</div></fieldset>
<fieldset><legend>{w["stars"]}</legend><div class="stars">{stars}</div></fieldset>
<fieldset><legend>{w["why"]}</legend><div class="row">{reasons}</div></fieldset>
<fieldset><label class="head" for="c">{w["more"]}</label>
<textarea id="c" name="comment" maxlength="1000">{escape(now.comment)}</textarea></fieldset>
<button>{w["change" if changing else "send"]}</button></form>""",
    )


def thanks(language: str) -> str:
    w = _WORDS[language]
    body = f'<h1>{w["thanks"]}</h1><p>{w["kept"]}</p><p><a href="?lang={language}">{w["back"]}</a></p>'
    return page_of(language, w["thanks"], body)


def over(language: str) -> str:
    w = _WORDS[language]
    return page_of(language, w["over"], f"<h1>{w['over']}</h1><p>{w['over_hint']}</p>")


def _radio(name: str, value: str, word: str, chosen: bool) -> str:
    return (
        f'<input type="radio" id="{name}-{value}" name="{name}" value="{value}"{_checked(chosen)}>'
        f'<label class="pick" for="{name}-{value}">{word}</label>'
    )


def _checked(yes: bool) -> str:
    return " checked" if yes else ""


def page_of(language: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
