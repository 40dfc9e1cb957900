"""One spelling for a number, an address, an identity card. Pure; raises Invalid with a sentence for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import pii

MOST_CHARS = 320

_MAINLAND = 86
_SEPARATORS = re.compile(r"[\s\-().·–—/]+")
_MAINLAND_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_MOBILE = re.compile(r"\+861[3-9]\d{9}")
_EXTENSION = re.compile(r"(?i)\s*(?:转|轉|分机|ext\.?|x|#|;ext=)\s*(\d{1,8})$")
_EMAIL = re.compile(r"[^\s\x00@<>,;:()\[\]\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def half_width(text: str) -> str:
    """１３８ and ＠ as they were meant; what copying leaves between characters is dropped."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


def phone(text: str, region: str, *, extension: bool = False) -> str:
    """E.164. With `extension` what a switchboard is asked for afterwards stays behind `;ext=`."""
    text = text.removeprefix("tel:")
    bare, asked = text, ""
    if found := _EXTENSION.search(text):
        bare, asked = text[: found.start()], found[1]
        if not extension:
            raise Invalid("a number with an extension is a switchboard's: keep it as kind switchboard", "value")
    bare = _SEPARATORS.sub("", bare)
    if region == "CN" and (mobile := _MAINLAND_MOBILE.fullmatch(bare)):
        e164 = f"+86{mobile[1]}"
    else:
        e164 = _parsed(bare, region)
    return f"{e164};ext={asked}" if asked else e164


def is_mobile(e164: str) -> bool:
    if e164.startswith("+86"):
        return _MOBILE.fullmatch(e164) is not None
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except NumberParseException:
        return False
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def spoken(e164: str) -> str:
    """As people write it: 13812345678, 010…, +1 650-253-0000; without its extension."""
    bare = e164.partition(";")[0]
    if bare.startswith("+86"):
        own = bare[3:]
        return own if _MOBILE.fullmatch(bare) or own[:3] in ("400", "800") else f"0{own}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(bare), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return bare


def email(text: str, plus_domains: Collection[str]) -> str:
    """Small letters: no mail server in use tells large and small names apart."""
    address = text.removeprefix("mailto:").lower()
    name, _, domain = address.rpartition("@")
    try:
        address = f"{name}@{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError:
        raise Invalid("this is no mail address: the part behind the @ is no domain", "value") from None
    if not name:
        raise Invalid("this is no mail address: it needs a name, an @ and a domain", "value")
    if not _EMAIL.fullmatch(address) or ".." in address or name.startswith(".") or name.endswith("."):
        raise Invalid("this is no mail address: a character or a dot stands where none may", "value")
    return folded_mailbox(address, plus_domains)


def folded_mailbox(address: str, plus_domains: Collection[str]) -> str:
    name, at, domain = address.rpartition("@")
    if domain not in plus_domains or "+" not in name[1:]:
        return address
    return f"{name[0]}{name[1:].partition('+')[0]}{at}{domain}"


def id_card(text: str) -> str:
    """GB 11643: eighteen places with their check character; one of fifteen from before 1999 is written as eighteen."""
    card = _SEPARATORS.sub("", text).upper()
    if re.fullmatch(r"\d{15}", card):
        card = _lengthened(card)
    if not re.fullmatch(r"\d{17}[\dX]", card):
        raise Invalid("an identity card number has 18 places: 17 digits and a digit or X", "value")
    if not _PROVINCES.match(card):
        raise Invalid(f"no identity card begins with {card[:2]}", "value")
    try:
        date(int(card[6:10]), int(card[10:12]), int(card[12:14]))
    except ValueError:
        raise Invalid(f"{card[6:14]} in the identity card number is no date of birth", "value") from None
    if not pii.valid_id_card(card):
        raise Invalid("the last place of the identity card number does not fit the others: one is mistyped", "value")
    return card


def _lengthened(card: str) -> str:
    body = f"{card[:6]}19{card[6:]}"
    return body + _CHECKS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def _parsed(bare: str, region: str) -> str:
    if not re.fullmatch(r"\+?\d+", bare):
        raise Invalid("a phone number has digits only, with a + in front for another country", "value")
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    try:
        number = phonenumbers.parse(bare, region)
    except NumberParseException:
        raise Invalid("this is no phone number: the country code or some digits are missing", "value") from None
    if not _can_be(number):
        raise Invalid("no such phone number can exist: digits are missing or too many", "value")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _can_be(number: PhoneNumber) -> bool:
    """Possible is enough abroad: reserved and new ranges are real numbers of real people. At home the plan is known,
    and service numbers such as 95588 are nobody's."""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return False
    return number.country_code != _MAINLAND or phonenumbers.number_type(number) != PhoneNumberType.UNKNOWN
