"""Whatever can be configured is called something in both languages, and can be searched by how that sounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from scripts import settings_sounds
from tests.house.sources import ROOT
from yizhan.app.rules import KINDS

LOCALES = ROOT / "frontend" / "workbench" / "src" / "locales"


def values(schema: dict[str, Any], root: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of all values of a document, by its JSON Schema."""
    if reference := schema.get("$ref"):
        if reference not in seen:
            yield from values(root["$defs"][reference.rpartition("/")[2]], root, (*seen, reference))
        return
    inside = [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    for name, each in schema.get("properties", {}).items():
        yield name
        inside.append(each)
    for each in inside:
        if isinstance(each, dict):
            yield from values(each, root, seen)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_value_of_every_document_has_a_name(language: str) -> None:
    words = json.loads((LOCALES / language / "admin.json").read_text("utf-8"))
    missing = []
    for kind in KINDS:
        schema = msgspec.json.schema(kind.shape)
        missing += [
            f"{kind.name}.{name}" for name in sorted(set(values(schema, schema)))
            if name not in words["config_field"] and f"{kind.name}_{name}" not in words["config_field_of"]
        ]  # fmt: skip
    assert missing == []
    assert [kind.name for kind in KINDS if kind.name not in words["config_kind"]] == []


def test_every_character_of_the_settings_can_be_spelled() -> None:
    kept = json.loads(settings_sounds.SOUNDS.read_text("utf-8"))
    lost = settings_sounds.characters() - set("".join(kept.values()))
    assert not lost, "run `python scripts/settings_sounds.py`"
