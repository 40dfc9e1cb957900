"""The doors behind the link of a ticket: the same form, about the whole matter."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import satisfaction, views
from yizhan.desk.satisfaction import Given
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import ratings
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.ratings import page
from yizhan.web.ratings.doors import sent_form
from yizhan.web.ratings.links import read_ticket_link
from yizhan.web.services import Services


@get("/rate/ticket/{token:str}", opt=PUBLIC, include_in_schema=False)
async def ticket_page(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    language = page.language_of(lang, request.headers.get("accept-language", ""), None)
    now = services.clock.now()
    ticket_id = read_ticket_link(services.signer, token, now)
    if ticket_id is None:
        return page.html(page.over(language), 404)
    async with services.db.transaction() as tx:
        given = await ratings.find_ticket_rating(tx, ticket_id)
        number, tags, editable = await _matter(tx, services, ticket_id)
    if given is not None and now - given.given_at > editable:
        return page.html(page.over(language), 410)
    return page.html(page.form(language, tags, page.filled(given), changing=given is not None, ticket=number))


@post("/rate/ticket/{token:str}", opt=PUBLIC, include_in_schema=False, status_code=200)
async def rate_ticket_by_link(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    language = page.language_of(lang, request.headers.get("accept-language", ""), None)
    now = services.clock.now()
    ticket_id = read_ticket_link(services.signer, token, now)
    if ticket_id is None:
        return page.html(page.over(language), 404)
    sent = await sent_form(request)
    try:
        async with services.db.transaction() as tx:
            number, tags, _ = await _matter(tx, services, ticket_id)
            if sent.solved is None and sent.stars is None:
                shown = page.form(language, tags, sent, changing=False, lacking=True, ticket=number)
                return page.html(shown, 400)
            given = Given(
                solved=sent.solved, stars=sent.stars, tags=[tag for tag in sent.tags if tag in tags],
                comment=sent.comment,
            )  # fmt: skip
            survey = await ratings.ticket_survey_of(tx, ticket_id)
            actor = f"customer:{survey.contact_id}" if survey else "system"
            await satisfaction.rate_ticket(tx, ticket_id, given, services.satisfaction_book, actor=actor, now=now)
    except Conflict:
        return page.html(page.over(language), 410)
    return page.html(page.thanks(language))


async def _matter(tx: Tx, services: Services, ticket_id: UUID) -> tuple[int, tuple[str, ...], timedelta]:
    (row,) = await views.ticket_rows(tx, [ticket_id])
    rules = services.satisfaction_book.of(None, row.team_id)
    return row.number, rules.tags, rules.editable


doors = (ticket_page, rate_ticket_by_link)
