"""The way back: a reply is posted to the other system, signed as its messages to us are."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from yizhan.channels.generic.settings import GenericSecret, GenericSettings
from yizhan.channels.generic.signature import SIGNATURE, TIMESTAMP, sign
from yizhan.desk.outbound import ErrorClass, Letter, Mark, Receipt, SendFailed
from yizhan.foundation.http import Http, HttpFailed, HttpRefused, Response

_FIRST_PAUSE = timedelta(seconds=5)
_MOST_TRIES = 8

Load = Callable[[str], Awaitable[bytes]]


class _File(msgspec.Struct, frozen=True):
    name: str
    type: str
    content_base64: str


class _To(msgspec.Struct, frozen=True):
    id: str
    name: str


class Reply(msgspec.Struct, frozen=True):
    """What the other system receives; `id` never changes for one reply."""

    id: UUID
    conversation: UUID
    to: _To
    author: str
    text: str
    attachments: list[_File]


class _Answer(msgspec.Struct):
    id: str = ""


def render(letter: Letter, contents: Sequence[bytes]) -> bytes:
    """`contents` are those of the letter's files, in their order."""
    files = [
        _File(file.name, file.type, base64.b64encode(content).decode())
        for file, content in zip(letter.files, contents, strict=True)
    ]
    to = _To(letter.to, letter.to_name)
    reply = Reply(letter.message_id, letter.conversation_id, to, letter.author_name, letter.text, files)
    return msgspec.json.encode(reply)


class GenericSender:
    """The other system is asked to honour Idempotency-Key, so what may have arrived is sent again."""

    def __init__(self, http: Http, settings: GenericSettings, secret: GenericSecret, load: Load) -> None:
        self._http = http
        self._settings = settings
        self._secret = secret
        self._load = load

    @property
    def idempotent(self) -> bool:
        return True

    def mark(self, letter: Letter) -> Mark | None:
        return None

    async def send(self, letter: Letter) -> Receipt:
        if not self._settings.callback_url or not self._secret.all:
            raise SendFailed(ErrorClass.BAD_REQUEST, "this inbox has no address to answer to")
        body = render(letter, [await self._load(file.hash) for file in letter.files])
        headers = signed(self._secret.all[0], str(int(letter.at.timestamp())), body)
        headers["Idempotency-Key"] = str(letter.message_id)
        try:
            answer = await self._http.request(
                "POST", self._settings.callback_url, headers=headers, content=body, timeout=self._settings.timeout
            )
        except HttpRefused as refusal:
            raise SendFailed(ErrorClass.BAD_REQUEST, refusal.message) from refusal
        except HttpFailed as failure:
            raise SendFailed(ErrorClass.TRANSIENT, failure.message, retry_after=pause(letter.attempt)) from failure
        return _receipt(answer, letter.attempt)

    async def close(self) -> None:
        """The client belongs to the process."""


def signed(secret: str, timestamp: str, body: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json", TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}


def pause(attempt: int) -> timedelta | None:
    """Doubles from five seconds; None when it has been tried often enough."""
    return _FIRST_PAUSE * (1 << max(0, attempt - 1)) if attempt < _MOST_TRIES else None


def _receipt(answer: Response, attempt: int) -> Receipt:
    if answer.ok and _is_page(answer):  # somebody stands between us and the other system
        raise SendFailed(ErrorClass.TRANSIENT, "a web page instead of an answer", retry_after=pause(attempt))
    if answer.ok:
        return Receipt(_vendor_id(answer))
    if answer.status == 429:
        raise SendFailed(ErrorClass.THROTTLE, "HTTP 429", retry_after=pause(attempt))
    if answer.status in (401, 403):
        raise SendFailed(ErrorClass.AUTH, f"HTTP {answer.status}")
    if answer.status >= 500 or answer.status == 408:
        raise SendFailed(ErrorClass.TRANSIENT, f"HTTP {answer.status}", retry_after=pause(attempt))
    raise SendFailed(ErrorClass.CONTENT, f"HTTP {answer.status}")


def _is_page(answer: Response) -> bool:
    return answer.headers.get("content-type", "").lower().startswith("text/html")


def _vendor_id(answer: Response) -> str:
    """The other system's own id, if it says one."""
    try:
        return msgspec.json.decode(answer.content, type=_Answer).id[:200]
    except (msgspec.DecodeError, UnicodeError):
        return ""
