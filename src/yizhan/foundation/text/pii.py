"""Personal numbers in running text: where they are, and the text without them."""

import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    PHONE = "phone"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    ORDER = "order"


PERSONAL = frozenset({Kind.PHONE, Kind.ID_CARD, Kind.BANK_CARD, Kind.EMAIL})
"""What `mask` hides; an order number is found so that it is not taken for a card, but stays readable."""


class Span(msgspec.Struct, frozen=True):
    """`text[start:end]` as written; `value` is its canonical form, fit for a blind index."""

    kind: Kind
    start: int
    end: int
    value: str


# Full-width digits and letters one to one, so that positions stay those of the given text.
_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20, 0x2010: 0x2D, 0x2011: 0x2D,
               0x2012: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D, 0xA0: 0x20}  # fmt: skip
_GAP = r"[ \-]?"

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_MOBILE = re.compile(rf"(?<![\d])(?:(?:\+|00)?86{_GAP})?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})(?!\d)")
_LANDLINE = re.compile(r"(?<![\d\-])\(?(0(?:10|2\d|[3-9]\d{2}))[)\- ]\s?([2-9]\d{6,7})(?![\d])")
_ABROAD = re.compile(r"(?<![\d+])\+(?!86)[1-9]\d{0,2}(?:[ \-]?\(?\d{1,4}\)?){2,5}(?!\d)")
_ID_CARD = re.compile(
    rf"(?<![\d])([1-9]\d{{5}}){_GAP}((?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])){_GAP}(\d{{3}}[\dXx])(?![\dA-Za-z])"
)
_CARD = re.compile(r"(?<![\d])(?:\d[ \-]?){14,18}\d(?!\d)")
_CARD_PREFIX = re.compile(r"62|4|5[1-5]|2[2-7]|3[47]|35|60|69|81|9[0-9]{2}")
_ORDER_NAMED = re.compile(
    r"(?:订单|单号|运单|快递单?|物流单?|流水|编号|order|tracking)\s?(?:编?号码?|no\.?|number|id)?\s?[是为:：#\s]{0,3}"
    r"([A-Za-z]{0,6}\d[\dA-Za-z\-]{5,31})(?![\dA-Za-z])",
    re.I,
)
_ORDER_LETTERS = re.compile(r"(?<![A-Za-z\d])[A-Za-z]{1,4}[\-]?\d{8,24}(?!\d)")
_ORDER_BARE = re.compile(r"(?<![\d.+])\d{12,24}(?!\d)")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


def find(text: str) -> list[Span]:
    """Every number of a kind, in order, never overlapping: the surer kind wins, then the earlier."""
    plain = text.translate(_HALF_WIDTH)
    taken = bytearray(len(plain))
    found: list[Span] = []
    for finder in _FINDERS:
        for span in finder(plain):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                found.append(span)
    return sorted(found, key=lambda span: span.start)


def mask(text: str, kinds: Collection[Kind] = PERSONAL) -> str:
    """`text` of the same length with the middle of every number of `kinds` starred."""
    return replace(text, lambda span: _MASKS[span.kind](text[span.start : span.end]), kinds)


def replace(text: str, with_: Callable[[Span], str], kinds: Collection[Kind] = PERSONAL) -> str:
    """`text` with every number of `kinds` exchanged, for example for its blind index before tokenising."""
    pieces, at = [], 0
    for span in find(text):
        if span.kind in kinds:
            pieces += [text[at : span.start], with_(span)]
            at = span.end
    return "".join([*pieces, text[at:]])


def mask_phone(phone: str) -> str:
    """138****5678; country code, separators and extension places stay."""
    if len(phone) == 11 and phone.isascii() and phone.isdigit() and phone[:2] != "00":
        return f"{phone[:3]}****{phone[7:]}"
    country = re.match(r"\s*(?:\+|00)86[ \-]?", phone) or re.match(r"\s*\+\d{1,3}[ \-]", phone)
    kept = country.end() if country else 0
    digits = sum(character.isdigit() for character in phone[kept:])
    return phone[:kept] + _star(phone[kept:], min(3, (digits - 1) // 3), min(4, (digits + 1) // 3))


def mask_email(address: str) -> str:
    """a***@example.com: the domain says which company, not which person."""
    name, at, domain = address.rpartition("@")
    if not at:
        return _star(address, 1, 0)
    return name[:1] + "*" * max(len(name) - 1, 1) + at + domain


def mask_name(name: str) -> str:
    """王**: enough to ask for the rest."""
    return f"{name[:1]}**" if name else ""


def valid_id_card(number: str) -> bool:
    """The check character of GB 11643-1999 fits."""
    digits = number.upper()
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == digits[17]


def valid_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812 fits."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield Span(Kind.EMAIL, match.start(), match.end(), match[0].lower())


def _named_orders(text: str) -> Iterator[Span]:
    for match in _ORDER_NAMED.finditer(text):
        number = match[1]
        # "单号 13812345678" is a customer looking up by phone far more often than an order number.
        if not _MOBILE.fullmatch(number) and not valid_id_card(number) and sum(map(str.isdigit, number)) >= 6:
            yield Span(Kind.ORDER, match.start(1), match.end(1), number.upper())


def _id_cards(text: str) -> Iterator[Span]:
    for match in _ID_CARD.finditer(text):
        number = "".join(match.groups()).upper()
        if valid_id_card(number):
            yield Span(Kind.ID_CARD, match.start(), match.end(), number)


def _phones(text: str) -> Iterator[Span]:
    for match in _MOBILE.finditer(text):
        yield Span(Kind.PHONE, match.start(), match.end(), "+86" + _digits(match[1]))
    for match in _LANDLINE.finditer(text):
        yield Span(Kind.PHONE, match.start(), match.end(), "+86" + _digits(match[0])[1:])
    for match in _ABROAD.finditer(text):
        if 8 <= len(_digits(match[0])) <= 15:
            yield Span(Kind.PHONE, match.start(), match.end(), "+" + _digits(match[0]))


def _bank_cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        number = _digits(match[0])
        if _CARD_PREFIX.match(number) and valid_luhn(number):
            yield Span(Kind.BANK_CARD, match.start(), match.end(), number)


def _other_orders(text: str) -> Iterator[Span]:
    for pattern in (_ORDER_LETTERS, _ORDER_BARE):
        for match in pattern.finditer(text):
            yield Span(Kind.ORDER, match.start(), match.end(), match[0].upper())


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _star(written: str, head: int, tail: int) -> str:
    """Digits and letters between the first `head` and the last `tail` become stars; separators stay."""
    places = [place for place, character in enumerate(written) if character.isalnum()]
    hidden = set(places[head : len(places) - tail])
    return "".join("*" if place in hidden else character for place, character in enumerate(written))


_FINDERS = (_emails, _id_cards, _named_orders, _phones, _bank_cards, _other_orders)
_MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.PHONE: mask_phone,
    Kind.EMAIL: mask_email,
    Kind.ID_CARD: lambda written: _star(written, 6, 4),
    Kind.BANK_CARD: lambda written: _star(written, 4, 4),
    Kind.ORDER: lambda written: _star(written, 4, 4),
}
