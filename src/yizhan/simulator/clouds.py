"""How the two clouds check who calls: ACS3 and TC3, as their documentation has them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from yizhan.simulator.wire import Call

ACS3 = "ACS3-HMAC-SHA256"
TC3 = "TC3-HMAC-SHA256"


def acs3(secret: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], names: str) -> str:
    """The signature over the headers whose names are joined by semicolons."""
    pairs = sorted(query.items())
    canonical_query = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in pairs)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names.split(";"))
    request = f"{method}\n{path}\n{canonical_query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    text = f"{ACS3}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def tc3(secret: str, service: str, timestamp: int, headers: Mapping[str, str], names: str, body: bytes) -> str:
    """The signature over the headers named, by the key of the timestamp's day in UTC."""
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names.split(";"))
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{service}/tc3_request"
    text = f"{TC3}\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = ("TC3" + secret).encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def acs3_refusal(call: Call, key_id: str, secret: str, now: datetime, seen: set[str]) -> str:
    """The code with which a call is refused; empty when it is in order. `seen` are the nonces there were."""
    said = dict(part.partition("=")[::2] for part in call.headers.get("authorization", "").partition(" ")[2].split(","))
    names, nonce = said.get("SignedHeaders", ""), call.headers.get("x-acs-signature-nonce", "")
    if said.get("Credential") != key_id:
        return "InvalidAccessKeyId.NotFound"
    needed = ("x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "host")
    if not all(name in call.headers for name in (*needed, *names.split(";"))):
        return "MissingParameter"
    try:
        date = datetime.strptime(call.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return "InvalidTimeStamp.Format"
    if abs((now - date).total_seconds()) > 900:
        return "InvalidTimeStamp.Expired"
    if call.headers["x-acs-content-sha256"] != hashlib.sha256(call.body).hexdigest():
        return "InvalidContentSha256"
    query = dict(parse_qsl(call.raw_query, keep_blank_values=True))
    right = acs3(secret, call.method, call.path, query, call.headers, names)
    if not hmac.compare_digest(right, said.get("Signature", "")):
        return "SignatureDoesNotMatch"
    if nonce in seen:
        return "SignatureNonceUsed"
    seen.add(nonce)
    return ""


def tc3_refusal(call: Call, secret_id: str, secret: str, service: str, now: datetime) -> str:
    """As `acs3_refusal`; this cloud knows no nonce, only a clock."""
    given = call.headers.get("authorization", "").partition(" ")[2]
    said = dict(part.strip().partition("=")[::2] for part in given.split(","))
    owner, _, scope = said.get("Credential", "").partition("/")
    stamp, names = call.headers.get("x-tc-timestamp", ""), said.get("SignedHeaders", "")
    if owner != secret_id:
        return "AuthFailure.SecretIdNotFound"
    if not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > 300:
        return "AuthFailure.SignatureExpire"
    day = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")
    listed = names.split(";")
    known = all(name in call.headers for name in (*listed, "content-type", "host"))
    if scope != f"{day}/{service}/tc3_request" or not known or not {"content-type", "host"} <= set(listed):
        return "AuthFailure.InvalidAuthorization"
    right = tc3(secret, service, int(stamp), call.headers, names, call.body)
    return "" if hmac.compare_digest(right, said.get("Signature", "")) else "AuthFailure.SignatureFailure"
