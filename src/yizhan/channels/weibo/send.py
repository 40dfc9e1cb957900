"""The way out: one call of messages/reply.json for a reply, and the way to what lies at Weibo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

import msgspec

from yizhan.channels.weibo.errors import WeiboError, refusal
from yizhan.channels.weibo.render import render
from yizhan.desk.channels import Fetched, Line, MediaGone, TokenRefused, VendorSender, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.errors import DomainError
from yizhan.foundation.http import HttpFailed, Response
from yizhan.records.contacts import Identifier

_REPLY = "/2/messages/reply.json"
_FILE = "/2/mss/msget"
_WHO = "/2/eps/user/info.json"
_GONE = (404, 410)
_FORM = {"content-type": "application/x-www-form-urlencoded"}


class WeiboSender(VendorSender):
    """Weibo takes no id of ours and gives back none of its own, so what may have arrived is not sent again."""

    async def send(self, letter: Letter) -> Receipt:
        settings = self._line.account.settings
        form = {"access_token": token_of(self._line), **render(letter, settings)}
        await post(self._line, settings.api_url + _REPLY, form, letter.attempt, settings.window_codes)
        return Receipt()


def token_of(line: Line) -> str:
    token: str = line.account.secrets.access_token
    if not token:
        raise SendFailed(ErrorClass.AUTH, "没有填写 access_token / there is no access token")
    return token


async def post(
    line: Line, url: str, form: dict[str, str], attempt: int, window_codes: Collection[str] = ()
) -> Response:
    """Raises SendFailed."""
    answer = await call(
        line, "POST", url, headers=_FORM, content=urlencode(form).encode(), attempt=attempt,
        timeout=line.account.settings.timeout,
    )  # fmt: skip
    wrong = refusal(understood(answer, WeiboError, attempt=attempt), attempt, window_codes)
    if isinstance(wrong, TokenRefused):  # it lives a year and cannot be asked for: somebody has to put in another
        raise SendFailed(ErrorClass.AUTH, wrong.message)
    if wrong is not None:
        raise wrong
    return answer


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """A file somebody sent. Raises MediaGone, or another DomainError when it may be had later."""
    settings = line.account.settings
    query = urlencode({"access_token": token_of(line), "fid": ref.get("fid", "")})
    answer = await line.http.request("GET", f"{settings.upload_url}{_FILE}?{query}", timeout=settings.timeout)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if answer.status in _GONE:
        raise MediaGone(f"HTTP {answer.status}")
    if kind in ("application/json", "text/html", "text/plain"):
        raise _not_a_file(answer)
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, type=kind)


def _not_a_file(answer: Response) -> DomainError:
    try:
        wrong = msgspec.json.decode(answer.content, type=WeiboError)
    except (msgspec.DecodeError, UnicodeError):
        return HttpFailed("the answer is no file", sent=True)
    if wrong.code in (10008, 10016, 10017) or str(wrong.code).startswith("201"):
        return MediaGone(f"{wrong.code} {wrong.error[:120]}")
    return HttpFailed(f"{wrong.code} {wrong.error[:120]}", sent=True)


class Person(msgspec.Struct, frozen=True):
    """What Weibo tells of who wrote to the account."""

    nickname: str = ""
    follow: int = 0
    headimgurl: str = ""


async def person(line: Line, uid: str) -> Person:
    """Raises SendFailed."""
    settings = line.account.settings
    query = urlencode({"access_token": token_of(line), "uid": uid})
    url = f"{settings.api_url}{_WHO}?{query}"
    answer = await call(line, "GET", url, attempt=1, timeout=settings.timeout, repeatable=True)
    wrong = refusal(understood(answer, WeiboError, attempt=1, repeatable=True), 1)
    if wrong is not None:
        raise wrong
    return understood(answer, Person, attempt=1, repeatable=True)


async def enrich(line: Line, addresses: Sequence[str]) -> dict[str, list[Identifier]]:
    """What people call themselves: a push names nobody. Raises SendFailed and TokenRefused."""
    names: dict[str, list[Identifier]] = {}
    for uid in addresses:
        try:
            found = await person(line, uid)
        except SendFailed as failure:
            if failure.retry_after is not None or failure.error_class is ErrorClass.AUTH:
                raise
            continue  # he is not to be known: he left, or never followed
        if found.nickname:
            names[uid] = [Identifier("nickname", found.nickname, None)]
    return names
