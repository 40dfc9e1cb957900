"""What pickers need of the whole house, in one answer that a client keeps until told otherwise."""

from uuid import UUID

import msgspec
from litestar import get

from yizhan.records import agents, contacts
from yizhan.records.agents import Agent, PresenceState
from yizhan.records.config import TypeTree
from yizhan.records.inboxes import inboxes
from yizhan.web.given import GivenServices


class TypeName(msgspec.Struct, frozen=True):
    """A key holds its place: `complaint.quality` stands below `complaint`. Those not `offered` are of old tickets."""

    key: str
    zh: str
    en: str
    own_words: bool
    priority: int | None
    offered: bool


class Named(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str


class TeamName(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    brand_id: UUID | None


class Colleague(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    presence: PresenceState
    live: int
    live_cap: int
    team_ids: list[UUID]


class InboxName(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    channel: str
    brand_id: UUID


class IdentifierName(msgspec.Struct, frozen=True):
    key: str
    zh: str
    en: str


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """`identifiers` are kinds of the house's own, and those it calls otherwise than we do."""

    teams: list[TeamName]
    agents: list[Colleague]
    inboxes: list[InboxName]
    brands: list[Named]
    skills: list[Named]
    types: list[TypeName]
    identifiers: list[IdentifierName]


@get("/reference")
async def reference(services: GivenServices) -> Reference:
    async with services.db.read() as tx:
        teams = await agents.teams(tx)
        people = await agents.agents(tx)
        doors = await inboxes(tx, services.vault)
        brands = await agents.brands(tx)
        skills = await agents.skills(tx)
    return Reference(
        teams=[TeamName(team.id, team.name, team.brand_id) for team in teams],
        agents=[_colleague(each) for each in people if each.active],
        inboxes=[InboxName(door.id, door.name, door.channel, door.brand_id) for door in doors],
        brands=[Named(brand.id, brand.key, brand.name) for brand in brands],
        skills=[Named(skill.id, skill.key, skill.name) for skill in skills],
        types=_types(services.type_book.tree),
        identifiers=_identifiers(),
    )


def _identifiers() -> list[IdentifierName]:
    shipped = {(each.key, each.zh, each.en) for each in contacts.SHIPPED.kinds}
    named = [(each.key, each.zh, each.en) for each in contacts.kinds_in_force().kinds]
    return [IdentifierName(*each) for each in named if each not in shipped]


def _types(tree: TypeTree) -> list[TypeName]:
    offered = {node.key for node in tree.offered}
    return [
        TypeName(n.key, n.zh, n.en, tree.own_words(n.key), tree.priority(n.key), n.key in offered)
        for n in tree.nodes.values()
    ]


def _colleague(of: Agent) -> Colleague:
    presence = of.presence.state if of.presence else PresenceState.OFFLINE
    return Colleague(of.id, of.name, presence, of.load.live, of.live_cap, [team.id for team in of.teams])
