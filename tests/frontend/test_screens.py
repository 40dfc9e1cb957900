"""No page and no sheet can be forgotten when the pictures are taken and axe looks: the list comes from the sources."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scripts.screens import places
from scripts.screens.docs import CHOSEN
from scripts.screens.places import STATES, Place


def house(path: str) -> Any:
    """One of everything, as the API would tell."""
    one = "01990000-0000-7000-8000-000000000001"
    row = {"id": one, "key": "often", "kind": "calendar", "name": "default", "channel": "web"}
    return {"items": [row]} if "status=done" not in path else {"items": []}


# What only an agent at work sees.
SERVED = {Place("desk/c/01990000-0000-7000-8000-000000000001", "linyi", sheet).name for sheet in ("", "sheet:why")}


@pytest.fixture
def taken() -> list[Place]:
    return [Place("login"), *places.plain_places(), *places.places_within(house)]


def test_every_page_of_the_router_is_looked_at(taken: list[Place]) -> None:
    paths = {place.path for place in taken}
    for name, pattern in places.routes().items():
        fits = re.compile(re.sub(r"/?:\w+(\([^)]*\))?\?", "(/[^/]+)?", pattern.strip("/")).replace(":id", "[^/]+"))
        assert any(fits.fullmatch(path) for path in paths), f"no picture is taken of the page {name}"
    assert len(places.routes()) > 12


@pytest.mark.parametrize("page", ["roster", "promises", "ratings", "review", "settings"])
def test_every_part_of_a_page_is_looked_at(page: str, taken: list[Place]) -> None:
    assert len(places.parts(page)) >= 4
    assert {f"{page}/{part}" for part in places.parts(page)} <= {place.path for place in taken}


def test_every_sheet_over_a_conversation_is_opened(taken: list[Place]) -> None:
    assert {f"sheet:{name}" for name in places.desk_sheets()} <= {place.sheet for place in taken}


def test_the_hands_of_every_state_find_their_controls() -> None:
    """A control that goes by another name now would only leave a picture out."""
    here = places.SOURCES.parents[2] / "scripts" / "screens"
    hands = "".join((here / name).read_text(encoding="utf-8") for name in ("states.py", "settings.py"))
    marks = set(re.findall(r'(?:at\(page, |get_by_test_id\()"([\w-]+)"', hands))
    for group in re.findall(r'(?:choosing|writing)\(("[^)]*")\)', hands):
        marks |= set(re.findall(r'"([a-z][\w-]+)"', group))
    marks |= set(re.findall(r'(?:filling|within)\("([\w-]+)"', hands))
    sources = "".join(file.read_text(encoding="utf-8") for file in places.SOURCES.rglob("*.vue"))
    known = set(re.findall(r'data-test="([\w-]+)"', sources))
    written = re.findall(r'data-test="`([\w-]+)\$\{', sources)
    assert len(marks) > 20
    assert [mark for mark in marks if mark not in known and not mark.startswith(tuple(written))] == []


def test_what_is_in_the_middle_of_something_is_looked_at(taken: list[Place]) -> None:
    served = list(places.states_within("01990000-0000-7000-8000-000000000001"))
    assert {f"state:{name}" for name in STATES} == {place.sheet for place in served}
    asked = {place.path for place in places.states_within(None) if not place.path.startswith("settings/config/")}
    assert asked <= {place.path for place in taken} | {"desk"}
    assert len([state for state in STATES.values() if state.where.startswith("settings")]) > 20


def test_pictures_do_not_overwrite_each_other_and_the_chosen_ones_exist(taken: list[Place]) -> None:
    names = [place.name for place in dict.fromkeys(taken)]
    assert len(names) == len(set(names))
    assert {picture.partition(".")[0] for picture in CHOSEN.values()} <= {*names, "widget-chat", *SERVED}
