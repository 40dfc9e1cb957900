"""The document `resolution`: what each agreement weighs, and from which weight on what happens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.resolution.comparing import LEVELS
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Kind, Published

_Share = Annotated[float, Meta(gt=0, lt=1)]
_Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`m`: the share of pairs of one person that agree so; `u`: the share of pairs of two persons that do."""

    level: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    m: _Share
    u: _Share

    @property
    def weight(self) -> float:
        """In bits: log2(m/u), after Fellegi and Sunter (1969)."""
        return math.log2(self.m / self.u)


class FieldWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`finds`: contacts that are the same in it are compared with each other."""

    field: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    zh: _Word
    en: _Word
    how: Literal["key", "name", "text", "digits"] = "key"
    finds: bool = True
    levels: Annotated[tuple[Level, ...], Meta(min_length=1, max_length=8)]

    def level(self, name: str) -> Level | None:
        return next((each for each in self.levels if each.level == name), None)


class ResolutionDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`prior` is the share of all pairs that are one person. From the probability `link_at` on two contacts are linked,
    from `review_at` on people are asked. Who is alike in fewer than `least_agreeing` fields is never linked by weight.
    What more than `most_shared` contacts have in common tells nothing of any two of them.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    prior: _Share = 1e-5
    link_at: _Share = 0.99
    review_at: _Share = 0.1
    least_agreeing: Annotated[int, Meta(ge=1, le=6)] = 2
    most_shared: Annotated[int, Meta(ge=2, le=200)] = 20
    links: bool = True
    fields: Annotated[tuple[FieldWeights, ...], Meta(min_length=1, max_length=30)]

    @property
    def start_bits(self) -> float:
        return bits_of(self.prior)


def bits_of(probability: float) -> float:
    """log2 of the odds."""
    return math.log2(probability / (1 - probability))


def probability_of(bits: float) -> float:
    return 1 / (1 + math.exp2(-max(-200.0, min(200.0, bits))))


def _key(field: str, zh: str, en: str, same: tuple[float, float], different: tuple[float, float] | None = None,
         *, finds: bool = True) -> FieldWeights:  # fmt: skip
    levels = (Level("same", *same), *((Level("different", *different),) if different else ()))
    return FieldWeights(field=field, zh=zh, en=en, finds=finds, levels=levels)


SHIPPED = ResolutionDocument(
    title="出厂设置", title_en="As shipped",
    fields=(
        FieldWeights(field="name", zh="姓名或昵称", en="Name or nickname", how="name", finds=False, levels=(
            Level("same", 0.4, 5e-4), Level("sound", 0.08, 1e-3), Level("similar", 0.12, 5e-3),
            Level("different", 0.4, 0.9935),
        )),
        _key("number", "手机号或来电号码", "Mobile or caller's number", (0.7, 1e-5), (0.3, 0.99)),
        _key("email", "邮箱", "E-mail", (0.6, 2e-6), (0.4, 0.75)),
        _key("device", "设备", "Device", (0.5, 2e-5), (0.5, 0.99)),
        _key("address", "收货地址", "Delivery address", (0.5, 5e-5), (0.5, 0.99)),
        _key("order", "订单号", "Order number", (0.3, 1e-6)),
        _key("nickname", "渠道昵称", "Nickname in a channel", (0.3, 1e-4)),
        _key("external", "来源系统编号", "Number in a source system", (0.9, 1e-7)),
        _key("account", "登录账号或 UnionID", "Account or UnionID", (0.8, 1e-7)),
        _key("id_card", "身份证号", "Identity card", (0.95, 1e-7), (0.001, 0.9)),
        _key("shared_number", "共用号码或总机", "Shared number or switchboard", (0.3, 2e-3)),
    ),
)  # fmt: skip
"""What a new house begins with; its own decisions move the weights from here."""

_KNOWN = {each.field: each for each in SHIPPED.fields}


def check(document: ResolutionDocument) -> None:
    """Raises Invalid with the place of the fault."""
    if document.review_at > document.link_at:
        raise Invalid("people are asked below the weight that links, not above it", "review_at")
    seen: set[str] = set()
    for at, each in enumerate(document.fields):
        path = f"fields[{at}]"
        if each.field in seen:
            raise Invalid(f"the field {each.field} stands here twice", f"{path}.field")
        seen.add(each.field)
        known = _KNOWN.get(each.field)
        if known is None:
            raise Invalid(f"contacts have no {each.field}; there are {', '.join(_KNOWN)}", f"{path}.field")
        if each.how != known.how or (each.finds and not known.finds):
            raise Invalid(f"how {each.field} is compared stays as it is", f"{path}.how")
        _check_levels(each, path)


def _check_levels(each: FieldWeights, path: str) -> None:
    seen: set[str] = set()
    for at, level in enumerate(each.levels):
        if level.level not in LEVELS[each.how] or level.level in seen:
            raise Invalid(f"levels of {each.field}, each once: {', '.join(LEVELS[each.how])}", f"{path}.levels[{at}]")
        seen.add(level.level)
    for name in ("m", "u"):
        if sum(getattr(level, name) for level in each.levels) > 1 + 1e-6:
            raise Invalid(f"the shares {name} of {each.field} are more than a whole together", f"{path}.levels")
    best, worst = each.level("same"), each.level("different")
    if best is None or best.weight <= 0:
        raise Invalid(f"being the same in {each.field} must speak for one person: m above u", f"{path}.levels")
    if worst is not None and worst.weight > 0:
        raise Invalid(f"being different in {each.field} cannot speak for one person", f"{path}.levels")


def _one(documents: Mapping[str, ResolutionDocument]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one document of these, named {DEFAULT}", f"resolution/{name}")


RESOLUTION = Kind(
    "resolution", ResolutionDocument, check, check_together=_one, title=("客户归并", "One person of several contacts"),
    default=SHIPPED,
)  # fmt: skip


class ResolutionBook:
    """The rules in force."""

    def __init__(self) -> None:
        self.rules = SHIPPED

    def take(self, published: Published) -> None:
        self.rules = published.find(RESOLUTION, DEFAULT) or SHIPPED
