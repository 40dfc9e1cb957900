"""Whatever can be configured is called something in both languages, and can be searched by how that sounds."""

from __future__ import annotations

import json
import re
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


def choices(schema: dict[str, Any], root: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[Any]:
    """Whatever stands in a list that somebody chooses from."""
    if reference := schema.get("$ref"):
        if reference not in seen:
            yield from choices(root["$defs"][reference.rpartition("/")[2]], root, (*seen, reference))
        return
    yield from schema.get("enum", [])
    inside = [*schema.get("anyOf", []), *schema.get("properties", {}).values()]
    for each in [*inside, schema.get("items"), schema.get("additionalProperties")]:
        if isinstance(each, dict):
            yield from choices(each, root, seen)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whatever_can_be_chosen_is_said_in_words(language: str) -> None:
    words = json.loads((LOCALES / language / "admin.json").read_text("utf-8"))
    channels = json.loads((LOCALES / language / "app.json").read_text("utf-8"))["channel"]
    missing = []
    for kind in KINDS:
        schema = msgspec.json.schema(kind.shape)
        missing += [
            f"{kind.name}: {choice}" for choice in sorted(map(str, set(choices(schema, schema))))
            if choice not in words["config_value"] and f"{kind.name}_{choice}" not in words["config_value_of"]
            and choice not in channels
        ]  # fmt: skip
    assert missing == []


def numbers(schema: dict[str, Any], root: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of what is filled in with a number, in whatever depth; spans of seconds say their unit themselves."""
    if reference := schema.get("$ref"):
        if reference not in seen:
            yield from numbers(root["$defs"][reference.rpartition("/")[2]], root, (*seen, reference))
        return
    inside = [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    for name, each in schema.get("properties", {}).items():
        counted = {each.get("type"), *(one.get("type") for one in each.get("anyOf", []))} & {"integer", "number"}
        if counted and each.get("description") != "seconds" and not name.endswith("_s"):
            yield name
        inside.append(each)
    for each in inside:
        if isinstance(each, dict):
            yield from numbers(each, root, seen)


UNITS = re.compile(r"秒|分钟|小时|天|日|月|星|元|%|百分|几|多少|数|级|KB|次|上限|名额|先后|页码|0–1|0–100")


def test_every_number_says_what_it_counts() -> None:
    """In its name or in the sentence under it: nobody guesses whether 30 are minutes or days."""
    words = json.loads((LOCALES / "zh-CN" / "admin.json").read_text("utf-8"))
    silent = []
    for kind in KINDS:
        schema = msgspec.json.schema(kind.shape)
        for name in sorted(set(numbers(schema, schema))):
            own = f"{kind.name}_{name}"
            said = words["config_field_of"].get(own) or words["config_field"][name]
            hint = words["config_hint"].get(own) or words["config_hint"].get(name, "")
            if not UNITS.search(said + hint):
                silent.append(f"{own}: {said}")
    assert silent == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_explanation_belongs_to_a_value_that_there_is(language: str) -> None:
    words = json.loads((LOCALES / language / "admin.json").read_text("utf-8"))
    there = {"key", "quiet", "denials", "raise_by"}
    for kind in KINDS:
        schema = msgspec.json.schema(kind.shape)
        there |= {f"{kind.name}_{name}" for name in values(schema, schema)}
    assert set(words["config_hint"]) - there == set()


def test_the_search_is_tested_with_the_documents_there_are() -> None:
    kept = json.loads(settings_sounds.NAMES.read_text("utf-8"))
    assert kept == settings_sounds.kinds(), "run `python scripts/settings_sounds.py`"


def test_every_character_of_the_settings_can_be_spelled() -> None:
    kept = json.loads(settings_sounds.SOUNDS.read_text("utf-8"))
    lost = settings_sounds.characters() - set("".join(kept.values()))
    assert not lost, "run `python scripts/settings_sounds.py`"
