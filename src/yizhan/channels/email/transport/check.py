"""The wizard's test button: each step by name, with what to do when it fails."""

import asyncio

import msgspec

from yizhan.channels.email.settings import NEEDS_CODE, Auth, MailSecret, MailSettings, Protocol, Security, is_of
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError
from yizhan.channels.email.transport.imap import ImapSession
from yizhan.channels.email.transport.pop import PopSession
from yizhan.channels.email.transport.send import SmtpSender


class CheckResult(msgspec.Struct, frozen=True):
    """`name` is stable: incoming.connect, .login, .folder, .push, outgoing.login. Hints are empty when ok."""

    name: str
    ok: bool
    detail: str = ""
    hint_zh: str = ""
    hint_en: str = ""


_HINTS: dict[str, tuple[str, str]] = {
    "code": (
        "该邮箱须用授权码登录：请在网页邮箱的设置中开启 IMAP/SMTP 服务并生成授权码，填在密码处。",
        "This provider wants an authorisation code: enable IMAP/SMTP in its web settings and use the code as password.",
    ),
    "oauth": (
        "服务商不再接受密码登录，请改用 OAuth 重新授权。",
        "The provider no longer accepts passwords: authorise again with OAuth.",
    ),
    ErrorClass.AUTH: ("用户名或密码被拒绝，请核对。", "User name or password was refused: please check them."),
    ErrorClass.PERMISSION: (
        "服务器证书无效或文件夹不可读，请检查主机名、证书与文件夹名称。",
        "The certificate is not valid or the folder cannot be read: check host name, certificate and folder.",
    ),
    ErrorClass.TRANSIENT: (
        "连接不上服务器，请检查主机名、端口、加密方式与防火墙。",
        "The server cannot be reached: check host, port, encryption and firewall.",
    ),
    ErrorClass.THROTTLE: ("服务器暂时限制登录，请稍后再试。", "The server limits log-ins now: try again later."),
    ErrorClass.BAD_REQUEST: ("设置不完整，请填写服务器地址。", "The settings are incomplete: fill in the server."),
    "poll": (
        "服务器不支持即时推送，将定时收取新邮件。",
        "The server has no push: new mail is fetched at intervals.",
    ),
    "plain": (
        "连接未加密，密码会以明文传输，只应在内网使用。",
        "The connection is not encrypted: passwords travel in clear. Use it only inside your own network.",
    ),
}


async def check_connection(settings: MailSettings, secret: MailSecret) -> list[CheckResult]:
    """All steps that could be tried, in order; a failed one ends its direction."""
    results: list[CheckResult] = []
    if settings.protocol is Protocol.IMAP:
        results += await asyncio.to_thread(_check_imap, settings, secret)
    elif settings.protocol is Protocol.POP3:
        results += await asyncio.to_thread(_check_pop, settings, secret)
    if settings.outgoing is not None:
        async with SmtpSender(settings, secret) as sender:
            refusal = await sender.verify()
        if refusal is None:
            results.append(_passed("outgoing.login", settings.outgoing.security))
        else:
            results.append(_failed("outgoing.login", refusal.error_class, refusal.message, settings))
    return results


def _check_imap(settings: MailSettings, secret: MailSecret) -> list[CheckResult]:
    results: list[CheckResult] = []
    try:
        session = ImapSession(settings, secret)
    except MailServerError as failure:
        return [_failed("incoming.connect", failure.error_class, failure.message, settings)]
    step = "incoming.connect"
    try:
        session.connect()
        results.append(_passed(step, settings.incoming.security if settings.incoming else Security.TLS))
        step = "incoming.login"
        session.login()
        results.append(CheckResult(step, True))
        step = "incoming.folder"
        folder = session.select()
        results.append(CheckResult(step, True, f"UIDNEXT {folder.uidnext}"))
        if session.can_idle:
            results.append(CheckResult("incoming.push", True, "IDLE"))
        else:
            results.append(CheckResult("incoming.push", True, "poll", *_HINTS["poll"]))
    except MailServerError as failure:
        results.append(_failed(step, failure.error_class, failure.message, settings))
    finally:
        session.close()
    return results


def _check_pop(settings: MailSettings, secret: MailSecret) -> list[CheckResult]:
    session = PopSession(settings, secret)
    try:
        present = session.open()
    except MailServerError as failure:
        step = "incoming.login" if failure.error_class is ErrorClass.AUTH else "incoming.connect"
        return [_failed(step, failure.error_class, failure.message, settings)]
    finally:
        session.close()
    return [
        CheckResult("incoming.login", True),
        CheckResult("incoming.folder", True, f"{len(present)} mails"),
        CheckResult("incoming.push", True, "poll", *_HINTS["poll"]),
    ]


def _passed(name: str, security: Security) -> CheckResult:
    return CheckResult(name, True, "plain", *_HINTS["plain"]) if security is Security.NONE else CheckResult(name, True)


def _failed(name: str, error_class: ErrorClass, detail: str, settings: MailSettings) -> CheckResult:
    hosts = [server.host for server in (settings.incoming, settings.outgoing) if server is not None]
    kind: str = error_class
    if error_class is ErrorClass.AUTH and settings.auth is Auth.PASSWORD:
        if any(is_of(host, NEEDS_CODE) for host in hosts):
            kind = "code"
        elif "5.7.30" in detail or any(is_of(host, ("office365.com", "outlook.com")) for host in hosts):
            kind = "oauth"
    return CheckResult(name, False, detail, *_HINTS.get(kind, _HINTS[ErrorClass.TRANSIENT]))
