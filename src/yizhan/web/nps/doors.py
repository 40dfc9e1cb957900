"""The doors behind the link: the question, its answer, and the way out."""

from __future__ import annotations

from litestar import Response, get, post

from yizhan.desk import nps
from yizhan.desk.nps import Answer, Invitation
from yizhan.foundation.errors import Conflict
from yizhan.foundation.text import clean
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.nps import page
from yizhan.web.nps.links import read_link
from yizhan.web.ratings import html, language_of
from yizhan.web.services import Services

_LONGEST = 1000
_SCORES = {str(n): n for n in range(11)}


@get("/nps/{token:str}", opt=PUBLIC, include_in_schema=False)
async def nps_page(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None,
    score: FromQuery[str] = "",
) -> Response[str]:  # fmt: skip
    """Looking answers nothing, a score in the address is only chosen already: programs open every link of a mail."""
    invitation = await _found(services, token)
    language = _language(request, lang, invitation)
    if invitation is None:
        return html(page.over(language), 404)
    chosen = _SCORES.get(score, invitation.score)
    return html(page.form(language, invitation, token, chosen, invitation.comment))


@post("/nps/{token:str}", opt=PUBLIC, include_in_schema=False, status_code=200)
async def nps_answer(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    invitation = await _found(services, token)
    language = _language(request, lang, invitation)
    if invitation is None:
        return html(page.over(language), 404)
    sent = await request.form()
    score = _SCORES.get(str(sent.get("score", "")))
    comment = clean(str(sent.get("comment", ""))).strip()[:_LONGEST]
    if score is None:
        return html(page.form(language, invitation, token, None, comment, lacking=True), 400)
    try:
        async with services.db.transaction() as tx:
            await nps.answer(tx, invitation.id, Answer(score, comment), services.clock.now())
    except Conflict:
        return html(page.over(language), 410)
    return html(page.thanks(language))


@get("/nps/{token:str}/off", opt=PUBLIC, include_in_schema=False)
async def ask_off(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    """One button, for the same reason."""
    invitation = await _found(services, token)
    language = _language(request, lang, invitation)
    return html(page.over(language), 404) if invitation is None else html(page.ask_off(language))


@post("/nps/{token:str}/off", opt=PUBLIC, include_in_schema=False, status_code=200)
async def go_off(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    invitation = await _found(services, token)
    language = _language(request, lang, invitation)
    if invitation is None:
        return html(page.over(language), 404)
    async with services.db.transaction() as tx:
        await nps.unsubscribe(tx, invitation.id, services.clock.now())
    return html(page.off(language))


async def _found(services: Services, token: str) -> Invitation | None:
    invitation_id = read_link(services.signer, token, services.clock.now())
    if invitation_id is None:
        return None
    async with services.db.read() as tx:
        return await nps.find(tx, invitation_id)


def _language(request: AnyRequest, asked: str | None, invitation: Invitation | None) -> str:
    return language_of(asked, request.headers.get("accept-language", ""), invitation.locale if invitation else None)


doors = (nps_page, nps_answer, ask_off, go_off)
