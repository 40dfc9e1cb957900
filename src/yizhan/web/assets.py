"""Built files read once and kept, with their gzip form: a few megabytes in all, so that no disk is asked twice."""

import gzip
import mimetypes
from hashlib import sha256
from pathlib import Path

import msgspec

_COMPRESSED = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")
_WORTH_IT = 1024
_KEPT = 500


class Asset(msgspec.Struct, frozen=True):
    content: bytes
    zipped: bytes | None
    kind: str
    tag: str


class Assets:
    """The files under one folder. A file that changed on disk is read again, which only happens in development."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._kept: dict[str, tuple[int, Asset]] = {}

    def find(self, name: str) -> Asset | None:
        """None for what is not there, and for every path that leads outside the folder."""
        if "\0" in name:
            return None
        path = (self._folder / name.lstrip("/")).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            return None
        changed = path.stat().st_mtime_ns
        kept = self._kept.get(name)
        if kept is not None and kept[0] == changed:
            return kept[1]
        asset = _read(path)
        if len(self._kept) < _KEPT:
            self._kept[name] = (changed, asset)
        return asset


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    kind = _kind(path)
    zipped = gzip.compress(content, 6, mtime=0) if len(content) >= _WORTH_IT and kind.startswith(_COMPRESSED) else None
    return Asset(content, zipped, kind, f'"{sha256(content).hexdigest()[:32]}"')


def _kind(path: Path) -> str:
    """Not left to the machine's own table, which maps .js to text/plain on some."""
    known = {
        ".js": "application/javascript",
        ".mjs": "application/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".json": "application/json",
        ".webmanifest": "application/manifest+json",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }
    return known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
