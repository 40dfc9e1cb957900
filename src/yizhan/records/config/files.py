"""Configuration as files, one document each: `<kind>/<name>.json`, written so that version control shows edits well."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from yizhan.foundation.errors import Invalid
from yizhan.records.config.model import Body, Document, Written
from yizhan.records.config.policy import check_name


def write_files(folder: Path, documents: Iterable[Document]) -> list[Path]:
    """Writes the documents and leaves other files alone."""
    paths = []
    for document in documents:
        if document.body is None:
            continue
        path = folder / document.kind / f"{document.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(document.body), indent=2) + b"\n")
        paths.append(path)
    return paths


def read_files(folder: Path) -> list[Written]:
    """Every document under the folder, by kind and name. Raises Invalid with the file that is wrong."""
    return [_read(path, path.relative_to(folder).as_posix()) for path in sorted(folder.glob("*/*.json"))]


def _read(path: Path, shown: str) -> Written:
    try:
        check_name(path.stem)
        return Written(path.parent.name, path.stem, msgspec.json.decode(path.read_bytes(), type=Body))
    except (msgspec.DecodeError, UnicodeDecodeError, Invalid) as wrong:
        raise Invalid(f"{shown}: {wrong}", shown) from None
