"""The XML of the WeChat family, in and out. Pure.

A message is a tree of names: a leaf is text, a name that stands several times a list. JSON callbacks become the same
tree, so what reads a message need not know how it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from xml.etree import ElementTree as Xml

import msgspec

from yizhan.foundation.errors import Invalid

Tree = dict[str, Any]
"""Leaves are strings, branches trees; what stands several times is a list of either."""
Leaf = str | int
Branch = Mapping[str, "Leaf | Branch | Sequence[Branch]"]

_DEEPEST = 20


class _Plain(Xml.TreeBuilder):
    """No document type: entities are how XML is made to grow, and to read files."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise Invalid("a document type is not taken", "body")


def read_xml(content: bytes) -> Tree:
    """What stands below the root. Raises Invalid for what is no XML, or has a DTD."""
    parser = Xml.XMLParser(target=_Plain())  # noqa: S314 - without a DTD there are no entities
    try:
        parser.feed(content)
        root: Xml.Element = parser.close()
    except (Xml.ParseError, ValueError, LookupError) as wrong:
        raise Invalid(f"not XML: {wrong}", "body") from None
    found = _tree(root, 0)
    return found if isinstance(found, dict) else {}


def _tree(element: Xml.Element, depth: int) -> str | Tree:
    if depth > _DEEPEST:
        raise Invalid("the XML is too deep", "body")
    if not len(element):
        return element.text or ""
    found: Tree = {}
    for child in element:
        value = _tree(child, depth + 1)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found


def read_json(content: bytes) -> Tree:
    """The same tree; numbers keep every digit as text. Raises Invalid."""
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as wrong:
        raise Invalid(f"not JSON: {wrong}", "body") from None
    if not isinstance(found, dict):
        raise Invalid("not a JSON object", "body")
    return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def read(content: bytes) -> Tree:
    """By its first character. Raises Invalid."""
    return read_json(content) if content.lstrip()[:1] == b"{" else read_xml(content)


def text_of(tree: Mapping[str, Any], *names: str) -> str:
    """The text of the first of `names` that has any; empty where none has."""
    for name in names:
        value = tree.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def branch_of(tree: Mapping[str, Any], name: str) -> Tree:
    """The branch called `name`; empty where there is none. Of several the first."""
    value = tree.get(name)
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, dict)), None)
    return value if isinstance(value, dict) else {}


def branches_of(tree: Mapping[str, Any], name: str) -> list[Tree]:
    """All branches called `name`: the vendor writes one of them as itself and not as a list."""
    value = tree.get(name)
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def write_xml(tree: Branch, root: str = "xml") -> str:
    """Texts as CDATA, numbers bare, in the order of `tree`."""
    return f"<{root}>{''.join(_written(name, value) for name, value in tree.items())}</{root}>"


def _written(name: str, value: Leaf | Branch | Sequence[Branch]) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    if isinstance(value, Mapping):
        return write_xml(value, name)
    return "".join(write_xml(each, name) for each in value)
