"""The workbench is an app that can be installed: in both languages, with icons of the sizes it names."""

from __future__ import annotations

import json
import struct

import pytest

from scripts import frontend
from scripts.screens.places import routes

PUBLIC = frontend.FRONTEND / "workbench" / "public"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manifest_names_icons_that_are_there_and_pages_that_exist(language: str) -> None:
    told = json.loads((PUBLIC / f"manifest.{language}.webmanifest").read_text("utf-8"))
    assert (told["id"], told["scope"], told["display"]) == ("/app/", "/app/", "standalone")
    assert told["lang"].startswith(language)
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])
    for icon in told["icons"]:
        content = (PUBLIC / icon["src"].removeprefix("/app/")).read_bytes()
        if icon["type"] == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", content[16:24])) == icon["sizes"]
    pages = {path.split("/")[1] for path in routes().values()}
    assert {link["url"].split("/")[2] for link in (told, *told["shortcuts"]) if "url" in link} <= pages


def test_both_manifests_describe_one_app() -> None:
    chinese, english = (
        json.loads((PUBLIC / f"manifest.{each}.webmanifest").read_text("utf-8")) for each in ("zh", "en")
    )
    spoken = {"name", "short_name", "description", "lang", "shortcuts"}
    assert {key: chinese[key] for key in chinese if key not in spoken} == {
        key: english[key] for key in english if key not in spoken
    }
    assert [link["url"] for link in chinese["shortcuts"]] == [link["url"] for link in english["shortcuts"]]
