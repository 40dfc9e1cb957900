"""What an operator may set: the environment over `yizhan.toml`, checked once, frozen.

A key we do not know stops the start: a misspelt setting that is silently ignored costs a night.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from yizhan.foundation.crypto import KeyfileError, Keyring, load_or_make_keys

PREFIX = "YIZHAN_"
DEFAULT_DATA_DIR = "~/.local/share/yizhan"
_CONFIG = "YIZHAN_CONFIG"
_FOR_TESTS = "YIZHAN_TEST_"
_ENV_NAMES = {"data_dir": "YIZHAN_DATA", "blobs_url": "YIZHAN_BLOBS"}  # the others are YIZHAN_<FIELD>


class SettingsError(Exception):
    """Names the key that is wrong and what is allowed there."""

    def __init__(self, key: str, allowed: str) -> None:
        super().__init__(f"{key}: {allowed}")
        self.key = key
        self.allowed = allowed


_Port = Annotated[int, Meta(ge=0, le=65535, description="a port from 0 to 65535, 0 for any free one")]
_Size = Annotated[int, Meta(ge=65536, le=1 << 30, description="bytes, from 65536 to 1073741824")]
_Rate = Annotated[int, Meta(ge=0, description="requests a minute for each client address, 0 for no limit")]
_Processes = Annotated[int, Meta(ge=0, le=64, description="a number of additional processes from 0 to 64")]
_Level = Annotated[
    Literal["debug", "info", "warning", "error"], Meta(description='one of "debug", "info", "warning", "error"')
]
_Switch = Annotated[bool, Meta(description="true or false")]
_Folder = Annotated[str, Meta(min_length=1, description="a folder")]
_File = Annotated[str, Meta(min_length=1, description="a file")]
_Host = Annotated[str, Meta(min_length=1, description="an address to listen on, such as 127.0.0.1 or 0.0.0.0")]
_Database = Annotated[str, Meta(pattern="^postgres(ql)?://", description="a URL as postgresql://user@host/name")]
_Bus = Annotated[
    str, Meta(pattern="^(local$|postgres$|(nats|tls)://.)", description='"local", "postgres" or a URL as nats://host')
]
_Blobs = Annotated[str, Meta(pattern="^(file|s3)://.", description="a URL as file:///folder or s3://bucket/path")]
_Url = Annotated[str, Meta(pattern=r"^https?://[^\s/]+[^\s]*$", description="a URL as https://help.example.com")]
_Hosts = Annotated[tuple[str, ...], Meta(description="host names, addresses or networks such as 10.0.0.0/8")]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of `yizhan.toml`, in the form an operator writes them."""

    data_dir: _Folder = DEFAULT_DATA_DIR
    keys_file: _File | None = None
    database_url: _Database | None = None
    host: _Host = "127.0.0.1"
    port: _Port = 8000
    public_url: _Url | None = None
    secure_cookies: _Switch | None = None
    bus_url: _Bus | None = None
    blobs_url: _Blobs | None = None
    spool: _Folder | None = None
    log_level: _Level = "info"
    log_json: _Switch = False
    demo: _Switch = False
    allow_hosts: _Hosts = ()
    dns_servers: _Hosts = ()
    max_body_bytes: _Size = 26214400
    rate_limit: _Rate = 600
    web: _Processes = 0
    simulator_port: _Port = 8010


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Complete: what was not written is filled in. Never log it whole, URLs may carry passwords."""

    data_dir: Path
    keys: Keyring
    keys_file: Path
    """Where `keys` came from, and where a rotation writes the new ring."""
    database_url: str | None
    """None means the embedded server in `data_dir`."""
    host: str
    port: int
    public_url: str
    """Without a slash at the end."""
    secure_cookies: bool
    bus_url: str
    blobs_url: str
    spool: Path
    """Where an MTA leaves mail for us; its user must be able to write there, which `data_dir` does not allow."""
    log_level: Literal["debug", "info", "warning", "error"]
    log_json: bool
    demo: bool
    allow_hosts: tuple[str, ...]
    """Private hosts that we may fetch from all the same."""
    dns_servers: tuple[str, ...]
    """Whom to ask for names when a sender is proved, as 127.0.0.1 or 127.0.0.1:5353; empty means the machine's own."""
    max_body_bytes: int
    rate_limit: int
    """Requests a minute for each client address, 0 for no limit."""
    web: int
    """Web processes beside the main one."""
    simulator_port: int = 8010
    """Where `yizhan simulator` listens."""

    @property
    def callable_hosts(self) -> tuple[str, ...]:
        """Private hosts that are called all the same: of itself a demo speaks to the simulated vendors alone."""
        return (*self.allow_hosts, self.simulator) if self.demo else self.allow_hosts

    @property
    def simulator(self) -> str:
        return f"127.0.0.1:{self.simulator_port}"

    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r}, public_url={self.public_url!r})"


def load_settings(
    env: Mapping[str, str] = os.environ, config: Path | None = None, *, new_keys: bool = True
) -> Settings:
    """Reads, checks and completes the settings; makes the data folder and its keys at the first start.

    Without `new_keys` they must be there: one of several nodes opens what the others sealed.
    """
    from_env = _read_env(env)
    file = config or _config_file(env, from_env)
    from_file = _read_file(file) if file else {}
    written = msgspec.convert({**from_file, **from_env}, Written)
    data_dir = Path(written.data_dir).expanduser().absolute()
    file = _keys_file(written, data_dir)
    return _complete(written, data_dir, file, _keys(file, data_dir, new_keys))


def env_name(field: str) -> str:
    """The environment variable that sets a field."""
    return _ENV_NAMES.get(field, PREFIX + field.upper())


def _read_env(env: Mapping[str, str]) -> dict[str, object]:
    fields = {env_name(field): field for field in Written.__struct_fields__}
    named = [name for name in env if name.startswith(PREFIX) and not name.startswith(_FOR_TESTS) and name != _CONFIG]
    for name in named:
        if name not in fields:
            raise SettingsError(name, _unknown(name, [*fields, _CONFIG]))
    # Empty means not set: compose files and unit files pass on variables that nobody filled.
    return {fields[n]: _checked(n, fields[n], _split(fields[n], env[n])) for n in named if env[n].strip()}


def _config_file(env: Mapping[str, str], from_env: Mapping[str, object]) -> Path | None:
    if named := env.get(_CONFIG):
        return Path(named).expanduser()
    usual = Path(str(from_env.get("data_dir", DEFAULT_DATA_DIR))).expanduser() / "yizhan.toml"
    return usual if usual.is_file() else None


def _read_file(file: Path) -> dict[str, object]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as refusal:
        raise SettingsError(str(file), f"cannot be read ({refusal.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(str(file), f"is not TOML ({wrong})") from None
    for key in content:
        if key not in Written.__struct_fields__:
            raise SettingsError(f"{file.name}: {key}", _unknown(key, Written.__struct_fields__))
    return {key: _checked(f"{file.name}: {key}", key, value) for key, value in content.items()}


def _split(field: str, value: str) -> object:
    """The environment has no lists: commas separate."""
    if field not in ("allow_hosts", "dns_servers"):
        return value.strip()
    return [part.strip() for part in value.split(",") if part.strip()]


def _checked(shown: str, field: str, value: object) -> object:
    kind = _KINDS[field]
    try:
        # Only text is read leniently ("8000" from the environment); TOML has types of its own.
        return msgspec.convert(value, kind, strict=not isinstance(value, str))
    except msgspec.ValidationError:
        raise SettingsError(shown, f"must be {_allowed(kind)}") from None


def _allowed(kind: Any) -> str:
    for part in (kind, *getattr(kind, "__args__", ())):
        for meta in getattr(part, "__metadata__", ()):
            return str(meta.description)
    raise TypeError(f"{kind} has no description")


def _unknown(key: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"is not a setting; {meant}The settings are {', '.join(sorted(known))}"


def _keys_file(written: Written, data_dir: Path) -> Path:
    return Path(written.keys_file).expanduser().absolute() if written.keys_file else data_dir / "keys.toml"


def _keys(file: Path, data_dir: Path, new_keys: bool) -> Keyring:
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists() and any(data_dir.glob("*/PG_VERSION")):
            raise SettingsError("keys_file", f"{file} is missing, but there is a database sealed with it: restore it")
        if not file.exists() and not new_keys:
            raise SettingsError("keys_file", f"{file} is missing: copy the one that all nodes of this database share")
        return load_or_make_keys(file)
    except OSError as refusal:
        raise SettingsError("data_dir", f"{refusal.filename} cannot be used ({refusal.strerror})") from None
    except KeyfileError as wrong:
        raise SettingsError("keys_file", str(wrong)) from None


def _complete(written: Written, data_dir: Path, file: Path, keys: Keyring) -> Settings:
    public_url = (written.public_url or f"http://{_reachable(written.host)}:{written.port}").rstrip("/")
    secure = public_url.startswith("https://") if written.secure_cookies is None else written.secure_cookies
    return Settings(
        data_dir=data_dir,
        keys=keys,
        keys_file=file,
        database_url=written.database_url,
        host=written.host,
        port=written.port,
        public_url=public_url,
        secure_cookies=secure,
        bus_url=_bus(written),
        blobs_url=written.blobs_url or (data_dir / "blobs").as_uri(),
        spool=Path(written.spool).expanduser().absolute() if written.spool else data_dir / "spool" / "mail",
        log_level=written.log_level,
        log_json=written.log_json,
        demo=written.demo,
        allow_hosts=written.allow_hosts,
        dns_servers=written.dns_servers,
        max_body_bytes=written.max_body_bytes,
        rate_limit=written.rate_limit,
        web=written.web,
        simulator_port=written.simulator_port,
    )


def _bus(written: Written) -> str:
    if written.bus_url == "local" and written.web:
        raise SettingsError("bus_url", f'must be "postgres" or a URL as nats://host with {written.web} web processes')
    return written.bus_url or ("postgres" if written.web or written.database_url else "local")


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


_KINDS: dict[str, Any] = get_type_hints(Written, include_extras=True)
