"""The look 主题色与标志 of the house: one colour, from which all shades follow that can be read, and its logo."""

from yizhan.records.look.colors import Shades, shades_of
from yizhan.records.look.model import PLAIN, Look
from yizhan.records.look.policy import address_of, css_of, ensure_color, ensure_picture
from yizhan.records.look.service import change
from yizhan.records.look.store import look

__all__ = [
    "PLAIN",
    "Look",
    "Shades",
    "address_of",
    "change",
    "css_of",
    "ensure_color",
    "ensure_picture",
    "look",
    "shades_of",
]
