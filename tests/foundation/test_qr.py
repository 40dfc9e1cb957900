"""The picture of a code, square by square as another encoder draws it."""

from __future__ import annotations

import pytest

from yizhan.foundation.qr import MOST_CHARS, path_of, squares

KNOWN = (
    "111111100110101111111",
    "100000101111001000001",
    "101110100100001011101",
    "101110100010101011101",
    "101110101011101011101",
    "100000100011001000001",
    "111111101010101111111",
    "000000000110000000000",
    "101010100000100010010",
    "110001001001011110000",
    "000000110101001011010",
    "001101000101100011100",
    "001001101011000111001",
    "000000001010000110111",
    "111111100100101100110",
    "100000100010011101011",
    "101110101110101000111",
    "101110100001010001110",
    "101110101111001111001",
    "100000100111110100111",
    "111111101011001110101",
)  # of YZM0123456789: version 1, level M, mask 0


def test_it_is_drawn_as_the_standard_says() -> None:
    assert squares("YZM0123456789") == list(KNOWN)
    assert len(squares("A" * MOST_CHARS)) == len(KNOWN)


def test_a_path_has_the_light_edge_that_readers_need() -> None:
    assert path_of("YZM0123456789").startswith("M4 4h7v1h-7z")


@pytest.mark.parametrize("text", ["", "abc", "A" * (MOST_CHARS + 1)])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="capitals and digits"):
        squares(text)
