"""Calls of api.weixin.qq.com: with a token, in JSON that keeps Chinese as it is, errors told apart from answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from yizhan.channels.wechat.errors import TOKEN_CODES, WeChatRefused, WeChatTokenRefused
from yizhan.desk.channels import Fetched, Granted, Line, MediaGone, with_token
from yizhan.foundation.errors import RateLimited
from yizhan.foundation.http import FormFile, HttpFailed, Response, multipart

TOKEN = "access"  # noqa: S105 - the name under which the token service keeps it
_DID_NOTHING = frozenset({500, 503})  # any other page in place of an answer is a gateway's, and says nothing
_GONE = frozenset({40004, 40006, 40007})
_VIDEO_BYTES = 20 * 1024 * 1024


class WeChatApi:
    """One account's. Raises WeChatRefused for an error code, HttpFailed where no sense came back."""

    def __init__(self, line: Line, base_url: str, appid: str, secret: str, timeout: float) -> None:
        self._line = line
        self._base = base_url.rstrip("/")
        self._appid = appid
        self._secret = secret
        self._timeout = timeout

    async def ready(self) -> None:
        """A token is there: whatever goes wrong before can be tried again."""
        await self._line.token(TOKEN, self.ask_token)

    async def post(self, path: str, body: object) -> dict[str, Any]:
        return await self._asked(path, "", "POST", {"Content-Type": "application/json"}, msgspec.json.encode(body))

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        return await self._asked(path, _query(query), "GET", {}, None)

    async def typing(self, openid: str) -> None:
        """He sees it for a few seconds. Raises WeChatRefused where his window is shut or it is shown already."""
        await self.post("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})

    async def upload(self, kind: str, name: str, type: str, content: bytes) -> str:
        """The media id; good for three days."""
        content_type, body = multipart({}, [FormFile("media", name, type, content)])
        said = await self._asked("/cgi-bin/media/upload", f"&type={kind}", "POST", {"Content-Type": content_type}, body)
        return str(said.get("media_id") or said.get("thumb_media_id") or "")

    async def media(self, media_id: str) -> Fetched:
        """Raises MediaGone for what is no longer there. A video lies behind an address that is given instead."""

        async def call(token: str) -> Response:
            answer = await self._call("GET", "/cgi-bin/media/get", token, f"&media_id={quote(media_id)}", {}, None)
            if _is_json(answer):
                checked(answer)
            return answer

        try:
            answer: Response = await with_token(self._line, TOKEN, self.ask_token, call)
        except WeChatRefused as refused:
            if refused.errcode in _GONE:
                raise MediaGone(refused.message) from refused
            raise
        if not _is_json(answer):
            return Fetched(answer.content, answer.file_name, answer.headers.get("content-type", ""))
        video = await self._line.http.request(
            "GET", str(checked(answer).get("video_url", "")), timeout=self._timeout, follow=True,
            max_bytes=_VIDEO_BYTES,
        )  # fmt: skip
        if not video.ok:
            raise HttpFailed(f"HTTP {video.status} for the video", sent=True)
        return Fetched(video.content, "", video.headers.get("content-type", ""))

    async def ask_token(self) -> Granted:
        """The stable kind: other programs that ask for the same account do not end ours. Raises HttpFailed with
        `sent` False: nothing of what the token is for was sent."""
        body = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
        url = f"{self._base}/cgi-bin/stable_token"
        try:
            said = checked(await self._line.http.request("POST", url, json=body, timeout=self._timeout))
        except HttpFailed as failed:
            raise HttpFailed(f"no access token: {failed.message}", sent=False) from failed
        token = str(said.get("access_token", ""))
        if not token:
            raise HttpFailed("no access token came", sent=False)
        return Granted(token, float(said.get("expires_in", 7200)))

    async def _asked(
        self, path: str, query: str, method: str, headers: dict[str, str], body: bytes | None
    ) -> dict[str, Any]:
        async def call(token: str) -> dict[str, Any]:
            return checked(await self._call(method, path, token, query, headers, body))

        found: dict[str, Any] = await with_token(self._line, TOKEN, self.ask_token, call)
        return found

    async def _call(
        self, method: str, path: str, token: str, query: str, headers: dict[str, str], body: bytes | None
    ) -> Response:
        url = f"{self._base}{path}?access_token={quote(token)}{query}"
        return await self._line.http.request(method, url, headers=headers, content=body, timeout=self._timeout)


def _query(names: dict[str, str]) -> str:
    return "".join(f"&{name}={quote(value)}" for name, value in names.items())


def _is_json(answer: Response) -> bool:
    """Errors come with HTTP 200, and sometimes as text/plain."""
    kind = answer.headers.get("content-type", "")
    return "json" in kind or (kind.startswith("text/plain") and answer.content.lstrip()[:1] == b"{")


def checked(answer: Response) -> dict[str, Any]:
    """What was answered; raises WeChatRefused, WeChatTokenRefused, RateLimited and HttpFailed."""
    if answer.status == 429:
        raise RateLimited(60.0, "HTTP 429")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=answer.status not in _DID_NOTHING)
    said = answer.json(dict[str, Any])
    code = said.get("errcode") or 0
    if code in TOKEN_CODES:
        raise WeChatTokenRefused(f"{code} {said.get('errmsg', '')}")
    if code:
        raise WeChatRefused(int(code), str(said.get("errmsg", "")))
    return said
