"""The one page of a survey: 0 to 10 and why. Plain HTML that needs no script, in the language of its reader."""

from __future__ import annotations

from html import escape

from yizhan.desk.nps import Invitation
from yizhan.web.ratings import page_of

_WORDS = {
    "zh": {
        "title": "一分钟调查", "ask": "您有多大可能把{brand}推荐给亲友?", "least": "完全不可能", "most": "非常可能",
        "why": "为什么给这个分数?", "send": "提交", "change": "修改", "lack": "请选择一个分数。",
        "thanks": "感谢您的意见", "kept": "我们会认真看每一条。调查结束前可以在这里修改。", "back": "修改",
        "over": "这个链接已失效", "over_hint": "调查已经结束。如有问题,直接联系客服即可。",
        "off": "不想再收到此类调查", "off_ask": "不再收到满意度调查和通知?", "off_hint": "您的来信照常回复。",
        "off_do": "不再接收", "off_done": "已记下", "off_kept": "不会再向您发送调查和通知。", "score": "{n} 分",
    },
    "en": {
        "title": "A minute of yours", "ask": "How likely are you to recommend {brand} to a friend?",
        "least": "Not at all", "most": "Very likely", "why": "Why this score?", "send": "Send", "change": "Change",
        "lack": "Please choose a score.", "thanks": "Thank you", "back": "Change",
        "kept": "We read every one. You can change it here until the survey ends.", "over": "This link is over",
        "over_hint": "The survey has ended. If anything is left, just write to us.",
        "off": "No more surveys like this", "off_ask": "No more surveys and notices?",
        "off_hint": "Your own messages are answered as before.", "off_do": "No more of them", "off_done": "Noted",
        "off_kept": "We will send you no more surveys and notices.", "score": "{n} points",
    },
}  # fmt: skip


def form(
    language: str, invitation: Invitation, token: str, score: int | None, comment: str, *, lacking: bool = False
) -> str:
    w = _WORDS[language]
    ask = escape(w["ask"].format(brand=invitation.brand_name))
    scores = "".join(
        f'<input type="radio" id="n{n}" name="score" value="{n}"{" checked" if score == n else ""}>'
        f'<label class="pick" for="n{n}" aria-label="{w["score"].format(n=n)}">{n}</label>' for n in range(11)
    )  # fmt: skip
    lack = f'<p class="bad" role="alert">{w["lack"]}</p>' if lacking else ""
    return page_of(language, w["title"], f"""<h1>{w["title"]}</h1>{lack}<form method="post">
<fieldset><legend>{ask}</legend><div class="row scores">{scores}</div>
<p class="ends"><span>0 · {w["least"]}</span><span>10 · {w["most"]}</span></p></fieldset>
<fieldset><label class="head" for="c">{w["why"]}</label>
<textarea id="c" name="comment" maxlength="1000">{escape(comment)}</textarea></fieldset>
<button>{w["change" if invitation.given_at else "send"]}</button></form>
<p><a href="/nps/{token}/off?lang={language}">{w["off"]}</a></p>""")  # fmt: skip


def thanks(language: str) -> str:
    w = _WORDS[language]
    return page_of(language, w["thanks"], f'<h1>{w["thanks"]}</h1><p>{w["kept"]}</p>'
                   f'<p><a href="?lang={language}">{w["back"]}</a></p>')  # fmt: skip


def over(language: str) -> str:
    w = _WORDS[language]
    return page_of(language, w["over"], f"<h1>{w['over']}</h1><p>{w['over_hint']}</p>")


def ask_off(language: str) -> str:
    w = _WORDS[language]
    return page_of(language, w["off_ask"], f'<h1>{w["off_ask"]}</h1><p>{w["off_hint"]}</p>'
                   f'<form method="post"><button>{w["off_do"]}</button></form>')  # fmt: skip


def off(language: str) -> str:
    w = _WORDS[language]
    return page_of(language, w["off_done"], f"<h1>{w['off_done']}</h1><p>{w['off_kept']}</p>")
