"""A QR code of up to twenty capitals and digits: ISO/IEC 18004, version 1, level M: a seventh may be lost. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_CHARS = 20
SIDE = 21
_EDGE = 4
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_DATA, _MENDING = 16, 10  # codewords
_FIELD = 0x11D
_FORMAT = "101010000010010"  # level M, mask 0, with its own check bits


def squares(text: str) -> list[str]:
    """The rows of the picture from above, `1` for a dark square; whoever draws it leaves four light ones around."""
    if not 0 < len(text) <= MOST_CHARS or set(text) - set(_ALPHABET):
        raise ValueError(f"1 to {MOST_CHARS} capitals and digits")
    data = _codewords(text)
    grid = _frame()
    bits = (word >> shift & 1 for word in [*data, *_remainder(data)] for shift in range(7, -1, -1))
    for row, column in _path(grid):
        grid[row][column] = next(bits) ^ ((row + column) % 2 == 0)
    return ["".join(str(int(bool(square))) for square in row) for row in grid]


def path_of(text: str) -> str:
    """The same as the path of an SVG whose view box is 29 wide: the light edge is in it."""
    runs = []
    for y, row in enumerate(squares(text), _EDGE):
        runs += [f"M{run.start() + _EDGE} {y}h{len(run[0])}v1h-{len(run[0])}z" for run in re.finditer("1+", row)]
    return "".join(runs)


def _codewords(text: str) -> list[int]:
    values = [_ALPHABET.index(each) for each in text]
    bits = f"0010{len(values):09b}"
    for at in range(0, len(values) - 1, 2):
        bits += f"{values[at] * 45 + values[at + 1]:011b}"
    if len(values) % 2:
        bits += f"{values[-1]:06b}"
    bits += "0" * min(4, _DATA * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return words + [(0xEC, 0x11)[each % 2] for each in range(_DATA - len(words))]


def _remainder(data: list[int]) -> list[int]:
    """The check words of Reed and Solomon."""
    divisor = [1]
    for power in range(_MENDING):
        root = _power(power)
        divisor = [
            _times(here, root) ^ below for here, below in zip([0, *divisor], [*divisor, 0], strict=True)
        ]  # fmt: skip
    left = [*data, *([0] * _MENDING)]
    for at in range(_DATA):
        lead = left[at]
        for step, factor in enumerate(divisor):
            left[at + step] ^= _times(lead, factor)
    return left[_DATA:]


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (_FIELD if one & 0x80 else 0)
        other >>= 1
    return product


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _frame() -> list[list[int | None]]:
    """Everything that is the same in each: corners, the dotted lines, and the format."""
    grid: list[list[int | None]] = [[None] * SIDE for _ in range(SIDE)]
    for top, left in ((0, 0), (0, SIDE - 7), (SIDE - 7, 0)):
        _corner(grid, top, left)
    for at in range(8, SIDE - 8):
        grid[6][at] = grid[at][6] = 1 - at % 2
    beside = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    across = [(SIDE - 1 - r, 8) for r in range(7)] + [(8, SIDE - 8 + c) for c in range(8)]
    for places in (beside, across):
        for (row, column), bit in zip(places, _FORMAT, strict=True):
            grid[row][column] = int(bit)
    grid[SIDE - 8][8] = 1
    return grid


def _corner(grid: list[list[int | None]], top: int, left: int) -> None:
    for row in range(top - 1, top + 8):
        for column in range(left - 1, left + 8):
            if 0 <= row < SIDE and 0 <= column < SIDE:
                ring = max(abs(row - top - 3), abs(column - left - 3))
                grid[row][column] = int(ring in (0, 1, 3))


def _path(grid: list[list[int | None]]) -> Iterator[tuple[int, int]]:
    """Where the bits go: up and down in pairs of columns from the right, around what is taken."""
    free = [[square is None for square in row] for row in grid]
    upwards = True
    for right in (*range(SIDE - 1, 6, -2), *range(5, 0, -2)):
        for step in range(SIDE):
            row = SIDE - 1 - step if upwards else step
            for column in (right, right - 1):
                if free[row][column]:
                    yield row, column
        upwards = not upwards
