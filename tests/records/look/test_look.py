"""Whatever colour a house chooses, it can be read; a picture is taken for what it is and no other."""

from __future__ import annotations

import random

import pytest

from yizhan.foundation.errors import Invalid
from yizhan.records.look import PLAIN, Look, css_of, ensure_color, ensure_picture, shades_of
from yizhan.records.look.colors import contrast

CHOSEN = ["#000000", "#ffffff", "#ffd400", "#00ff00", "#0000ff", "#0f766e", "#777777", "#1d5bd6"]
TINTS = [f"#{random.Random(7).getrandbits(24 * 40) >> 24 * n & 0xFFFFFF:06x}" for n in range(40)]


@pytest.mark.parametrize("color", CHOSEN + TINTS)
def test_every_colour_can_be_read_in_every_place(color: str) -> None:
    found = shades_of(color)
    for shades, panel, quiet in ((found.light, "#ffffff", "#5a6579"), (found.dark, "#141a23", "#9da8ba")):
        for ground in ("brand", "brand-hover", "nav", "nav-chosen", "glow"):
            assert contrast("#ffffff", shades[ground]) >= 4.5, ground
        assert contrast(shades["bubble-out-dim"], shades["bubble-out"]) >= 4.5
        assert contrast(shades["nav-text"], shades["nav"]) >= 4.5
        assert contrast(shades["nav-chosen"], shades["nav"]) >= 1.3
        assert min(contrast(shades["brand-text"], ground) for ground in (panel, shades["brand-soft"])) >= 4.5
        assert contrast(quiet, shades["chosen"]) >= 4.5
        assert contrast(shades["brand"], panel) >= 3


def test_what_can_be_read_is_left_as_it_was_chosen() -> None:
    assert shades_of("#0f766e").light["brand"] == shades_of("#0f766e").dark["brand"] == "#0f766e"


def test_a_look_is_a_style_sheet_and_none_is_empty() -> None:
    assert css_of(PLAIN) == ""
    worn = css_of(Look("#0f766e", "ab" * 32, 1))
    assert "html:root:not(.contrast){--brand:#0f766e;" in worn
    assert 'url("/app/look/logo?v=abababababababab")' in worn
    assert (ensure_color(" #0F766E "), ensure_color("")) == ("#0f766e", "")
    for wrong in ("teal", "#fff", "#12345g", "#0f766e;}"):
        with pytest.raises(Invalid):
            ensure_color(wrong)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\0" * 40


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\0\x11\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\0" * 20
    return b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 10 + frame


def test_pictures_are_known_by_their_content() -> None:
    assert (ensure_picture(png(64, 128)), ensure_picture(jpeg(1024, 512))) == ("image/png", "image/jpeg")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "PNG or JPEG"),
        (b"\xff\xd8\xff", "PNG or JPEG"),
        (b"\xff\xd8\xff\xe0\0\0" + b"\xff\xe0\0\0" * 50, "PNG or JPEG"),
        (png(63, 64), "64 to 1,024"),
        (jpeg(2000, 2000), "64 to 1,024"),
        (png(300, 100), "square"),
        (png(64, 64) + b"\0" * 200_000, "200 KB"),
    ],
)
def test_what_is_no_logo_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        ensure_picture(content)
