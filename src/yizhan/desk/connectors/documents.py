"""The document `connector`: where a CRM is asked, how it knows us, and what its answer means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from yizhan.desk.sources import PROFILE
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Advice, Around, Kind, Published
from yizhan.records.contacts import kinds_in_force
from yizhan.records.orders import OrderStatus, ParcelState
from yizhan.records.profiles import SourceKey

Words = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Expression = Annotated[str, Meta(max_length=200)]
"""JMESPath, from the whole answer for rows and the next cursor, from one row for everything else."""
Url = Annotated[str, Meta(max_length=200)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
HeaderName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,60}$")]

PLACE = re.compile(r"\{([a-z_]+)\}")
PULLED = frozenset({"since", "cursor", "page"})
LOOKED = frozenset({"kind", "value"})


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Words
    en: Words


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`header` and `prefix` are of an API key; the token's address and scope are OAuth2's (client credentials)."""

    kind: Literal["none", "api_key", "basic", "oauth2"] = "none"
    header: HeaderName = "X-Api-Key"
    prefix: Annotated[str, Meta(max_length=40, pattern=r"^[\x20-\x7e]*$")] = ""
    token_url: Url = ""
    scope: Annotated[str, Meta(max_length=200, pattern=r"^[\x20-\x7e]*$")] = ""


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """By cursor: `next` finds it in the answer, nothing there is the end. By page: the first empty one is the end."""

    kind: Literal["none", "cursor", "page"] = "none"
    next: Expression = ""
    first: Annotated[int, Meta(ge=0, le=1)] = 1
    most: Annotated[int, Meta(ge=1, le=100_000)] = 1_000


class Pull(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`{since}`, `{cursor}` and `{page}` are filled in, in the address and in the body."""

    url: Url
    method: Literal["GET", "POST"] = "GET"
    body: Annotated[str, Meta(max_length=2000)] = ""
    every_minutes: Annotated[int, Meta(ge=1, le=10_080)] = 15
    paging: Paging = Paging()


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A kind of identifier that the customer has proved here, and what the other side calls it.

    A number of mainland China is asked for without its +86, unless `country_code`.
    """

    kind: Key
    name: Annotated[str, Meta(max_length=60)] = ""
    country_code: bool = False


class LookUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`{kind}` and `{value}` are filled in: the first of `by` that the customer has."""

    url: Url
    method: Literal["GET", "POST"] = "GET"
    body: Annotated[str, Meta(max_length=2000)] = ""
    by: Annotated[tuple[By, ...], Meta(min_length=1, max_length=10)]
    cache_minutes: Annotated[int, Meta(ge=0, le=1440)] = 5


class ProfileMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    rows: Expression = "@"
    identifiers: dict[Key, Expression] = {}
    name: Expression = ""
    level: Expression = ""
    at: Expression = ""
    fields: dict[Key, Expression] = {}


class OrderMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """`lines` finds the lines in an order, and the four after it what they hold; likewise `parcel_events`, what
    happened to its parcel. `statuses` and `parcel_states` are their words and ours; those that are not here are
    understood by what shops and carriers usually call them. `url` is the shop's page of the order."""

    rows: Expression = "orders"
    identifiers: dict[Key, Expression] = {}
    number: Expression
    status: Expression
    statuses: dict[Annotated[str, Meta(max_length=60)], Key] = {}
    total: Expression
    unit: Literal["yuan", "fen"] = "yuan"
    currency: Expression = ""
    placed_at: Expression
    at: Expression = ""
    lines: Expression = ""
    sku: Expression = "sku"
    title: Expression = "title"
    count: Expression = "count"
    price: Expression = "price"
    address: Expression = ""
    carrier: Expression = ""
    tracking: Expression = ""
    parcel_state: Expression = ""
    parcel_states: dict[Annotated[str, Meta(max_length=60)], Key] = {}
    parcel_events: Expression = ""
    event_at: Expression = "time"
    event_text: Expression = "text"
    event_place: Expression = ""
    url: Expression = ""


class Connector(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`source` is under which name it tells. `verified` are kinds of identifiers that the source has proved itself:
    only those, and accounts, make its record and ours one person. `most_kb` bounds an answer."""

    name: Title
    on: bool = True
    source: SourceKey
    auth: Auth = Auth()
    headers: dict[HeaderName, Annotated[str, Meta(max_length=200, pattern=r"^[\x20-\x7e]*$")]] = {}
    look_up: LookUp | None = None
    pull: Pull | None = None
    verified: Annotated[tuple[Key, ...], Meta(max_length=10)] = ()
    profile: ProfileMap | None = None
    order: OrderMap | None = None
    per_minute: Annotated[int, Meta(ge=1, le=6000)] = 120
    most_kb: Annotated[int, Meta(ge=1, le=20_000)] = 2_000


SECRETS: Mapping[str, tuple[str, ...]] = {
    "none": (), "api_key": ("key",), "basic": ("user", "password"), "oauth2": ("client_id", "client_secret"),
}  # fmt: skip
"""Of each way in."""


def check(connector: Connector) -> None:
    """Raises Invalid for what contradicts itself, with its place."""
    if connector.look_up is None and connector.pull is None:
        raise Invalid("it is never asked: give it a look-up, a pull, or both", "look_up")
    if connector.profile is None and connector.order is None:
        raise Invalid("what does it tell? Map customers, orders, or both", "profile")
    if connector.auth.kind == "oauth2":
        _check_url(connector.auth.token_url, "auth.token_url", frozenset())
    if connector.pull is not None:
        _check_pull(connector.pull)
    if connector.look_up is not None:
        _check_url(connector.look_up.url, "look_up.url", LOOKED)
        _check_places(connector.look_up.body, "look_up.body", LOOKED)
        if "{value}" not in connector.look_up.url + connector.look_up.body:
            raise Invalid("it would ask for nobody: the address or the body needs {value}", "look_up.url")
    for path, expression in expressions(connector):
        _check_expression(expression, path)


def _check_pull(pull: Pull) -> None:
    _check_url(pull.url, "pull.url", PULLED)
    _check_places(pull.body, "pull.body", PULLED)
    kind = pull.paging.kind
    if kind != "none" and f"{{{kind}}}" not in pull.url + pull.body:
        raise Invalid(f"every page would be the first: the address or the body needs {{{kind}}}", "pull.url")
    if (kind == "cursor") != bool(pull.paging.next):
        raise Invalid(
            "the next cursor is found in the answer by paging with cursors, and only there", "pull.paging.next"
        )


def _check_url(url: str, path: str, places: frozenset[str]) -> None:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not url.isprintable() or " " in url:
        raise Invalid("an address begins with https://", path)
    if parts.username is not None or parts.password is not None:
        raise Invalid("a password does not belong in an address: it is kept with the secrets", path)
    if PLACE.search(parts.netloc):
        raise Invalid("which machine is asked is not filled in", path)
    _check_places(url, path, places)


def _check_places(template: str, path: str, places: frozenset[str]) -> None:
    for place in PLACE.findall(template):
        if place not in places:
            raise Invalid(f"nothing is filled in for {{{place}}}", path)


def expressions(connector: Connector) -> Iterator[tuple[str, str]]:
    """All of them, each with its place in the document."""
    if connector.pull is not None:
        yield "pull.paging.next", connector.pull.paging.next
    for name, mapping in (("profile", connector.profile), ("order", connector.order)):
        if mapping is None:
            continue
        for field in mapping.__struct_fields__:
            value = getattr(mapping, field)
            if isinstance(value, str) and field != "unit":
                yield f"{name}.{field}", value
            elif isinstance(value, dict) and field not in ("statuses", "parcel_states"):
                yield from ((f"{name}.{field}.{key}", each) for key, each in value.items())


def _check_expression(expression: str, path: str) -> None:
    import jmespath  # loaded by who has a connector

    if not expression:
        if path.rpartition(".")[2] in ("rows", "number", "status", "total", "placed_at"):
            raise Invalid("this is needed", path)
        return
    try:
        jmespath.compile(expression)
    except (jmespath.exceptions.JMESPathError, ValueError, RecursionError) as wrong:
        raise Invalid(f"this is no JMESPath: {str(wrong).splitlines()[0][:120]}", path) from None


def fits(connector: Connector, published: Published) -> None:
    """Raises Invalid for kinds of identifiers, statuses and fields that there are not."""
    known = kinds_in_force()
    named = [
        (f"look_up.by[{at}].kind", by.kind) for at, by in enumerate(connector.look_up.by if connector.look_up else ())
    ]
    named += [(f"verified[{at}]", kind) for at, kind in enumerate(connector.verified)]
    for name, mapping in (("profile", connector.profile), ("order", connector.order)):
        named += [(f"{name}.identifiers.{kind}", kind) for kind in (mapping.identifiers if mapping else ())]
    for path, kind in named:
        if kind not in known:
            raise Invalid(f"there is no kind of identifier {kind}", path)
    for word, status in (connector.order.statuses if connector.order else {}).items():
        if status not in set(OrderStatus):
            raise Invalid(f"a status is one of: {', '.join(OrderStatus)}", f"order.statuses.{word}")
    for word, state in (connector.order.parcel_states if connector.order else {}).items():
        if state not in set(ParcelState):
            raise Invalid(f"the state of a parcel is one of: {', '.join(ParcelState)}", f"order.parcel_states.{word}")
    document = published.find(PROFILE, DEFAULT)
    fields = {spec.key for spec in document.fields} if document is not None else None
    for key in connector.profile.fields if connector.profile else ():
        if fields is not None and key not in fields:
            raise Invalid("there is no such field", f"profile.fields.{key}")


def advise(connector: Connector, _: Around) -> Iterable[Advice]:
    if not connector.on:
        yield Advice("on", "it is switched off: nothing is asked")
    if any(url.startswith("http://") for url in _urls(connector)):
        yield Advice("auth", "customers and secrets travel unencrypted: https:// if the other side can")
    for at, by in enumerate(connector.look_up.by if connector.look_up else ()):
        if by.kind not in (*connector.verified, "user", "unionid", "external"):
            yield Advice(
                f"look_up.by[{at}].kind",
                "what is found by it is only a suggestion: name it under verified if the source has proved it",
            )
    if (
        connector.pull is not None
        and not (connector.profile and connector.profile.identifiers)
        and not (connector.order and connector.order.identifiers)
    ):
        yield Advice("pull", "a pull without identifiers brings nobody: every row is refused")


def _urls(connector: Connector) -> list[str]:
    return [each.url for each in (connector.look_up, connector.pull) if each is not None]


CONNECTOR = Kind("connector", Connector, check, fits=fits, title=("数据连接", "Connector"), advise=advise)
