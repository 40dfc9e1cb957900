"""Meta's Graph API: what WhatsApp, Messenger and Instagram share of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from yizhan.simulator.limits import Allowance, Left, Quotas
from yizhan.simulator.people import Blob, Bubble, Person, Words
from yizhan.simulator.pusher import Push, Retry, Wire
from yizhan.simulator.vendor import Vendor, compact
from yizhan.simulator.wire import Answer, Call, as_json, route

DAY = 24 * 3600


def signed(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def proof_of(token: str, secret: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class Graph(Vendor):
    """The version in the path, the token in the header, a proof of the app's secret beside it; errors with codes."""

    retry = Retry(attempts=5, timeout=5.0, pauses=(1.0, 5.0, 15.0, 30.0))  # up to seven days at Meta
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        190: Words("令牌失效", "Token no longer good"), 131047: Words("超过 24 小时", "After 24 hours"),
        131056: Words("对此人发送过快", "Too fast to this person"), 130429: Words("太快了", "Too fast"),
        368: Words("账号被限制", "Account blocked for a while"),
    }  # fmt: skip
    window: ClassVar[int] = DAY

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.app_secret, self.verify_token = secrets.token_hex(16), secrets.token_urlsafe(12)
        self.token = "EAA" + secrets.token_hex(24)
        self.account_id = str(100_000_000_000_000 + secrets.randbelow(10**14))
        self.quotas = Quotas(self.clock, {"message": Allowance(None, self.window)})
        self.files: dict[str, Blob] = {}

    def secrets(self, channel: str) -> dict[str, str]:
        return {"app_secret": self.app_secret, "access_token": self.token, "verify_token": self.verify_token}

    def left(self, channel: str, person: Person) -> Left | None:
        return self.quotas.left(person.id)

    def refusal(self, code: int | str) -> Answer:
        status = 401 if int(code) == 190 else 400
        return as_json({"error": {"code": int(code), "message": f"(#{code}) injected", "fbtrace_id": "A"}}, status)

    def stranger(self, call: Call) -> Answer | None:
        """The refusal of a caller who is not who he says."""
        given = call.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given, self.token):
            return self.refusal(190)
        if not hmac.compare_digest(call.query.get("appsecret_proof", ""), proof_of(self.token, self.app_secret)):
            return self.refusal(100)
        return None

    def keep(self, blob: Blob) -> str:
        id = self.new_id()
        self.files[id] = blob
        return id

    @route("GET", "/files/{id}")
    async def file(self, call: Call) -> Answer:
        """Where media lie: an address that WhatsApp opens for the token only."""
        blob = self.files.get(call.args["id"])
        if blob is None or (self.name == "whatsapp" and self.token not in call.headers.get("authorization", "")):
            return as_json({"error": {"code": 404, "message": "gone"}}, 404)
        return Answer(blob.content, 200, blob.type)

    def push(self, said: Mapping[str, Any], label: str, channel: str = "") -> Push:
        """Escaped as Meta escapes; the signature is over these very bytes."""
        body = compact_ascii(said)
        wire = Wire(
            body=body,
            headers={"content-type": "application/json", "X-Hub-Signature-256": signed(self.app_secret, body)},
        )
        return Push(channel=channel or self.doors[0].channel, sign=lambda: wire, label=label)

    async def confirm(self, channel: str = "") -> bool:
        """What Meta asks when somebody enters the address: the challenge has to come back."""
        challenge = self.new_id()
        query = f"hub.mode=subscribe&hub.verify_token={self.verify_token}&hub.challenge={challenge}"
        push = Push(channel=channel or self.doors[0].channel, sign=Wire, label="confirm")
        answered = await self.pusher.once(push, Wire(method="GET", query=query))
        return answered.status == 200 and answered.body == challenge.encode()


def compact_ascii(said: Mapping[str, Any]) -> bytes:
    text = compact(said).decode()
    return "".join(each if ord(each) < 128 else _escaped(each) for each in text).encode()


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def pictured(bubble: Bubble) -> str:
    """What Meta calls the kind of a file."""
    return {"voice": "audio", "file": "document"}.get(bubble.kind, bubble.kind)
