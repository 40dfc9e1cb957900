"""The document `profile`: which fields customers have, how each is written, and whom we believe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Advice, Around, Kind, Published
from yizhan.records.profiles import BY_HAND, LEVEL, NAME, FieldSpec, FieldType, Option, SourceKey

_CHOSEN, _COUNTED = FieldType.CHOICE, FieldType.NUMBER


class ProfileDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`sources` are believed in this order where several say something; others after them, the latest first.

    Times without an offset are of `time_zone`, and files that leave the house are written in it.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    fields: Annotated[tuple[FieldSpec, ...], Meta(max_length=200)] = ()
    sources: Annotated[tuple[SourceKey, ...], Meta(max_length=50)] = (BY_HAND,)
    time_zone: Annotated[str, Meta(max_length=60)] = "Asia/Shanghai"


_GENDERS = (Option("female", "女", "Female"), Option("male", "男", "Male"), Option("other", "其他", "Other"))
SHIPPED = ProfileDocument(
    title="出厂设置",
    title_en="As shipped",
    fields=(
        FieldSpec(key="gender", zh="性别", en="Gender", type=FieldType.CHOICE, options=_GENDERS),
        FieldSpec(key="birthday", zh="生日", en="Birthday", type=FieldType.DATE, personal=True),
        FieldSpec(key="city", zh="城市", en="City", max_length=60),
        FieldSpec(key="company", zh="公司", en="Company", max_length=120),
        FieldSpec(key="address", zh="地址", en="Address", personal=True, max_length=300),
        FieldSpec(key="points", zh="积分", en="Points", type=FieldType.NUMBER, minimum=0),
        FieldSpec(key="registered_at", zh="注册时间", en="Registered", type=FieldType.MOMENT),
        FieldSpec(key="newsletter", zh="接收活动通知", en="Newsletter", type=FieldType.BOOL),
        FieldSpec(key="remark", zh="客户备注", en="Remark", max_length=1000),
    ),
)


class ProfileRules(msgspec.Struct, frozen=True):
    fields: Mapping[str, FieldSpec]
    sources: tuple[str, ...]
    zone: ZoneInfo

    def order(self, key: str) -> tuple[str, ...]:
        """Whom to believe about a field, first to last."""
        spec = self.fields.get(key)
        return spec.sources if spec is not None and spec.sources else self.sources


def compile_profile(document: ProfileDocument) -> ProfileRules:
    return ProfileRules({spec.key: spec for spec in document.fields}, document.sources, ZoneInfo(document.time_zone))


def check(document: ProfileDocument) -> None:
    """Raises Invalid with the place of the fault."""
    try:
        ZoneInfo(document.time_zone)
    except (ValueError, KeyError, OSError):
        raise Invalid(f"there is no time zone {document.time_zone}", "time_zone") from None
    _ensure_once(document.sources, "sources")
    seen: set[str] = set()
    for at, spec in enumerate(document.fields):
        if spec.key in seen:
            raise Invalid(f"two fields have the key {spec.key}", f"fields[{at}].key")
        if spec.key in (NAME, LEVEL):
            raise Invalid(f"every customer has a {spec.key} already", f"fields[{at}].key")
        seen.add(spec.key)
        _check_field(spec, f"fields[{at}]")


def _check_field(spec: FieldSpec, path: str) -> None:
    if bool(spec.options) != (spec.type is _CHOSEN):
        raise Invalid("options belong to a field of choices, which needs some", f"{path}.options")
    if len({option.key for option in spec.options}) != len(spec.options):
        raise Invalid("two options have the same key", f"{path}.options")
    if spec.type is not _COUNTED and (spec.minimum is not None or spec.maximum is not None):
        raise Invalid("only numbers have a least and a most", f"{path}.minimum")
    if spec.minimum is not None and spec.maximum is not None and spec.minimum > spec.maximum:
        raise Invalid("the least is more than the most: nothing could be filled in", f"{path}.minimum")
    if spec.format and spec.type is not FieldType.TEXT:
        raise Invalid("only text has a format", f"{path}.format")
    try:
        re.compile(spec.format)
    except re.error as wrong:
        raise Invalid(f"the format cannot be read: {wrong.msg}", f"{path}.format") from None
    _ensure_once(spec.sources, f"{path}.sources")


def _ensure_once(sources: tuple[str, ...], path: str) -> None:
    if len(set(sources)) != len(sources):
        raise Invalid("a source stands here twice", path)


def _one(documents: Mapping[str, ProfileDocument]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one document of these, named {DEFAULT}", f"profile/{name}")


def _advise(document: ProfileDocument, _: Around) -> list[Advice]:
    """An order without the house's own people means that the next push takes their corrections back."""
    return [
        Advice(f"fields[{at}].sources", "what people write by hand comes after every source that is named here")
        for at, spec in enumerate(document.fields) if spec.sources and BY_HAND not in spec.sources
    ]  # fmt: skip


PROFILE = Kind(
    "profile", ProfileDocument, check, check_together=_one, advise=_advise,
    title=("客户资料字段", "Customer fields"), default=SHIPPED,
)  # fmt: skip


class ProfileBook:
    """The rules in force; what ships, until it takes a release."""

    def __init__(self) -> None:
        self.now = compile_profile(SHIPPED)

    def take(self, published: Published) -> None:
        self.now = compile_profile(published.find(PROFILE, DEFAULT) or SHIPPED)
