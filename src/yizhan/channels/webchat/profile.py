"""What a visitor says about himself: unproved, but checked for shape before anybody relies on it."""

from collections.abc import Mapping

import msgspec

from yizhan.channels.webchat.settings import FieldType, FormField, WebchatSettings
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean
from yizhan.records.contacts import normalise

_MAX_VALUE = 200
_MAX_FIELDS = 30


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """`email` is lower case, `phone` is E.164; both are claims until proved."""

    name: str = ""
    email: str = ""
    phone: str = ""
    fields: dict[str, str] = {}


def checked_profile(settings: WebchatSettings, given: Mapping[str, object]) -> Profile:
    """Of what is asked and of attributes a page set; wrong ones are refused by name, unknown shapes dropped."""
    values = {key: _text(value) for key, value in given.items() if key != "fields"}
    more = given.get("fields")
    extra = {str(key)[:60]: _text(value) for key, value in more.items()} if isinstance(more, Mapping) else {}
    for field in settings.pre_chat.fields:
        _check_field(field, values.get(field.name) or extra.get(field.name, ""))
    return Profile(
        name=values.get("name", ""),
        email=_email(values.get("email", "")),
        phone=_phone(values.get("phone", "")),
        fields={key: value for key, value in list(extra.items())[:_MAX_FIELDS] if value},
    )


def normalised_contact(contact: str) -> tuple[str, str]:
    """("email" or "phone", value) of the one address somebody left to be answered at."""
    text = _text(contact)
    if "@" in text:
        return "email", _email(text)
    if not text:
        raise Invalid("an address to answer to is needed", "contact")
    return "phone", _phone(text, field="contact")


def _check_field(field: FormField, value: str) -> None:
    if field.required and not value:
        raise Invalid("this is needed", field.name)
    if value and field.type is FieldType.SELECT and value not in field.options:
        raise Invalid("not one of the options", field.name)
    if field.type is FieldType.EMAIL:
        _email(value, field=field.name)
    if field.type is FieldType.TEL:
        _phone(value, field=field.name)


def _text(value: object) -> str:
    return clean(str(value)).strip()[:_MAX_VALUE] if isinstance(value, str | int | float | bool) else ""


def _email(value: str, field: str = "email") -> str:
    return _normalised("email", value, field)


def _phone(value: str, field: str = "phone") -> str:
    return _normalised("phone", value, field)


def _normalised(kind: str, value: str, field: str) -> str:
    if not value:
        return ""
    try:
        return normalise(kind, value)
    except Invalid as wrong:
        raise Invalid(wrong.message, field) from None
