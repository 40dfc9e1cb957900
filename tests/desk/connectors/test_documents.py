"""What is wrong with a connector is told when it is saved, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standins.crm import Crm
from yizhan.desk.connectors import CONNECTOR
from yizhan.foundation.errors import Invalid


def crm() -> Crm:
    made = Crm()
    made.url = "https://crm.example"
    return made


LOOK = {"url": "https://crm.example/?q={value}", "by": [{"kind": "phone"}]}
PULL = {"url": "https://crm.example/all"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"look_up": None}, "look_up", "never asked"),
    ({"profile": None, "order": None}, "profile", "what does it tell"),
    ({"look_up": {**LOOK, "url": "ftp://crm.example/{value}"}}, "look_up.url", "https://"),
    ({"look_up": {**LOOK, "url": "https://a:b@crm.example/{value}"}}, "look_up.url", "password"),
    ({"look_up": {**LOOK, "url": "https://{value}.example/"}}, "look_up.url", "which machine"),
    ({"look_up": {**LOOK, "url": "https://crm.example/"}}, "look_up.url", "nobody"),
    ({"look_up": {**LOOK, "url": "https://crm.example/{value}{phone}"}}, "look_up.url", "{phone}"),
    ({"pull": {**PULL, "paging": {"kind": "page"}}}, "pull.url", "every page would be the first"),
    ({"pull": {**PULL, "paging": {"kind": "none", "next": "x"}}}, "pull.paging.next", "cursor"),
    ({"auth": {"kind": "oauth2"}}, "auth.token_url", "https://"),
    ({"profile": {"rows": "customers[", "name": "x"}}, "profile.rows", "JMESPath"),
    ({"profile": {"fields": {"city": "a b"}}}, "profile.fields.city", "JMESPath"),
    ({"order": {"number": "", "status": "s", "total": "t", "placed_at": "p"}}, "order.number", "needed"),
]


@pytest.mark.parametrize(("change", "field", "words"), WRONG)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        CONNECTOR.decode({**crm().document(), **change})
    assert refused.value.field == field
    assert words in refused.value.message


def test_one_that_is_right_is_taken() -> None:
    CONNECTOR.decode(crm().pulling(auth={"kind": "oauth2", "token_url": "https://crm.example/token"}))
