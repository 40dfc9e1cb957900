"""The built front ends are served with the headers they need, and nothing beside them."""

from pathlib import Path

import httpx
import pytest

from yizhan.web.services import WebSettings


@pytest.fixture
def built(settings: WebSettings) -> Path:
    folder = settings.assets
    (folder / "workbench" / "assets").mkdir(parents=True)
    (folder / "widget").mkdir()
    (folder / "workbench" / "index.html").write_text("<!doctype html><title>驿站</title>", "utf-8")
    (folder / "workbench" / "sw.js").write_text("// worker")
    (folder / "workbench" / "assets" / "main-1a2b.js").write_text("// x\n" * 1000)
    (folder / "widget" / "widget.js").write_text("// widget\n" * 1000)
    (folder / "keys.toml").write_text("secret")
    return folder


async def test_every_path_of_the_page_is_the_page(browser: httpx.AsyncClient, built: Path) -> None:
    assert (await browser.get("/")).headers["location"] == "/app/"
    for path in ("/app", "/app/", "/app/tickets/208000", "/app/设置"):
        page = await browser.get(path)
        assert page.status_code == 200, path
        assert "驿站" in page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe-eval" not in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"


async def test_hashed_files_stay_for_ever_and_others_are_asked_for(browser: httpx.AsyncClient, built: Path) -> None:
    script = await browser.get("/app/assets/main-1a2b.js")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"].startswith("application/javascript")
    assert script.headers["content-encoding"] == "gzip"
    plain = await browser.get("/app/assets/main-1a2b.js", headers={"accept-encoding": "identity"})
    assert plain.text == script.text == "// x\n" * 1000
    worker = await browser.get("/app/sw.js")
    assert worker.headers["cache-control"] == "no-cache"
    same = await browser.get("/app/sw.js", headers={"if-none-match": worker.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    (built / "workbench" / "sw.js").write_text("// another worker")
    assert (await browser.get("/app/sw.js")).text == "// another worker"


@pytest.mark.parametrize(
    "path", ["/app/../keys.toml", "/app/%2e%2e/keys.toml", "/app/..%2fkeys.toml", "/app/assets/gone.js", "/app/%00.js"]
)
async def test_nothing_beside_the_files_is_given_out(browser: httpx.AsyncClient, built: Path, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_other_sites_may_load_the_widget(browser: httpx.AsyncClient, built: Path) -> None:
    script = await browser.get("/widget.js")
    assert script.status_code == 200
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in script.headers["cache-control"]


async def test_the_look_stays_for_ever_under_its_version(browser: httpx.AsyncClient, built: Path) -> None:
    (built / "widget" / "look.zh.json").write_text('{"version":"0a1b2c","words":{}}')
    answer = await browser.get("/widget/look/zh?v=0a1b2c")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    for query in ("", "?v=", "?v=other"):
        assert (await browser.get(f"/widget/look/zh{query}")).headers["cache-control"] == "no-cache"
    for other in ("fr", "..%2f..%2fkeys"):
        assert (await browser.get(f"/widget/look/{other}")).status_code == 404


async def test_what_is_not_built_is_said_so(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/app/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
