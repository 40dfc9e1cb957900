"""The routes of single documents."""

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.params import QueryParameter

from yizhan.desk import forms
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission
from yizhan.web.config.shapes import (
    Body,
    CheckedShape,
    ConfigurationShape,
    DocumentShape,
    Draft,
    History,
    KindList,
    advice_shape,
    document_shape,
    kind_shape,
    wrong_shape,
)
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.services import Services

Expected = Annotated[int | None, QueryParameter(ge=0, le=2**31 - 1)]

MANAGES = [permits(Permission.CONFIG_MANAGE)]


@get("/config", guards=MANAGES)
async def list_configuration(services: GivenServices) -> ConfigurationShape:
    """What is in force."""
    return await _in_force(services, None)


@get("/config/kinds", guards=MANAGES)
async def list_kinds(services: GivenServices) -> KindList:
    """What may be configured, and by JSON Schema what a document of each kind holds: for forms."""
    own = forms.asked_fields(services.form_book)
    return KindList([kind_shape(each, own) for each in services.configuration.kinds])


@get("/config/{kind:str}", guards=MANAGES)
async def list_documents(kind: FromPath[str], services: GivenServices) -> ConfigurationShape:
    """What is in force of one kind."""
    return await _in_force(services, services.configuration.kinds[kind].name)


async def _in_force(services: Services, kind: str | None) -> ConfigurationShape:
    configuration = services.configuration
    async with services.db.read() as tx:
        published = await configuration.published(tx)
    documents = [document for document in published.documents() if kind in (None, document.kind)]
    kinds = sorted(each.name for each in configuration.kinds)
    return ConfigurationShape(kinds, published.number, [document_shape(document) for document in documents])


@get("/config/{kind:str}/{name:str}", guards=MANAGES)
async def document_history(kind: FromPath[str], name: FromPath[str], services: GivenServices) -> History:
    """Every version, newest first, released or not."""
    async with services.db.read() as tx:
        return History([document_shape(each) for each in await services.configuration.history(tx, kind, name)])


@put("/config/{kind:str}/{name:str}", guards=MANAGES)
async def save_document(
    kind: FromPath[str], name: FromPath[str], data: JSONBody[Draft], call: GivenCall
) -> Response[DocumentShape]:
    """Saves a draft; nothing uses it until it is released."""

    async def verb(tx: Tx) -> DocumentShape:
        saved = await call.services.configuration.save(
            tx, kind, name, data.body, by=call.actor, now=call.now, expected=data.expected, note=data.note
        )
        return document_shape(saved)

    return await call.write(verb)


@post("/config/{kind:str}/{name:str}/check", guards=MANAGES, status_code=200)
async def check_document(
    kind: FromPath[str], name: FromPath[str], data: JSONBody[Body], services: GivenServices
) -> CheckedShape:
    """What saving this would refuse, and what may be meant and is told. Nothing is written."""
    async with services.db.read() as tx:
        try:
            told = await services.configuration.advice(tx, kind, name, data.body, services.clock.now())
        except Invalid as wrong:
            return CheckedShape(wrong_shape(wrong), [])
    return CheckedShape(None, [advice_shape(each) for each in told])


@delete("/config/{kind:str}/{name:str}", guards=MANAGES, status_code=200)
async def remove_document(
    kind: FromPath[str],
    name: FromPath[str],
    call: GivenCall,
    expected: Expected = None,
) -> Response[DocumentShape]:
    """A draft that takes the document out of force at its release."""

    async def verb(tx: Tx) -> DocumentShape:
        removed = await call.services.configuration.remove(
            tx, kind, name, by=call.actor, now=call.now, expected=expected
        )
        return document_shape(removed)

    return await call.write(verb)


@post("/config/{kind:str}/{name:str}/discard", guards=MANAGES, status_code=200)
async def discard_document(kind: FromPath[str], name: FromPath[str], call: GivenCall) -> Response[DocumentShape]:
    """Ends a draft: the newest version says again what is in force."""

    async def verb(tx: Tx) -> DocumentShape:
        return document_shape(await call.services.configuration.discard(tx, kind, name, by=call.actor, now=call.now))

    return await call.write(verb)
