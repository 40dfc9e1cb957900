"""The routes of inboxes."""

import html
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.params import QueryParameter
from msgspec import UNSET, UnsetType

from yizhan.channels.email import suggest
from yizhan.desk import channels, operations, words
from yizhan.desk.channels import Account
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records import agents, inboxes, look
from yizhan.records.agents import Permission
from yizhan.records.inboxes import Channel, Check, Inbox, InboxChange, NewInbox
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.inboxes.shapes import (
    Checks,
    HealthList,
    InboxEdit,
    InboxList,
    InboxShape,
    NewInboxShape,
    SavedTrial,
    Snippet,
    SuggestedSettings,
    Trial,
    checks_shape,
    inbox_shape,
)
from yizhan.web.services import Services

MANAGES = [permits(Permission.INBOX_MANAGE)]


NOBODY = UUID(int=0)
"""The inbox of settings that are tried before they are saved; the channel keeps no token of it."""

_SAID = frozenset({"title", "subtitle", "welcome", "pre_chat", "rules", "rating_tags", "acknowledge", "signature"})
"""Settings that customers read."""


@get("/inboxes", guards=MANAGES)
async def list_inboxes(services: GivenServices) -> InboxList:
    async with services.db.read() as tx:
        return InboxList([inbox_shape(each) for each in await inboxes.inboxes(tx, services.vault)])


@get("/inboxes/health", guards=MANAGES)
async def inbox_health(services: GivenServices) -> HealthList:
    """When each inbox last took in and sent, what waits, and why something was refused."""
    async with services.db.read() as tx:
        return HealthList(await operations.traffic(tx, services.clock.now()))


@get("/inboxes/suggestion", guards=MANAGES)
async def suggest_servers(address: Annotated[str, QueryParameter(max_length=320)]) -> SuggestedSettings:
    """What a known provider's mailbox needs; null where the administrator has to know."""
    return SuggestedSettings(msgspec.to_builtins(suggest(address)))


@post("/inboxes", guards=MANAGES)
async def open_inbox(data: JSONBody[NewInboxShape], call: GivenCall) -> Response[InboxShape]:
    vault = call.services.vault
    _ensure_sayable(call.services, data.settings, None, data.team_id)
    _ensure_readable(call.services, data.channel, data.settings, data.secrets)

    async def verb(tx: Tx) -> InboxShape:
        brand_id = data.brand_id or await _only_brand(tx)
        await _ensure_beside(tx, call.services, data.settings, brand_id)
        new = NewInbox(
            channel=data.channel,
            name=data.name,
            brand_id=brand_id,
            team_id=data.team_id,
            settings=await _dressed(tx, call.services, data),
            secrets=data.secrets,
            key=data.key,
            enabled=data.enabled and not _ships_off(call.services, data.channel),
        )
        made = await inboxes.create_inbox(tx, vault, new, call.now, call.actor)
        await _stand(tx, call.services, data.channel, made, data.settings)
        return inbox_shape(await inboxes.inbox(tx, vault, made))

    return await call.write(verb, 201)


@get("/inboxes/{inbox_id:uuid}", guards=MANAGES)
async def read_inbox(inbox_id: FromPath[UUID], services: GivenServices) -> InboxShape:
    async with services.db.read() as tx:
        return inbox_shape(await inboxes.inbox(tx, services.vault, inbox_id))


@patch("/inboxes/{inbox_id:uuid}", guards=MANAGES)
async def edit_inbox(inbox_id: FromPath[UUID], data: JSONBody[InboxEdit], call: GivenCall) -> Response[InboxShape]:
    vault = call.services.vault

    async def verb(tx: Tx) -> InboxShape:
        before = await inboxes.inbox(tx, vault, inbox_id)
        team_id = before.team_id if data.team_id is UNSET else data.team_id
        _ensure_sayable(call.services, data.settings, inbox_id, team_id)
        _ensure_readable(call.services, before.channel, data.settings, data.secrets)
        await _ensure_beside(tx, call.services, data.settings, before.brand_id)
        fields = msgspec.structs.asdict(data)
        change = InboxChange(**{name: fields[name] for name in InboxChange.__struct_fields__})
        await inboxes.change_inbox(tx, vault, inbox_id, data.version, change, call.now, call.actor)
        if data.settings is not UNSET:
            await _stand(tx, call.services, before.channel, inbox_id, data.settings)
        return inbox_shape(await inboxes.inbox(tx, vault, inbox_id))

    return await call.write(verb)


@post("/inboxes/test", guards=MANAGES, status_code=200)
async def try_settings(data: JSONBody[Trial], services: GivenServices) -> Checks:
    """Tries a connection without saving anything."""
    return checks_shape(await _tried(services, data.channel, None, data.settings, data.secrets))


@post("/inboxes/{inbox_id:uuid}/test", guards=MANAGES, status_code=200)
async def try_inbox(
    inbox_id: FromPath[UUID], services: GivenServices, data: JSONBody[SavedTrial | None] = None
) -> Checks:
    """Tries a saved inbox, with the secrets that are kept unless others are sent."""
    async with services.db.read() as tx:
        saved = await inboxes.inbox(tx, services.vault, inbox_id)
        secrets = await inboxes.secrets_of(tx, services.vault, inbox_id)
    tried = data or SavedTrial()
    settings = saved.settings if tried.settings is None else tried.settings
    return checks_shape(await _tried(services, saved.channel, saved, settings, {**secrets, **tried.secrets}))


@get("/inboxes/{inbox_id:uuid}/widget", guards=MANAGES)
async def widget_snippet(inbox_id: FromPath[UUID], services: GivenServices) -> Snippet:
    """The line to paste into a page."""
    async with services.db.read() as tx:
        door = await inboxes.inbox(tx, services.vault, inbox_id)
    if door.channel != Channel.WEBCHAT:
        raise NotFound("only web chat has a widget")
    source = html.escape(f"{services.settings.public_url}/widget.js")
    return Snippet(f'<script async src="{source}" data-inbox="{html.escape(door.key)}"></script>')


async def _dressed(tx: Tx, services: Services, data: NewInboxShape) -> dict[str, object]:
    """A new widget wears the house's own colour and logo unless others were chosen; other sites load by TLS only."""
    if data.channel != Channel.WEBCHAT:
        return data.settings
    worn, here = await look.look(tx), services.settings.public_url
    logo = f"{here}{look.address_of(worn.logo)}" if worn.logo and here.startswith("https://") else ""
    return {name: value for name, value in (("color", worn.color), ("logo", logo)) if value} | data.settings


async def _only_brand(tx: Tx) -> UUID:
    brands = await agents.brands(tx)
    if len(brands) != 1:
        raise Invalid("say which brand", "brand_id")
    return brands[0].id


def _ensure_sayable(
    services: Services, settings: Mapping[str, object] | UnsetType, inbox_id: UUID | None, team_id: UUID | None
) -> None:
    """By the lists of this very inbox and its team, as what agents write there."""
    if settings is not UNSET:
        said = words.texts_in({key: each for key, each in settings.items() if key in _SAID}, "settings")
        words.ensure_sayable(said, services.word_book.of(inbox_id, team_id))


def _ships_off(services: Services, channel: str) -> bool:
    """Such an inbox is switched on deliberately, by who has read why it is off."""
    found = services.channels.find(channel) if services.channels is not None else None
    return found is not None and found.off is not None


def _ensure_readable(
    services: Services,
    channel: str,
    settings: Mapping[str, object] | UnsetType,
    secrets: Mapping[str, str | None] | UnsetType,
) -> None:
    """Refused by its path when it is saved, and not when the loop that needs it starts."""
    if services.channels is None and channel not in services.inbox_types:
        return
    settings_type, secrets_type = _types(services, channel)
    if settings is not UNSET:
        _convert("settings", settings, settings_type)
    if secrets is not UNSET:
        known = {name: value for name, value in secrets.items() if value is not None}
        _convert("secrets", known, secrets_type)
        for name in sorted(set(known) - set(secrets_type.__struct_fields__)):
            raise Invalid(f"this channel has no secret {name}", f"secrets.{name}")


def _types(services: Services, channel: str) -> tuple[type[msgspec.Struct], type[msgspec.Struct]]:
    """Of its settings and secrets. Raises Invalid for a channel nobody offers."""
    if channel in services.inbox_types:
        return services.inbox_types[channel]
    found = services.channels.find(channel) if services.channels is not None else None
    if found is None:
        raise Invalid(f"there is no channel {channel}", "channel")
    return found.settings, found.secrets


async def _stand(tx: Tx, services: Services, channel: str, inbox_id: UUID, settings: Mapping[str, object]) -> None:
    found = services.channels.find(channel) if services.channels is not None else None
    if found is not None:
        await channels.stand(tx, found, inbox_id, msgspec.convert(settings, found.settings))


_BESIDE = {"answer_by_mail": (Channel.EMAIL, "an e-mail inbox"), "answer_by_text": ("sms", "an SMS inbox"),
           "wechat_mini": ("wechat_mini", "a mini-program"),
           "wechat_mp": ("wechat_mp", "an Official Account")}  # fmt: skip


async def _ensure_beside(
    tx: Tx, services: Services, settings: Mapping[str, object] | UnsetType, brand_id: UUID
) -> None:
    """A chat leans on other inboxes of its own brand only: answered by mail, known by a mini-program."""
    chosen = {name: settings[name] for name in _BESIDE if settings.get(name)} if settings is not UNSET else {}
    if not chosen:
        return
    all = {str(one.id): one for one in await inboxes.inboxes(tx, services.vault)}
    for name, id in chosen.items():
        channel, words = _BESIDE[name]
        found = all.get(str(id))
        if found is None or found.brand_id != brand_id or not f"{found.channel}_".startswith(f"{channel}_"):
            raise Invalid(f"choose {words} of the same brand", f"settings.{name}")
        if name == "answer_by_text" and not found.settings.get("reply_template"):
            raise Invalid("this SMS inbox has no template for free replies yet: enter one there", f"settings.{name}")


def _convert(field: str, given: Mapping[str, object], kind: type[msgspec.Struct]) -> None:
    try:
        msgspec.convert(given, kind)
    except msgspec.ValidationError as wrong:
        words, _, path = str(wrong).partition(" - at `$")
        raise Invalid(words, f"{field}{path.rstrip('`')}") from None


async def _tried(
    services: Services, channel: str, saved: Inbox | None, settings: dict[str, object], secrets: dict[str, str]
) -> list[Check]:
    if channel in services.checks:
        return await services.checks[channel].check(settings, secrets)
    house = services.channels
    found = house.find(channel) if house is not None else None
    if house is None or found is None or found.check is None:
        raise Invalid("this channel has nothing to connect to", "channel")
    try:
        typed = Account(
            inbox_id=saved.id if saved else NOBODY, key=saved.key if saved else "", channel=channel,
            settings=msgspec.convert(settings, found.settings), secrets=msgspec.convert(secrets, found.secrets),
        )  # fmt: skip
    except msgspec.ValidationError as wrong:
        return [Check("settings", False, str(wrong))]
    return await found.check(house.line_of(typed))
