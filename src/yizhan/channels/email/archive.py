"""Old mail from files: mbox (also mboxrd) and Maildir, read as streams so that size does not matter."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

# The separator has a date; a line of prose that begins with "From " has not.
_SEPARATOR = re.compile(rb"^From \S.{0,300}\d{4}.{0,20}$")
_QUOTED = re.compile(rb"^>(>*From )")


class ArchivedMail(msgspec.Struct, frozen=True):
    """`raw` is None when the mail is over the limit; `position` is where a resumed reading goes on."""

    raw: bytes | None
    position: str
    size: int


def read_mbox(file: Path, limit: int, position: str = "") -> Iterator[ArchivedMail]:
    """Mails from the byte offset `position` on."""
    with file.open("rb") as lines:
        lines.seek(int(position or 0))
        kept: list[bytes] = []
        size = 0
        begun = blank = False
        while line := lines.readline(1024 * 1024):
            if (blank or not begun) and _SEPARATOR.match(line.rstrip(b"\r\n")):
                if begun:
                    yield _mail(kept, size, limit, lines.tell() - len(line))
                kept, size, begun, blank = [], 0, True, False
                continue
            if not begun:
                continue
            blank = line in (b"\n", b"\r\n")
            size += len(line)
            if size <= limit:
                kept.append(_QUOTED.sub(rb"\1", line))
        if begun:
            yield _mail(kept, size, limit, lines.tell())


def _mail(kept: list[bytes], size: int, limit: int, end: int) -> ArchivedMail:
    if kept and kept[-1] in (b"\n", b"\r\n") and size <= limit:
        kept.pop()  # the blank line before the next separator is the archive's, not the mail's
    return ArchivedMail(b"".join(kept) if size <= limit else None, str(end), size)


def read_maildir(folder: Path, limit: int, position: str = "") -> Iterator[ArchivedMail]:
    """Mails of `new` and `cur` in the order of their names, those after `position`."""
    found = {path.name: path for name in ("cur", "new") for path in (folder / name).glob("*") if path.is_file()}
    for name in sorted(found, key=_without_flags):
        if _without_flags(name) <= position:
            continue
        size = found[name].stat().st_size
        yield ArchivedMail(found[name].read_bytes() if size <= limit else None, _without_flags(name), size)


def _without_flags(name: str) -> str:
    """Flags after the colon change when somebody reads the mail."""
    return name.partition(":")[0]
