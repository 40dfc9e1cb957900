"""A provider's token server (RFC 6749, 7523, 7636): strict about what it is asked, and faulty when told so."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

CLIENT, SECRET, REFRESH = "yizhan-client", "client-secret", "refresh-1"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class TokenServer:
    """`mint` makes an access token. `next` are answers (status, error) given before it behaves again."""

    def __init__(self) -> None:
        self.url = ""
        self.consent_url = ""  # where a person is asked, in a browser
        self.mint: Callable[[], str] = lambda: f"access-{len(self.asked)}"
        self.expires_in = 3600
        self.rotates = False
        self.refresh = REFRESH
        self.codes: dict[str, str] = {}  # code to its PKCE challenge
        self.service_key: RSAPublicKey | None = None
        self.next: list[tuple[int, str]] = []
        self.asked: list[dict[str, str]] = []

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if self.next:
            status, error = self.next.pop(0)
            return status, {"error": error, "error_description": "as the test wants it"}
        grant = form.get("grant_type", "")
        if grant == JWT_BEARER:
            return self._granted({}) if self._believes(form.get("assertion", "")) else (400, {"error": "invalid_grant"})
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215"}
        if grant == "client_credentials":
            return self._granted({})
        if grant == "refresh_token":
            if form.get("refresh_token") != self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: expired or revoked"}
            if self.rotates:
                self.refresh = f"refresh-{len(self.asked) + 1}"
            return self._granted({"refresh_token": self.refresh})
        if grant == "authorization_code":
            challenge = self.codes.pop(form.get("code", ""), None)
            verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if challenge is None or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != challenge:
                return 400, {"error": "invalid_grant"}
            return self._granted({"refresh_token": self.refresh})
        return 400, {"error": "unsupported_grant_type"}

    def consent_page(self, asked: dict[str, str]) -> str:
        """What a provider shows: who wants to get in, and two ways back."""
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = asked["code_challenge"]
        back = {name: urlencode({"state": asked["state"], **more}) for name, more in (
            ("允许", {"code": code}), ("拒绝", {"error": "access_denied", "error_description": "the person said no"}),
        )}  # fmt: skip
        links = "".join(f'<p><a href="{asked["redirect_uri"]}?{query}">{name}</a></p>' for name, query in back.items())
        return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>邮箱</title>{links}</html>'

    def _granted(self, more: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token = {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": self.mint()}
        return 200, {**token, **more}

    def _believes(self, assertion: str) -> bool:
        head, claims, signature = assertion.split(".")
        assert self.service_key is not None
        try:
            self.service_key.verify(_raw(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        said = json.loads(_raw(claims))
        return bool(said["aud"] == self.url and said["iss"] == CLIENT and said["sub"] and said["exp"] > said["iat"])


@contextmanager
def token_server() -> Iterator[TokenServer]:
    told = TokenServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = told.answer({name: values[0] for name, values in parse_qs(body).items()})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            content = told.consent_page({name: values[0] for name, values in asked.items()}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}/token"
        told.consent_url = told.url.replace("/token", "/authorize")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
