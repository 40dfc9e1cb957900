"""The administrator gives the house a colour and a logo; every page wears them before anybody has signed in."""

from __future__ import annotations

import base64

import httpx

from tests.records.look.test_look import png
from tests.web.house import House, sign_in


async def test_the_house_wears_its_colour_and_logo(browser: httpx.AsyncClient, house: House) -> None:
    plain = await browser.get("/app/look.css")
    assert (plain.text, plain.headers["content-type"], plain.headers["cache-control"]) == (
        "", "text/css; charset=utf-8", "no-cache",
    )  # fmt: skip
    assert (await browser.get("/app/look/logo")).status_code == 404
    await sign_in(browser, "lin")
    wish = {"color": "#FFD400", "version": 0, "logo": base64.b64encode(png(64, 64)).decode()}
    assert (await browser.put("/api/v1/look", json=wish)).status_code == 403
    await sign_in(browser, "admin")
    refused = await browser.put("/api/v1/look", json={**wish, "logo": base64.b64encode(b"<svg/>").decode()})
    assert (refused.status_code, refused.json()["zh"]) == (422, "标志必须是 PNG 或 JPEG 图片")
    kept = (await browser.put("/api/v1/look", json=wish)).json()
    assert (kept["color"], kept["shades"]["adjusted"], kept["version"]) == ("#ffd400", True, 1)
    assert (await browser.put("/api/v1/look", json=wish)).json()["code"] == "conflict"
    logo = await browser.get(kept["logo"])
    assert (logo.content, logo.headers["content-type"]) == (png(64, 64), "image/png")
    worn = await browser.get("/app/look.css")
    assert kept["shades"]["button"] in worn.text
    same = await browser.get("/app/look.css", headers={"if-none-match": worn.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    bare = await browser.put("/api/v1/look", json={"color": "", "version": 1})
    assert (bare.json()["color"], bare.json()["logo"]) == ("", kept["logo"])
    assert "--brand" not in (await browser.get("/app/look.css")).text


async def test_a_new_widget_wears_it_too(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    await browser.put("/api/v1/look", json={"color": "#0f766e", "version": 0})

    async def color_of(**settings: str) -> str:
        wish = {"channel": "webchat", "name": "网页", "brand_id": str(house.brand), "settings": settings}
        return str((await browser.post("/api/v1/inboxes", json=wish)).json()["settings"]["color"])

    assert (await color_of(), await color_of(color="#123456")) == ("#0f766e", "#123456")
