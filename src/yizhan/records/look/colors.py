"""Shades of the house's colour for every place that has one, in both schemes. Pure.

In each place the colour is made darker or lighter, no more than needed, until what stands on it or beside it can be
read. Ratios are those of WCAG 2.2: 4.5 for words, 3 for edges.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping, Sequence

import msgspec

Rgb = tuple[int, int, int]

_STEP = 1 / 400
_WORDS = 4.5
_WORDS_ON_DARK = 5.5  # thin strokes glow there
_EDGES = 3.0
_WHITE: Rgb = (255, 255, 255)
_LIGHT_GROUNDS: Sequence[Rgb] = ((255, 255, 255), (243, 245, 250), (241, 244, 250))
"""Panel, ground and hover of the light scheme, as `frontend/workbench/src/styles/tokens.css` has them."""
_DARK_GROUNDS: Sequence[Rgb] = ((20, 26, 35), (12, 17, 24), (26, 34, 48))
# Other words than the colour's own stand on these: as light, or as dark, as what ships.
_SOFT_AT_LEAST = 0.84
_SOFT_AT_MOST = 0.0255


class Shades(msgspec.Struct, frozen=True):
    """Values by the names of the workbench's tokens."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


def shades_of(color: str) -> Shades:
    """Of `#rrggbb`."""
    given = _rgb(color)
    return Shades(_light(given), _dark(given))


def contrast(one: str, other: str) -> float:
    return _ratio(_rgb(one), _rgb(other))


def _light(given: Rgb) -> Mapping[str, str]:
    brand = _darker(given, lambda c: _ratio(c, _WHITE) >= _WORDS)
    soft = _lighter(_mixed(brand, _WHITE, 0.9), lambda c: _luminance(c) >= _SOFT_AT_LEAST)
    text = _darker(brand, lambda c: all(_ratio(c, ground) >= _WORDS for ground in (soft, *_LIGHT_GROUNDS)))
    return _named(brand, soft, text, *_rail(given, 0.011, 0.06))


def _dark(given: Rgb) -> Mapping[str, str]:
    brand = _lighter(given, lambda c: _ratio(c, _DARK_GROUNDS[0]) >= _EDGES)
    brand = _darker(brand, lambda c: _ratio(c, _WHITE) >= _WORDS)
    soft = _darker(_mixed(brand, _DARK_GROUNDS[0], 0.75), lambda c: _luminance(c) <= _SOFT_AT_MOST)
    text = _lighter(brand, lambda c: all(_ratio(c, ground) >= _WORDS_ON_DARK for ground in (soft, *_DARK_GROUNDS)))
    return _named(brand, soft, text, *_rail(given, 0.0075, 0.047))


def _rail(given: Rgb, deepest: float, chosen: float) -> tuple[Rgb, Rgb]:
    """The rail's ground, and what is chosen on it, which stands out of it."""
    ground = _darker(given, lambda c: _luminance(c) <= deepest)
    on = _darker(given, lambda c: _luminance(c) <= chosen)
    return ground, _lighter(on, lambda c: _ratio(c, ground) >= 1.5)


def _named(brand: Rgb, soft: Rgb, text: Rgb, rail: Rgb, chosen: Rgb) -> Mapping[str, str]:
    bubble = _darker(brand, lambda c: _ratio(c, _mixed(c, _WHITE, 0.86)) >= _WORDS)
    hover = _shifted(brand, -0.06) if _luminance(brand) > 0.02 else _shifted(brand, 0.1)
    found = {
        "brand": brand, "brand-hover": hover, "brand-text": text, "brand-soft": soft, "chosen": soft,
        "bubble-out": bubble, "bubble-out-dim": _mixed(bubble, _WHITE, 0.86),
        "nav": rail, "nav-chosen": chosen, "nav-text": _mixed(rail, _WHITE, 0.78), "glow": chosen,
    }  # fmt: skip
    return {name: _hex(value) for name, value in found.items()}


def _darker(color: Rgb, fits: Callable[[Rgb], bool]) -> Rgb:
    return _moved(color, fits, -_STEP)


def _lighter(color: Rgb, fits: Callable[[Rgb], bool]) -> Rgb:
    return _moved(color, fits, _STEP)


def _moved(color: Rgb, fits: Callable[[Rgb], bool], step: float) -> Rgb:
    """Until it fits, at the latest black or white."""
    found, by = color, 0.0
    while not fits(found) and abs(by) <= 1:
        by += step
        found = _shifted(color, by)
    return found


def _shifted(color: Rgb, by: float) -> Rgb:
    hue, light, full = colorsys.rgb_to_hls(*(part / 255 for part in color))
    red, green, blue = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light + by)), full)
    return round(red * 255), round(green * 255), round(blue * 255)


def _mixed(color: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
    return red, green, blue


def _ratio(one: Rgb, other: Rgb) -> float:
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(color: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
