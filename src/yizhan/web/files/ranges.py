"""Part of a file, as players ask for it. Pure."""

import re

_ONE = re.compile(r"bytes=(\d*)-(\d*)")


class Unsatisfiable(ValueError):  # noqa: N818 - a word of HTTP
    """The part lies outside the file."""


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last position, both within; None for the whole, also when several parts are asked for."""
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
    if first > last:
        raise Unsatisfiable(header)
    return first, last
