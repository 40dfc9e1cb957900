"""The way out: the robot is told what to say, signed as it signs. It knows a reply by its id and says it once."""

from __future__ import annotations

import msgspec

from yizhan.channels.wechat.group.render import render
from yizhan.channels.wechat.group.signature import SIGNATURE, TIMESTAMP, sign
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender, again, call, failed, throttled, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.http import HttpFailed, Response


class _Answer(msgspec.Struct):
    message_id: str = ""


class _Refusal(msgspec.Struct):
    error_class: str = ""
    error: str = ""


class GroupSender(VendorSender):
    idempotent = True

    async def send(self, letter: Letter) -> Receipt:
        settings, secret = self._line.account.settings, self._line.account.secrets.secret
        if not settings.reply_url or not secret:
            raise SendFailed(ErrorClass.BAD_REQUEST, "接入点没有回复地址或密钥 (no address to answer to, or no secret)")
        body = render(letter, [await self._line.load(file.hash) for file in letter.files], settings)
        answer = await call(
            self._line, "POST", settings.reply_url, attempt=letter.attempt, repeatable=True, timeout=settings.timeout,
            headers=headers(self._line, body), content=body,
        )  # fmt: skip
        _ensure_taken(answer, letter.attempt)
        said = understood(answer, _Answer, attempt=letter.attempt, repeatable=True)
        return Receipt(said.message_id[:200], reported=bool(said.message_id))


def headers(line: Line, body: bytes) -> dict[str, str]:
    stamp = str(int(line.clock.now().timestamp()))
    return {
        "Content-Type": "application/json",
        TIMESTAMP: stamp,
        SIGNATURE: sign(line.account.secrets.secret, stamp, body),
    }


def _ensure_taken(answer: Response, attempt: int) -> None:
    """The robot says why not in the words of the queue; else its status does."""
    if answer.ok:
        return
    words = f"HTTP {answer.status} {answer.content[:120].decode(errors='replace')}"
    said = _refusal(answer)
    if said.error_class:
        raise failed(_class_of(said.error_class), said.error[:300] or words, attempt)
    if answer.status == 429:
        raise throttled(words, attempt, answer)
    if answer.status in (401, 403):
        raise SendFailed(ErrorClass.AUTH, words)
    if answer.status >= 500:
        raise again(words, attempt)
    raise SendFailed(ErrorClass.RECIPIENT if answer.status in (404, 410, 422) else ErrorClass.CONTENT, words)


def _refusal(answer: Response) -> _Refusal:
    try:
        return msgspec.json.decode(answer.content, type=_Refusal)
    except (msgspec.DecodeError, UnicodeError):
        return _Refusal()


def _class_of(name: str) -> ErrorClass:
    try:
        return ErrorClass(name)
    except ValueError:
        return ErrorClass.BAD_REQUEST


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """A file that the archive only named."""
    answer = await line.http.request("GET", ref.get("url", ""), timeout=line.account.settings.timeout, follow=True)
    if answer.status in (403, 404, 410):
        raise MediaGone(f"HTTP {answer.status}")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, "", answer.headers.get("content-type", "").partition(";")[0])
