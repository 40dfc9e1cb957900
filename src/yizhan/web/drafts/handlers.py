"""The routes of drafts. Each is for its writer alone, and only as long as he may see the conversation."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, put

from yizhan.foundation.crypto import Unreadable
from yizhan.foundation.db import Tx
from yizhan.records import contacts, drafts
from yizhan.records.agents import Permission, Viewer
from yizhan.records.drafts import Content, File
from yizhan.web.drafts.shapes import DraftAnswer, DraftFile, DraftKept, DraftRequest, DraftShape
from yizhan.web.drafts.telling import tell_draft
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation
from yizhan.web.services import Services

REPLY = [permits(Permission.MESSAGE_REPLY)]


@get("/conversations/{conversation_id:uuid}/draft", guards=REPLY)
async def read_draft(conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> DraftAnswer:
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        return DraftAnswer(await _draft(tx, services, viewer, conversation_id))


@put("/conversations/{conversation_id:uuid}/draft", guards=REPLY)
async def keep_draft(
    conversation_id: FromPath[UUID], data: JSONBody[DraftRequest], call: GivenCall
) -> Response[DraftKept]:
    content = Content(data.text, tuple(File(f.hash, f.name, f.type, f.size) for f in data.attachments))

    made: list[UUID | None] = []

    async def verb(tx: Tx) -> DraftKept:
        owner = await seen_conversation(tx, call.viewer, conversation_id)
        key = await contacts.key_of(tx, call.services.vault, owner.contact_id)
        version = await drafts.keep(
            tx, key, call.viewer.agent_id, conversation_id, owner.contact_id, content, note=data.note,
            base=data.base, device=data.device, now=call.now,
        )  # fmt: skip
        made.append(version)
        return DraftKept(version)

    answer = await call.write(verb)
    for version in made:  # none where it was a repeat
        await tell_draft(call, conversation_id, version)
    return answer


async def _draft(tx: Tx, services: Services, viewer: Viewer, conversation_id: UUID) -> DraftShape | None:
    """None also of a customer whose key was destroyed: nobody reads it any more."""
    found = await drafts.draft(tx, viewer.agent_id, conversation_id)
    if found is None:
        return None
    try:
        key = await contacts.key_of(tx, services.vault, found.contact_id)
        content = drafts.opened(found, key, viewer.agent_id, conversation_id)
    except Unreadable:
        return None
    files = [DraftFile(f.hash, f.name, f.type, f.size) for f in content.files]
    return DraftShape(content.text, found.note, files, found.version, found.device, found.at)


routes = (read_draft, keep_draft)
