"""The doors behind the link: the form, and what is sent by it."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import satisfaction, views
from yizhan.desk.satisfaction import Given
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.text import clean
from yizhan.records import ratings
from yizhan.records.ratings import Way
from yizhan.web.given import FromPath, FromQuery, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.ratings import page
from yizhan.web.ratings.links import read_link
from yizhan.web.ratings.page import Filled
from yizhan.web.services import Services

_LONGEST = 1000
_MOST_TAGS = 10


@get("/rate/{token:str}", opt=PUBLIC, include_in_schema=False)
async def rating_page(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    """Looking changes nothing: programs that open every link of a mail rate nobody."""
    language = page.language_of(lang, request.headers.get("accept-language", ""), None)
    conversation_id = read_link(services.signer, token, services.clock.now())
    if conversation_id is None:
        return page.html(page.over(language), 404)
    async with services.db.transaction() as tx:
        given = await ratings.find_rating(tx, conversation_id)
        tags = await _tags(tx, services, conversation_id)
    rules = services.satisfaction_book.of()
    if given is not None and services.clock.now() - given.given_at > rules.editable:
        return page.html(page.over(language), 410)
    return page.html(page.form(language, tags, page.filled(given), changing=given is not None))


@post("/rate/{token:str}", opt=PUBLIC, include_in_schema=False, status_code=200)
async def rate_by_link(
    token: FromPath[str], request: AnyRequest, services: GivenServices, lang: FromQuery[str | None] = None
) -> Response[str]:
    """The same form again where neither question is answered."""
    now = services.clock.now()
    language = page.language_of(lang, request.headers.get("accept-language", ""), None)
    conversation_id = read_link(services.signer, token, now)
    if conversation_id is None:
        return page.html(page.over(language), 404)
    sent = await sent_form(request)
    try:
        async with services.db.transaction() as tx:
            tags = await _tags(tx, services, conversation_id)
            if sent.solved is None and sent.stars is None:
                return page.html(page.form(language, tags, sent, changing=False, lacking=True), 400)
            given = Given(
                solved=sent.solved, stars=sent.stars, tags=[tag for tag in sent.tags if tag in tags],
                comment=sent.comment,
            )  # fmt: skip
            owner = await views.owner_of_conversation(tx, conversation_id)
            survey = await ratings.survey_of(tx, conversation_id)
            await satisfaction.rate(
                tx, conversation_id, given, services.satisfaction_book, way=survey.way if survey else Way.MAIL,
                actor=f"customer:{owner.contact_id}", now=now,
            )  # fmt: skip
    except Conflict:
        return page.html(page.over(language), 410)
    return page.html(page.thanks(language))


async def _tags(tx: Tx, services: Services, conversation_id: UUID) -> tuple[str, ...]:
    (row,) = await views.conversation_rows(tx, [conversation_id])
    return services.satisfaction_book.of(row.inbox_id, row.team_id).tags


async def sent_form(request: AnyRequest) -> Filled:
    """What a stranger's program may have put in is read as left out."""
    form = await request.form()
    solved = {"yes": True, "no": False}.get(str(form.get("solved", "")))
    stars = str(form.get("stars", ""))
    tags = [clean(str(tag)) for tag in form.getall("tags", [])][:_MOST_TAGS]
    comment = clean(str(form.get("comment", ""))).strip()[:_LONGEST]
    return Filled(solved, int(stars) if stars in {"1", "2", "3", "4", "5"} else None, tags, comment)


doors = (rating_page, rate_by_link)
