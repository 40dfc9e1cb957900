"""What goes over the wire about evidence."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yizhan.desk.resolution import Finding, ResolutionDocument


class FindingShape(msgspec.Struct):
    """`weight` in bits: log2(m/u); above nothing it speaks for one person. `told`: by the customer himself alone."""

    field: str
    zh: str
    en: str
    level: str
    weight: float
    told: bool


def finding_shapes(rules: ResolutionDocument, findings: Sequence[Finding]) -> list[FindingShape]:
    """The heaviest first."""
    names = {each.field: each for each in rules.fields}
    return [
        FindingShape(
            f.field, names[f.field].zh if f.field in names else f.field,
            names[f.field].en if f.field in names else f.field, f.level, f.weight, f.told,
        )
        for f in sorted(findings, key=lambda f: -f.weight)
    ]  # fmt: skip
