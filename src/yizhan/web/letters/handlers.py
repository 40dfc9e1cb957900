"""The doors behind the links of our mails."""

from __future__ import annotations

from uuid import UUID

from litestar import MediaType, Response, get, post

from yizhan.channels.email import read_file, read_unsubscribe
from yizhan.desk import outbound
from yizhan.desk.views import messages_by_id
from yizhan.foundation.errors import NotFound
from yizhan.records import outbox
from yizhan.web.files import given_out
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="robots" content="noindex">
<title>退订 Unsubscribe</title><body style="font-family:sans-serif;margin:48px;max-width:560px">{body}</body></html>"""
_ASK = """<h1>退订通知 Unsubscribe</h1><p>退订后不再收到满意度调查和通知，您的来信照常回复。<br>
You will get no more surveys and notices; your own mails are still answered.</p>
<form method="post"><button style="font-size:16px;padding:8px 16px">退订 Unsubscribe</button></form>"""
_DONE = "<h1>已退订 Done</h1><p>不会再收到此类邮件。You will get no more of them.</p>"


@get("/mail/files/{digest:str}/{token:str}/{name:str}", opt=PUBLIC, include_in_schema=False)
async def sent_file(
    digest: FromPath[str], token: FromPath[str], name: FromPath[str], request: AnyRequest, services: GivenServices
) -> Response[bytes]:
    """A file of an answer, for as long as its link says, unless the answer was taken back."""
    message_id = read_file(services.signer, digest, token, services.clock.now())
    if message_id is None:
        raise NotFound("no such file, or the link is over")
    async with services.db.read() as tx:
        found = await messages_by_id(tx, [message_id])
    if not found or all(each.get("hash") != digest for each in found[0].attachments):
        raise NotFound("no such file, or the link is over")
    kept = next(each for each in found[0].attachments if each.get("hash") == digest)
    return await given_out(services, digest, str(kept["name"]), request.headers.get("range"))


@get("/mail/unsubscribe/{token:str}", opt=PUBLIC, include_in_schema=False, media_type=MediaType.HTML)
async def ask_unsubscribe(token: FromPath[str], services: GivenServices) -> str:
    """A page with one button: programs that look at every link of a mail must not unsubscribe anybody."""
    _notice(services, token)
    return _PAGE.format(body=_ASK)


@post("/mail/unsubscribe/{token:str}", opt=PUBLIC, include_in_schema=False, media_type=MediaType.HTML, status_code=200)
async def unsubscribe(token: FromPath[str], services: GivenServices) -> str:
    """The button, or the one click of a mail program (RFC 8058)."""
    message_id = _notice(services, token)
    async with services.db.transaction() as tx:
        written = await outbox.written(tx, message_id)
        await outbound.suppress(
            tx, written, reason="unsubscribed", words="list-unsubscribe", now=services.clock.now(),
            scope=outbox.NOTICES,
        )  # fmt: skip
    return _PAGE.format(body=_DONE)


def _notice(services: Services, token: str) -> UUID:
    message_id = read_unsubscribe(services.signer, token, services.clock.now())
    if message_id is None:
        raise NotFound("this link is not ours")
    return message_id


doors = (sent_file, ask_unsubscribe, unsubscribe)
