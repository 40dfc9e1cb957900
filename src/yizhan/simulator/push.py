"""Apple's, Google's, 个推's and 极光's push services: who asks is checked, who is rung is kept, devices go away.

They have no phone on the page: what rings is seen in `rung`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yizhan.simulator.people import Words
from yizhan.simulator.vendor import Vendor
from yizhan.simulator.wire import Answer, Call, as_json, route

_HOUR_S = 3600


class _Service(Vendor):
    """`gone` are devices whose app was removed; `rung` is what the others showed, in order."""

    doors = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.gone: set[str] = set()
        self.rung: list[tuple[str, dict[str, Any]]] = []

    def _show(self, device: str, said: dict[str, Any]) -> None:
        self.rung.append((device, said))


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _unbase64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _jwt(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Raises ValueError for what is no JWT."""
    head, said, signature = token.split(".")
    return json.loads(_unbase64(head)), json.loads(_unbase64(said)), f"{head}.{said}".encode(), _unbase64(signature)


class Apns(_Service):
    name = "apns"
    title = Words("Apple 推送", "Apple push")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.team, self.key_id, self.topic = "TEAM123456", "KEY1234567", "shop.yizhan.app"

    def settings(self, channel: str = "") -> dict[str, Any]:
        return {"apns_url": self.base, "apns_topic": self.topic, "apns_team": self.team, "apns_key_id": self.key_id}

    def secrets(self, channel: str = "") -> dict[str, str]:
        return {"push_apns_key": _pem(self.key)}

    def refusal(self, code: int | str) -> Answer:
        statuses = {"TooManyRequests": 429, "ExpiredProviderToken": 403, "ServiceUnavailable": 503}
        return as_json({"reason": code}, statuses.get(str(code), 400))

    @route("POST", "/3/device/{device}")
    async def ring(self, call: Call) -> Answer:
        stranger = self._stranger(call.headers.get("authorization", ""))
        if stranger:
            return as_json({"reason": stranger}, 403)
        device, ident = call.args["device"], {"apns-id": call.headers.get("apns-id") or str(uuid.uuid4())}
        if call.headers.get("apns-topic") != self.topic:
            return as_json({"reason": "TopicDisallowed"}, 400, ident)
        if len(call.body) > 4096:
            return as_json({"reason": "PayloadTooLarge"}, 413, ident)
        if len(device) != 64 or set(device) <= {"0"}:
            return as_json({"reason": "BadDeviceToken"}, 400, ident)
        if device in self.gone:
            return as_json(
                {"reason": "Unregistered", "timestamp": int(self.clock.now().timestamp() * 1000)}, 410, ident
            )
        self._show(device, call.json())
        return Answer(headers=ident)

    def _stranger(self, authorization: str) -> str:
        try:
            head, said, signed, signature = _jwt(authorization.removeprefix("bearer "))
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            self.key.public_key().verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
        except (ValueError, InvalidSignature):
            return "InvalidProviderToken"
        if (head.get("alg"), head.get("kid"), said.get("iss")) != ("ES256", self.key_id, self.team):
            return "InvalidProviderToken"
        return "ExpiredProviderToken" if self.clock.now().timestamp() - said.get("iat", 0) > _HOUR_S else ""


class Fcm(_Service):
    name = "fcm"
    title = Words("Google 推送", "Google push")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.project, self.email = "yizhan-shop", "push@yizhan-shop.iam.gserviceaccount.com"
        self.tokens: set[str] = set()

    def settings(self, channel: str = "") -> dict[str, Any]:
        return {"fcm_url": self.base}

    def secrets(self, channel: str = "") -> dict[str, str]:
        account = {
            "type": "service_account", "project_id": self.project, "client_email": self.email,
            "private_key": _pem(self.key), "token_uri": f"{self.base}/token",
        }  # fmt: skip
        return {"push_fcm_account": json.dumps(account)}

    def refusal(self, code: int | str) -> Answer:
        statuses = {"QUOTA_EXCEEDED": 429, "UNAVAILABLE": 503, "UNREGISTERED": 404, "UNAUTHENTICATED": 401}
        status = statuses.get(str(code), 400)
        detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": str(code)}
        error = {"code": status, "status": str(code), "message": str(code), "details": [detail]}
        return as_json({"error": error}, status)

    def expire_tokens(self) -> None:
        self.tokens.clear()

    @route("POST", "/token")
    async def token(self, call: Call) -> Answer:
        form = call.form()
        try:
            _, said, signed, signature = _jwt(form.get("assertion", ""))
            self.key.public_key().verify(signature, signed, padding.PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            return as_json({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
        if said.get("iss") != self.email or said.get("aud") != f"{self.base}/token":
            return as_json({"error": "invalid_grant", "error_description": "Invalid JWT."}, 400)
        self.tokens.add(made := "ya29." + secrets.token_urlsafe(40))
        return as_json({"access_token": made, "expires_in": 3599, "token_type": "Bearer"})

    @route("POST", "/v1/projects/{project}/messages:send")
    async def ring(self, call: Call) -> Answer:
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self.refusal("UNAUTHENTICATED")
        message = call.json().get("message", {})
        if call.args["project"] != self.project or not all(
            isinstance(v, str) for v in message.get("data", {}).values()
        ):
            return self.refusal("INVALID_ARGUMENT")
        if message.get("token") in self.gone:
            return self.refusal("UNREGISTERED")
        self._show(message.get("token", ""), message)
        return as_json({"name": f"projects/{self.project}/messages/{self.new_id()}"})


class GeTui(_Service):
    name = "getui"
    title = Words("个推", "GeTui")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.app_id, self.app_key, self.master = (secrets.token_urlsafe(16) for _ in range(3))
        self.tokens: set[str] = set()
        self.seen: set[str] = set()

    def settings(self, channel: str = "") -> dict[str, Any]:
        return {"getui_url": self.base, "getui_app_id": self.app_id, "getui_app_key": self.app_key}

    def secrets(self, channel: str = "") -> dict[str, str]:
        return {"push_getui_secret": self.master}

    def refusal(self, code: int | str) -> Answer:
        return as_json({"code": int(code), "msg": "injected", "data": {}})

    def expire_tokens(self) -> None:
        self.tokens.clear()

    @route("POST", "/v2/{app}/auth")
    async def auth(self, call: Call) -> Answer:
        said = call.json()
        wanted = hashlib.sha256(f"{self.app_key}{said.get('timestamp')}{self.master}".encode()).hexdigest()
        if call.args["app"] != self.app_id or said.get("appkey") != self.app_key or said.get("sign") != wanted:
            return as_json({"code": 10002, "msg": "appid, appkey or sign is wrong", "data": {}})
        self.tokens.add(made := secrets.token_hex(32))
        expires = int(self.clock.now().timestamp() * 1000) + 86_400_000
        return as_json({"code": 0, "msg": "success", "data": {"token": made, "expire_time": str(expires)}})

    @route("POST", "/v2/{app}/push/single/cid")
    async def ring(self, call: Call) -> Answer:
        if call.headers.get("token") not in self.tokens:
            return as_json({"code": 10001, "msg": "token is invalid", "data": {}})
        said = call.json()
        request_id, cids = said.get("request_id", ""), said.get("audience", {}).get("cid", [])
        if not 10 <= len(request_id) <= 32 or len(cids) != 1:
            return as_json({"code": 20001, "msg": "request_id or audience is wrong", "data": {}})
        if request_id not in self.seen and cids[0] not in self.gone:
            self._show(cids[0], said)
        self.seen.add(request_id)
        state = "successed_ignore" if cids[0] in self.gone else "successed_online"
        return as_json({"code": 0, "msg": "success", "data": {f"RASS_{self.new_id()}": {cids[0]: state}}})


class JPush(_Service):
    name = "jpush"
    title = Words("极光", "JPush")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.app_key, self.master = secrets.token_hex(12), secrets.token_hex(12)

    def settings(self, channel: str = "") -> dict[str, Any]:
        return {"jpush_url": self.base, "jpush_app_key": self.app_key}

    def secrets(self, channel: str = "") -> dict[str, str]:
        return {"push_jpush_secret": self.master}

    def refusal(self, code: int | str) -> Answer:
        return as_json({"error": {"code": int(code), "message": "injected"}}, 429 if int(code) == 2002 else 400)

    def _stranger(self, call: Call) -> Answer | None:
        wanted = base64.b64encode(f"{self.app_key}:{self.master}".encode()).decode()
        if call.headers.get("authorization") == f"Basic {wanted}":
            return None
        return as_json({"error": {"code": 1004, "message": "basic auth failed"}}, 401)

    @route("GET", "/v3/push/cid")
    async def cid(self, call: Call) -> Answer:
        return self._stranger(call) or as_json({"cidlist": [f"{self.app_key}-{uuid.uuid4()}"]})

    @route("POST", "/v3/push")
    async def ring(self, call: Call) -> Answer:
        stranger = self._stranger(call)
        if stranger:
            return stranger
        said = call.json()
        (device,) = said["audience"]["registration_id"]
        if device in self.gone:
            return as_json({"error": {"code": 1011, "message": "cannot find user by this audience"}}, 400)
        self._show(device, said)
        return as_json({"sendno": "0", "msg_id": self.new_id()})
