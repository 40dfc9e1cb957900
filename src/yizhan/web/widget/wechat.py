"""Inside WeChat: a mini-program's user signs in with `wx.login`, and a page gets its signature for the JS-SDK.

What he is by his log-in there is joined to what he is as a customer: the address by which he writes to 小程序客服, and
the UnionID that his 公众号 knows him by. His session key is kept sealed for three days and never leaves the server.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import QueryParameter
from msgspec import Meta

from yizhan.channels.webchat import origin_allowed
from yizhan.channels.wechat import (
    LoggedIn,
    WeChatPage,
    WeChatProfile,
    WeChatUnready,
    ensure_signed,
    log_in,
    phone_behind,
    phone_of,
    signed_page,
    unsealed,
)
from yizhan.desk.channels import Line, SignatureRefused
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, DomainError, Forbidden, RateLimited
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import clean
from yizhan.records import contacts, inboxes
from yizhan.records.contacts import Identifier, Identity, Newcomer, Pair
from yizhan.web.given import FromPath, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget import passes
from yizhan.web.widget.door import Door, Guest, bearer_guest, guest_of, open_door
from yizhan.web.widget.passes import Pass
from yizhan.web.widget.saying import known_identity

log = get_logger(__name__)

_KEY_KEPT = timedelta(days=3)
_OLDEST_SECONDS = 600  # of what a page hands over sealed
_MARK = "wechat:"
_Code = Annotated[str, Meta(max_length=200)]
_Sealed = Annotated[str, Meta(max_length=20_000)]


class WeChatSignIn(msgspec.Struct, frozen=True):
    """What the page got from WeChat, as it got it: `code` of `wx.login`; `raw_data`, `signature`, `encrypted_data` and
    `iv` of a profile or a phone number; `phone_code` of a button with `open-type="getPhoneNumber"`. Without `code` he
    has signed in before."""

    code: _Code = ""
    raw_data: _Sealed = ""
    signature: _Code = ""
    encrypted_data: _Sealed = ""
    iv: _Code = ""
    phone_code: _Code = ""


class WeChatGuest(msgspec.Struct, frozen=True):
    """`id` and `token` are to be given to the next session. `phone` is masked; empty where none was proved."""

    id: str
    token: str
    expires: datetime
    name: str
    phone: str


@post("/widget/{key:str}/wechat", opt=PUBLIC, status_code=200)
async def sign_in_with_wechat(
    key: FromPath[str], data: JSONBody[WeChatSignIn], request: AnyRequest, services: GivenServices
) -> WeChatGuest:
    guest = await bearer_guest(services, request, key)
    _ensure_slow(services, request.client.host if request.client else "", guest)
    line = await _line(services, guest.door, guest.door.settings.wechat_mini, "a mini-program")
    now = services.clock.now()
    who = await _who(services, line, guest, data.code)
    profile = _profile(data, who, now)
    phone = await _phone(line, guest.door, data, profile)
    signed = guest_of(services, guest.door, _pass_of(guest, who, profile))
    async with services.db.transaction() as tx:
        identity = await known_identity(tx, services, signed, now)
        if identity is None:
            raise Conflict("another page signed in at the same moment; try again")
        await _join(tx, services, identity, who, profile, now)
        if phone:
            await contacts.prove_identifier(
                tx, services.vault, identity.contact_id, "phone", phone, how="wechat",
                actor=f"customer:{identity.contact_id}", now=now,
            )  # fmt: skip
    token, expires = passes.issue(services.signer, guest.inbox_id, signed.who, now)
    return WeChatGuest(signed.who.value, token, expires, signed.who.name, phone and contacts.mask("phone", phone))


@get("/widget/{key:str}/wechat/page", opt=PUBLIC)
async def sign_wechat_page(
    key: FromPath[str], request: AnyRequest, services: GivenServices,
    url: Annotated[str, QueryParameter(max_length=2_000)],
) -> WeChatPage:  # fmt: skip
    """What `wx.config` wants, for a page on a host of the house: one named in 允许的网站, or our own."""
    door = await open_door(services, request, key)
    _ensure_slow(services, request.client.host if request.client else "")
    _ensure_ours(services, door, url)
    line = await _line(services, door, door.settings.wechat_mp, "an Official Account")
    try:
        return await signed_page(line, url, nonce=secrets.token_hex(8), now=services.clock.now())
    except DomainError as wrong:
        raise _unready(line, wrong) from None


def _ensure_slow(services: Services, peer: str, guest: Guest | None = None) -> None:
    wait = services.widgets.sessions.take(peer)
    if guest is not None:
        wait = wait or services.widgets.messages.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)


def _ensure_ours(services: Services, door: Door, url: str) -> None:
    try:
        said = urlsplit(url)
    except ValueError:
        said = urlsplit("")
    own = said.netloc == urlsplit(services.settings.public_url).netloc
    listed = bool(door.settings.allowed_origins) and origin_allowed(door.settings, url)
    if said.scheme not in ("https", "http") or not (own or listed):
        raise Forbidden("this page is on no host of the house; name it among the sites of the inbox")


async def _line(services: Services, door: Door, inbox_id: str, what: str) -> Line:
    """Of the account that is set beside this inbox."""
    if not inbox_id or services.channels is None:
        raise Conflict(f"no one has connected {what} with this inbox")
    async with services.db.read() as tx:
        inbox = await inboxes.inbox(tx, services.vault, UUID(inbox_id))
    if not inbox.enabled:
        raise Conflict(f"{what} is connected with this inbox, but switched off")
    return await services.channels.line(inbox)


async def _who(services: Services, line: Line, guest: Guest, code: str) -> LoggedIn:
    """Exchanged with WeChat now, or known from the log-in before, then perhaps without the key of that."""
    assert services.channels is not None
    tokens, inbox_id = services.channels.tokens, line.account.inbox_id
    if code:
        try:
            who = await log_in(line, code)
        except WeChatUnready as wrong:
            raise _unready(line, wrong) from None
        await tokens.keep(inbox_id, _key_name(services, who), who.session_key, _KEY_KEPT)
        return who
    appid, _, openid = guest.who.value.removeprefix(_MARK).partition(":")
    if not guest.who.value.startswith(_MARK) or guest.who.kind != "user" or appid != line.account.settings.appid:
        raise Conflict("sign in with a code of wx.login first")
    known = LoggedIn(appid, openid, "")
    return msgspec.structs.replace(known, session_key=await tokens.kept(inbox_id, _key_name(services, known)) or "")


def _key_name(services: Services, who: LoggedIn) -> str:
    return f"session:{services.vault.blind('openid', who.sender.value).hex()}"


def _unready(line: Line, wrong: DomainError) -> WeChatUnready:
    """The reason is for the administrator: it stands in the log and in the test of that inbox."""
    log.warning("wechat.not_asked", inbox=line.account.key, error=wrong.message)
    return WeChatUnready("WeChat could not be asked")


def _profile(data: WeChatSignIn, who: LoggedIn, now: datetime) -> WeChatProfile | None:
    """What the page handed over, once WeChat's signature and seal hold."""
    if (data.raw_data or data.encrypted_data) and not who.session_key:
        raise Conflict("the log-in is over; call wx.login again and send its code along")
    if data.raw_data:
        ensure_signed(data.raw_data, data.signature, who.session_key)
    if not data.encrypted_data:
        return None
    sealed = unsealed(data.encrypted_data, data.iv, who.session_key, appid=who.appid, now=now, seconds=_OLDEST_SECONDS)
    if sealed.open_id not in ("", who.openid):
        raise SignatureRefused("encryptedData belongs to another user")
    return sealed


async def _phone(line: Line, door: Door, data: WeChatSignIn, profile: WeChatProfile | None) -> str:
    """Normalised; empty where he gave none."""
    given = phone_of(profile) if profile is not None else ""
    if not data.phone_code and not given:
        return ""
    if not door.settings.wechat_phone:
        raise Forbidden("this inbox takes no numbers from WeChat")
    return contacts.normalise("phone", await phone_behind(line, data.phone_code) if data.phone_code else given)


def _pass_of(guest: Guest, who: LoggedIn, profile: WeChatProfile | None) -> Pass:
    """Whom the site itself has signed in stays who he is; his WeChat is joined to him all the same."""
    if guest.who.kind == "user" and not guest.who.value.startswith(_MARK):
        return guest.who
    said = clean(profile.nick_name).strip()[:80] if profile is not None else ""
    before = guest.who.value if guest.who.kind == "visitor" else guest.who.before
    return Pass("user", f"{_MARK}{who.sender.value}", said or guest.who.name or who.name, before)


async def _join(
    tx: Tx, services: Services, identity: Identity, who: LoggedIn, profile: WeChatProfile | None, now: datetime
) -> None:
    """The address of the mini-program's own chat and the UnionID are his. What somebody took apart stays apart."""
    union = who.unionid or (profile.union_id if profile is not None else "")
    given = [Identifier("openid", who.sender.value, now), *([Identifier("unionid", union, now)] if union else [])]
    row = [contacts.keyed(services.vault, each) for each in given]
    (reached,) = await contacts.reach(
        tx, services.vault, [row], now=now, by="system", drawn=lambda _, __, ___: Newcomer(who.name),
        channel="wechat_mini",
    )  # fmt: skip
    if reached.contact_id != identity.contact_id:
        evidence = {"kind": "sign_in", "inbox": str(identity.inbox_id or "")}
        await contacts.join(tx, [Pair(identity.contact_id, reached.contact_id, evidence)], now=now, by="system")


routes = (sign_in_with_wechat, sign_wechat_page)
