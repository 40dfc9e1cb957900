"""What the editor of conditions needs: names to choose from, and how many tickets a condition fits."""

from typing import Any

import msgspec
from litestar import get, post

from yizhan.desk import forms, views
from yizhan.desk.views import Choice, Fitting
from yizhan.foundation.conditions import FieldSet, contradiction, parse
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenServices, JSONBody
from yizhan.web.guards import permits

MANAGES = [permits(Permission.CONFIG_MANAGE)]


class ChoiceList(msgspec.Struct, frozen=True):
    items: list[Choice]


class TreeAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: dict[str, Any] | list[Any]


@get("/config/choices", guards=MANAGES)
async def list_choices(services: GivenServices) -> ChoiceList:
    """Brands, inboxes, teams, roles, tags and segments, by key and by name."""
    groups = services.segment_book.now.documents
    named = [Choice("segment", None, key, each.title.zh, each.title.en) for key, each in groups.items()]
    async with services.db.read() as tx:
        return ChoiceList([*await views.choices(tx), *named])


@post("/config/{kind:str}/fitting", guards=MANAGES, status_code=200)
async def count_fitting(kind: FromPath[str], data: JSONBody[TreeAsked], services: GivenServices) -> Fitting:
    """How many of the newest open tickets a condition of this kind fits. Refused as saving it would be."""
    known = services.configuration.kinds[kind].fields
    if known is None:
        raise Invalid("documents of this kind have no conditions", "kind")
    fields = known + FieldSet(forms.asked_fields(services.form_book))
    condition = parse(data.when, fields)
    if reason := contradiction(condition):
        raise Invalid(f"no ticket can ever fulfil this: {reason}", "")
    now = services.clock.now()
    async with services.db.read() as tx:
        return await views.fitting(tx, condition, now=now, working=services.office().is_open(now))
