"""An e-mail inbox as an administrator fills it in: typed, bounded, with the defaults of common providers."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
# Secrets travel there: without TLS only to this machine.
Url = Annotated[
    str,
    msgspec.Meta(max_length=500, pattern=r"^(https://[^\s/]+|http://(127\.0\.0\.1|localhost)(:\d+)?(?=/|$))[^\s]*$"),
]
Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")]
Network = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F.:]{2,45}(/\d{1,3})?$")]
MEBIBYTE = 1024 * 1024


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Auth(StrEnum):
    PASSWORD = "password"  # noqa: S105 - the kind, not a secret
    XOAUTH2 = "xoauth2"


class Grant(StrEnum):
    """How an access token is got: by a person's refresh token, by the application's secret, by a service account."""

    REFRESH = "refresh_token"
    CLIENT = "client_credentials"
    SERVICE_ACCOUNT = "service_account"


class Protocol(StrEnum):
    IMAP = "imap"
    POP3 = "pop3"
    SPOOL = "spool"  # an MTA pipes each mail into `yizhan mail deliver`


class Server(msgspec.Struct, frozen=True):
    """`verify` False accepts any certificate: for a server in one's own house, never by default."""

    host: Host
    port: Port
    security: Security = Security.TLS
    verify: bool = True


class OAuth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The provider's token server, and who we are there. With `authorize_url` a person can grant access by hand."""

    token_url: Url
    client_id: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    scope: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    grant: Grant = Grant.REFRESH
    authorize_url: Url | Literal[""] = ""


class Dkim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Our own signature, where the relay does not sign. Not enabled before its records are published."""

    selector: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$")]
    enabled: bool = False


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mailbox. Times in seconds, sizes in bytes."""

    address: Annotated[str, msgspec.Meta(pattern=r"^[^\s<>@]{1,64}@[^\s<>@]{1,255}$")]
    from_name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    protocol: Protocol = Protocol.IMAP
    incoming: Server | None = None
    outgoing: Server | None = None
    user: str = ""
    auth: Auth = Auth.PASSWORD
    oauth: OAuth | None = None  # with `xoauth2`; without it the access token is the one given as secret
    folder: str = "INBOX"
    done_folder: str = ""  # where fetched mail is moved; empty leaves it
    delete_fetched: bool = False  # POP3 only
    history_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 0  # how far back the first fetch looks
    plus_addressing: bool = True  # some providers (QQ, 163) drop the tag: then replies thread by headers alone
    bounce_address: str = ""  # base of the envelope sender; empty means `address`
    aliases: tuple[str, ...] = ()  # other addresses that reach this mailbox
    authserv_ids: tuple[str, ...] = ()  # whose Authentication-Results are believed: the receiving host's own, no other
    relays: tuple[Network, ...] = ()  # networks of our own mail servers: whoever spoke to them from outside sent it
    arc_sealers: tuple[str, ...] = ()  # forwarders whose word about mail they pass on is taken
    max_bytes: Annotated[int, msgspec.Meta(ge=64 * 1024, le=200 * MEBIBYTE)] = 50 * MEBIBYTE
    poll_seconds: Annotated[int, msgspec.Meta(ge=5, le=3600)] = 60
    dkim: Dkim | None = None
    acknowledge: Annotated[str, msgspec.Meta(max_length=5_000)] = ""  # told once to who writes; empty tells nothing
    attach_bytes: Annotated[int, msgspec.Meta(ge=0, le=50 * MEBIBYTE)] = 15 * MEBIBYTE  # more goes as a signed link
    scanner: Annotated[str, msgspec.Meta(pattern=r"^$|^/[^\s]{1,200}$|^[A-Za-z0-9._-]{1,253}:\d{1,5}$")] = ""  # clamd
    signature: str = ""
    per_minute: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0  # mails the account may send; 0: what its provider
    per_day: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0  # is known to allow

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def own_addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases, *((self.bounce_address,) if self.bounce_address else ()))

    @property
    def own_domains(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.rpartition("@")[2].lower() for one in self.own_addresses))

    @property
    def login(self) -> str:
        return self.user or self.address


class MailSecret(msgspec.Struct, frozen=True):
    """What opens a mailbox, kept sealed by the vault and never printed.

    A password or authorisation code; an access token; or what access tokens are got with.
    """

    password: str = ""
    token: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    service_key: str = ""  # PEM of a service account
    dkim_rsa: str = ""  # PEM
    dkim_ed25519: str = ""  # base64 of the seed

    def __repr__(self) -> str:
        return "MailSecret(…)"


_PROVIDERS: dict[str, tuple[str, str]] = {  # domain -> IMAP host, SMTP host; ports 993 and 465
    "qq.com": ("imap.qq.com", "smtp.qq.com"),
    "foxmail.com": ("imap.qq.com", "smtp.qq.com"),
    "163.com": ("imap.163.com", "smtp.163.com"),
    "126.com": ("imap.126.com", "smtp.126.com"),
    "yeah.net": ("imap.yeah.net", "smtp.yeah.net"),
    "sina.com": ("imap.sina.com", "smtp.sina.com"),
    "aliyun.com": ("imap.aliyun.com", "smtp.aliyun.com"),
    "exmail.qq.com": ("imap.exmail.qq.com", "smtp.exmail.qq.com"),
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com"),
}
NEEDS_ID = ("163.com", "126.com", "yeah.net", "netease.com")  # they refuse SELECT before an ID command
NEEDS_CODE = ("163.com", "126.com", "yeah.net", "qq.com", "foxmail.com")  # an authorisation code, not the password


_MICROSOFT_SCOPES = ("IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send")


def microsoft_oauth(client_id: str, *, tenant: str = "common", app_only: bool = False, china: bool = False) -> OAuth:
    """Microsoft 365, or the one 21Vianet runs in China."""
    login = "https://login.partner.microsoftonline.cn" if china else "https://login.microsoftonline.com"
    host = "https://partner.outlook.cn" if china else "https://outlook.office.com"
    if app_only:
        scope = f"{host if china else 'https://outlook.office365.com'}/.default"
        return OAuth(
            token_url=f"{login}/{tenant}/oauth2/v2.0/token", client_id=client_id, scope=scope, grant=Grant.CLIENT
        )
    return OAuth(
        token_url=f"{login}/{tenant}/oauth2/v2.0/token", authorize_url=f"{login}/{tenant}/oauth2/v2.0/authorize",
        client_id=client_id, scope=" ".join(["offline_access", *(f"{host}/{one}" for one in _MICROSOFT_SCOPES)]),
    )  # fmt: skip


def google_oauth(client_id: str, *, service_account: bool = False) -> OAuth:
    """Gmail by a person's consent, Workspace by a service account (`client_id` is then its address)."""
    return OAuth(
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        authorize_url="" if service_account else "https://accounts.google.com/o/oauth2/v2/auth",
        client_id=client_id, scope="https://mail.google.com/",
        grant=Grant.SERVICE_ACCOUNT if service_account else Grant.REFRESH,
    )  # fmt: skip


def suggest(address: str) -> MailSettings | None:
    """What the wizard fills in for a known provider."""
    domain = address.rpartition("@")[2].lower()
    if domain in ("outlook.com", "hotmail.com", "live.com", "office365.com"):
        return MailSettings(
            address=address,
            incoming=Server("outlook.office365.com", 993),
            outgoing=Server("smtp.office365.com", 587, Security.STARTTLS),
            auth=Auth.XOAUTH2,
        )
    hosts = _PROVIDERS.get(domain)
    if hosts is None:
        return None
    return MailSettings(
        address=address,
        incoming=Server(hosts[0], 993),
        outgoing=Server(hosts[1], 465),
        plus_addressing=domain == "gmail.com",
    )


_ALLOWED: dict[str, tuple[int, int]] = {"office365.com": (30, 10_000), "gmail.com": (0, 2_000)}  # a minute, a day


def allowed(settings: MailSettings) -> tuple[int, int]:
    """Mails a minute and a day, 0 for any number: as set, else as the provider of the outgoing server is known for."""
    host = settings.outgoing.host.lower() if settings.outgoing else ""
    known = next((found for domain, found in _ALLOWED.items() if is_of(host, (domain,))), (0, 0))
    return settings.per_minute or known[0], settings.per_day or known[1]


def is_of(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
