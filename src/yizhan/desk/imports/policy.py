"""Which column is what, and what a row of cells says. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from yizhan.desk.imports.model import ImportKind, ImportPlan, ImportTarget, Line
from yizhan.desk.sources import Problem, ProfileRules
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import kinds_in_force
from yizhan.records.orders import fen_of

LEFT_OUT = ""
_PROFILE = ("id", "name", "level", "at", "verified_at")
_ORDER = (
    "number", "status", "total", "currency", "placed_at", "customer", "brand", "address", "line.sku", "line.title",
    "line.count", "line.price", "tracking.carrier", "tracking.number", "tracking.state", "tracking.arrives_on",
    "tracking.text", "tracking.at", "url", "at", "verified_at",
)  # fmt: skip
_LABELS: Mapping[str, tuple[str, str]] = {
    "id": ("客户编号", "Customer number"), "name": ("姓名", "Name"), "level": ("会员等级", "Level"),
    "at": ("更新时间", "Changed at"), "verified_at": ("身份验证时间", "Verified at"),
    "number": ("订单号", "Order number"), "status": ("订单状态", "Order status"),
    "total": ("金额（元）", "Total"), "currency": ("币种", "Currency"), "placed_at": ("下单时间", "Placed at"),
    "customer": ("客户编号", "Customer number"), "brand": ("业务线", "Business line"),
    "address": ("收货地址", "Delivery address"), "line.sku": ("货号", "Item number"), "line.title": ("商品", "Item"),
    "line.count": ("数量", "Count"), "line.price": ("单价（元）", "Price"), "tracking.carrier": ("快递公司", "Carrier"),
    "tracking.number": ("运单号", "Tracking number"), "tracking.state": ("物流状态", "Parcel state"),
    "tracking.arrives_on": ("预计到达", "Arrives on"), "tracking.text": ("最新物流", "Parcel news"),
    "tracking.at": ("物流更新时间", "Parcel news at"), "url": ("订单页面", "Order page"),
}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "id": "编号 客户编号 客户号 会员号 会员编号 会员id 客户id customerid memberid userid custno uid id",
    "name": "姓名 名字 名称 客户姓名 客户名称 客户 收货人 昵称 name fullname customername",
    "level": "等级 会员等级 级别 level tier",
    "at": "更新时间 修改时间 最后修改 updatedat modifiedat lastmodified",
    "verified_at": "验证时间 核身时间 认证时间 verifiedat",
    "identifier:phone": (
        "手机 手机号 手机号码 电话 联系电话 联系方式 买家手机 收货人手机 mobile phone tel phonenumber mobilephone"
    ),
    "identifier:email": "邮箱 电子邮箱 邮件 email mail emailaddress",
    "identifier:id_card": "身份证 身份证号 证件号 idcard",
    "identifier:unionid": "unionid 微信unionid",
    "number": "订单号 订单编号 单号 orderno ordernumber orderid order",
    "status": "状态 订单状态 status orderstatus",
    "total": "金额 总价 总金额 订单金额 实付金额 实付 应付 total amount totalprice",
    "currency": "币种 货币 currency",
    "placed_at": "下单时间 订单时间 创建时间 下单日期 日期 placedat createdat orderdate date",
    "customer": "客户编号 会员号 会员编号 买家编号 customerid memberid userid buyerid",
    "brand": "业务线 brand",
    "address": "地址 收货地址 shippingaddress address",
    "line.sku": "货号 商品编码 sku 商品编号 itemno",
    "line.title": "商品 商品名称 品名 产品 product item title productname",
    "line.count": "数量 件数 count quantity qty",
    "line.price": "单价 price unitprice",
    "tracking.carrier": "快递 快递公司 物流公司 承运商 carrier",
    "tracking.number": "运单号 快递单号 物流单号 trackingnumber trackingno",
    "tracking.state": "物流状态 快递状态 包裹状态 trackingstatus parcelstatus parcelstate",
    "tracking.arrives_on": "预计到达 预计送达 预计到达日期 arriveson eta estimateddelivery",
    "tracking.text": "最新物流 物流信息 物流动态 物流轨迹 parcelnews lastevent",
    "tracking.at": "物流更新时间 物流时间 parcelnewsat lasteventat",
    "url": "订单页面 订单链接 orderurl orderpage",
}


def targets(kind: ImportKind, rules: ProfileRules) -> list[str]:
    """All that a column may be."""
    identifiers = [
        f"identifier:{each.key}" for each in kinds_in_force().kinds if each.key not in ("visitor", "external")
    ]
    if kind is ImportKind.ORDERS:
        return [*_ORDER, *identifiers]
    return [*_PROFILE, *identifiers, *(f"field:{key}" for key in rules.fields)]


def labelled(kind: ImportKind, rules: ProfileRules) -> list[ImportTarget]:
    """The same, by the names people know them by."""
    kinds = {f"identifier:{each.key}": (each.zh, each.en) for each in kinds_in_force().kinds}
    fields = {f"field:{key}": (spec.zh, spec.en) for key, spec in rules.fields.items()}
    names = {**_LABELS, **kinds, **fields}
    return [ImportTarget(key, *names[key]) for key in targets(kind, rules)]


def guesses(titles: Sequence[str], kind: ImportKind, rules: ProfileRules) -> list[str]:
    """What each column seems to be; nothing twice, but for kinds of identifiers."""
    possible = targets(kind, rules)
    words = {target: set(_WORDS.get(target, "").split()) for target in possible}
    for key, spec in rules.fields.items():
        if f"field:{key}" in words:
            words[f"field:{key}"] |= {_bare(key), _bare(spec.zh), _bare(spec.en)}
    found: list[str] = []
    for title in titles:
        bare = _bare(title)
        fits = (target for target in possible if bare in words[target] and target not in found)
        found.append(next(fits, LEFT_OUT) if bare else LEFT_OUT)
    return found


def check_plan(plan: ImportPlan, kind: ImportKind, rules: ProfileRules) -> None:
    """Raises Invalid for a mapping by which nothing could go in."""
    possible = set(targets(kind, rules))
    named = [target for target in plan.columns if target]
    for at, target in enumerate(plan.columns):
        if target and target not in possible:
            raise Invalid(f"{target} is nothing that a column can be", f"columns[{at}]")
        if target and not target.startswith("identifier:") and named.count(target) > 1:
            raise Invalid("two columns are the same thing", f"columns[{at}]")
    who = any(target.startswith("identifier:") or target in ("id", "customer") for target in named)
    if not who:
        raise Invalid(
            "no column says whose row it is: a number of the customer, a mobile number, an address", "columns"
        )
    for wanted in ("number", "status", "total", "placed_at") if kind is ImportKind.ORDERS else ():
        if wanted not in named:
            raise Invalid(f"orders need a column for {wanted}", "columns")


class Columns:
    """A mapping, read once: what each column of a row says."""

    def __init__(self, plan: ImportPlan, kind: ImportKind) -> None:
        named = {target: at for at, target in enumerate(plan.columns) if target}
        self._kinds = [(at, target[11:]) for at, target in enumerate(plan.columns) if target.startswith("identifier:")]
        self._fields = [(at, target[6:]) for target, at in named.items() if target.startswith("field:")]
        parts = ("line.", "tracking.", "verified_at", "identifier:", "field:")
        self._plain = [(at, target) for target, at in named.items() if not target.startswith(parts)]
        self._number = next((named[own] for own in ("id", "customer") if own in named), None)
        self._verified = named.get("verified_at")
        self._parts = {target: at for target, at in named.items() if kind is ImportKind.ORDERS and "." in target}
        self._whole = {target: at for at, target in self._plain}
        self._whole |= {f"fields.{key}": at for at, key in self._fields}
        if "tracking.at" in named:
            self._whole["tracking.events[0].at"] = named["tracking.at"]

    def told(self, cells: Sequence[str]) -> tuple[dict[str, Any], Mapping[str, int]]:
        """The row as a program would send it, and which column each path of it came from. Empty cells say nothing."""
        row: dict[str, Any] = {target: cells[at] for at, target in self._plain if cells[at]}
        fields = {key: cells[at] for at, key in self._fields if cells[at]}
        if fields:
            row["fields"] = fields
        columns = dict(self._whole)
        verified = cells[self._verified] if self._verified is not None else ""
        identifiers: list[dict[str, str]] = []
        for at, kind in self._kinds:
            if cells[at]:
                columns[f"identifiers[{len(identifiers)}].value"] = at
                one = {"kind": kind, "value": cells[at]}
                identifiers.append({**one, "verified_at": verified} if verified else one)
        if self._number is not None and cells[self._number]:
            columns[f"identifiers[{len(identifiers)}].value"] = self._number  # read after the others
        row["identifiers"] = identifiers
        if self._parts:
            row |= _parts_of_order({target: cells[at] for target, at in self._parts.items() if cells[at]})
        return row, columns


def _parts_of_order(given: Mapping[str, str]) -> dict[str, Any]:
    """Raises Invalid, with the target of the column in `field`."""
    parts: dict[str, Any] = {}
    if "line.title" in given or "line.sku" in given:
        parts["lines"] = [{
            "sku": given.get("line.sku", "")[:300], "title": given.get("line.title", "")[:300],
            "count": _count(given.get("line.count", "1")),
            "price_fen": _fen(given["line.price"], "line.price") if "line.price" in given else 0,
        }]  # fmt: skip
    tracking: dict[str, Any] = {
        name: given[f"tracking.{name}"][:300]
        for name in ("carrier", "number", "state", "arrives_on") if f"tracking.{name}" in given
    }  # fmt: skip
    if "tracking.text" in given:
        if "tracking.at" not in given:
            raise Invalid("when did this happen to the parcel?", "tracking.at")
        tracking["events"] = [{"at": given["tracking.at"], "text": given["tracking.text"][:300]}]
    return parts | ({"tracking": tracking} if tracking else {})


def together(lines: Iterable[Line], plan: ImportPlan, kind: ImportKind) -> Iterator[list[Line]]:
    """Rows below each other with one order number are one order of several things."""
    place = plan.columns.index("number") if kind is ImportKind.ORDERS else -1
    held: list[Line] = []
    for line in lines:
        same = held and place >= 0 and line.fault is None and held[0].fault is None
        if same and line.cells[place] and line.cells[place] == held[0].cells[place]:
            held.append(line)
            continue
        if held:
            yield held
        held = [line]
    if held:
        yield held


def placed(
    problems: Iterable[Problem], columns: Mapping[str, int], plan: ImportPlan, titles: Sequence[str]
) -> tuple[Problem, ...]:
    """With the title of the column where it is known."""
    found = []
    for problem in problems:
        at = columns.get(problem.field)
        if at is None:
            at = columns.get(problem.field.removesuffix(".verified_at") + ".value")
        if at is None and problem.field in plan.columns:
            at = plan.columns.index(problem.field)
        found.append(Problem(titles[at] if at is not None and at < len(titles) else problem.field, problem.message))
    return tuple(found)


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}(\.0+)?", text):
        raise Invalid("a number is written with digits and a point", "line.count")
    return int(float(text))


def _fen(text: str, target: str) -> int:
    try:
        return fen_of(text)
    except Invalid as wrong:
        raise Invalid(wrong.message, target) from None


def _bare(title: str) -> str:
    """For comparing titles: no case, no signs, no width."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).lower())
