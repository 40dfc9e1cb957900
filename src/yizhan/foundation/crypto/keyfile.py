"""The keys on disk: one TOML file that only its owner may read. Losing it loses everything sealed."""

import contextlib
import os
import secrets
import tomllib
from pathlib import Path

import msgspec

from yizhan.foundation.crypto.keyring import Keyring, new_keyring

_COMMENT = """\
# The keys of this installation. Back this file up apart from the database: without it nothing sealed can be read.
# Only its owner may read it. Every node of one installation needs the same file.
"""


class KeyfileError(Exception):
    """The key file cannot be trusted or understood. The message never holds key material."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    current: int
    blind: str
    signing: str
    master: dict[int, str]


def load_keys(path: Path) -> Keyring:
    """The ring in the file."""
    _ensure_private(path)
    try:
        written = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Written, strict=False)
        master = {number: bytes.fromhex(key) for number, key in written.master.items()}
        return Keyring(master, written.current, bytes.fromhex(written.blind), bytes.fromhex(written.signing))
    except msgspec.ValidationError as wrong:
        raise KeyfileError(f"{path}: {wrong}") from None
    except (ValueError, tomllib.TOMLDecodeError):
        raise KeyfileError(f"{path}: keys are written as 64 hexadecimal digits, see a fresh keys.toml") from None


def load_or_make_keys(path: Path) -> Keyring:
    """The ring in the file, made at the first start. Two processes starting at once end with one ring."""
    if not path.exists():
        written = _write_beside(path, new_keyring())
        with contextlib.suppress(FileExistsError):  # another process was first: its ring counts
            os.link(written, path)
        written.unlink()
        _sync_folder(path.parent)
    return load_keys(path)


def replace_keys(path: Path, ring: Keyring) -> None:
    """Writes the ring in one step: a crash leaves the old file or the new one."""
    os.replace(_write_beside(path, ring), path)
    _sync_folder(path.parent)


def _ensure_private(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KeyfileError(f"{path} can be read by others: chmod 600 it")


def _write_beside(path: Path, ring: Keyring) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_as_toml(ring))
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _as_toml(ring: Keyring) -> str:
    masters = "".join(f'{number} = "{key.hex()}"\n' for number, key in sorted(ring.master.items()))
    head = f'current = {ring.current}\nblind = "{ring.blind.hex()}"\nsigning = "{ring.signing.hex()}"\n'
    return f"{_COMMENT}\n{head}\n[master]\n{masters}"
