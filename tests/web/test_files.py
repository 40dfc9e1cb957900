"""Files come in by content and go out so that no browser runs them in our name."""

from uuid import UUID

import httpx
import pytest

from tests.web.house import House, sign_in
from yizhan.foundation.ids import new_id
from yizhan.web.files.kinds import kind_of, safe_name
from yizhan.web.files.ranges import Unsatisfiable, part_of
from yizhan.web.services import Services

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


async def test_a_picture_goes_in_and_comes_out_inline(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    named = {"x-file-name": "%E6%BC%8F%E6%B0%B4.png", "content-type": "image/png"}
    raw = await browser.post("/api/v1/files", content=PNG, headers=named)
    assert raw.status_code == 201
    stored = raw.json()
    assert (stored["name"], stored["type"], stored["size"]) == ("漏水.png", "image/png", 108)
    form = await browser.post("/api/v1/files", files={"file": ("漏水.png", PNG, "image/png")})
    assert form.json() == stored, "the same content is the same file"
    shown = await browser.get(stored["url"])
    assert shown.content == PNG
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E6")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "immutable" in shown.headers["cache-control"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("picture.png", b"<html>not a picture"),
        ("code.js", b"alert(1)"),
    ],
)
async def test_what_a_browser_would_run_is_saved_as_octets(
    browser: httpx.AsyncClient, house: House, name: str, content: bytes
) -> None:
    await sign_in(browser, "lin")
    stored = (await browser.post("/api/v1/files", files={"file": (name, content, "text/html")})).json()
    given = await browser.get(stored["url"])
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_a_pdf_opens_in_the_browsers_own_reader(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    stored = (await browser.post("/api/v1/files", content=b"%PDF-1.4\n", headers={"x-file-name": "a.pdf"})).json()
    given = await browser.get(stored["url"])
    assert given.headers["content-disposition"].startswith("inline")
    policy = given.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy


async def test_players_get_the_part_they_ask_for(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    content = b"ID3" + bytes(range(200))
    stored = (await browser.post("/api/v1/files", content=content, headers={"x-file-name": "voice.mp3"})).json()
    part = await browser.get(stored["url"], headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert part.headers["content-range"] == "bytes 10-19/203"
    assert (await browser.get(stored["url"], headers={"range": "bytes=500-"})).status_code == 416


async def test_another_agent_needs_the_message_and_its_scope(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "lin")
    stored = (await browser.post("/api/v1/files", content=PNG, headers={"x-file-name": "a.png"})).json()
    message = await said(services, house.care, stored["hash"])
    await sign_in(browser, "gao")
    path = f"/api/v1/files/{stored['hash']}"
    assert (await browser.get(stored["url"])).status_code == 404, "the grant is the uploader's"
    assert (await browser.get(path)).status_code == 404
    assert (await browser.get(f"{path}?message={message}")).status_code == 404, "not of his team"
    for login in ("su", "admin"):
        await sign_in(browser, login)
        assert (await browser.get(f"{path}?message={message}")).content == PNG
        other = (await browser.post("/api/v1/files", content=PNG + login.encode())).json()["hash"]
        foreign = await browser.get(f"/api/v1/files/{other}?message={message}")
        assert foreign.status_code == 404, "the message has no such file"


async def said(services: Services, team: UUID, digest: str) -> UUID:
    """A message with one attachment, in a conversation of the team."""
    now = services.clock.now()
    one, contact, brand = (new_id(now) for _ in range(3))
    async with services.db.transaction() as tx:
        await tx.execute(
            "INSERT INTO contact (id, person_id, name, data_key, created_at) VALUES ($1, $1, '王晓燕', '', $2)",
            contact,
            now,
        )
        await tx.execute(
            """INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, team_id, channel, live, phase,
                 seniority, last_message_at, created_at)
               VALUES ($1, $1, $1, $2, $3, $4, 'webchat', true, 'queued', $5, $5, $5)""",
            one, contact, brand, team, now,
        )  # fmt: skip
        await tx.execute(
            """INSERT INTO message (id, conversation_id, contact_id, identity_id, inbox_id, direction, author, kind,
                 text, attachments, at, received_at)
               VALUES ($1, $1, $2, $1, $1, 'in', 'customer:' || $2::uuid, 'image', '', $3, $4, $4)""",
            one, contact, [{"hash": digest, "name": "a.png", "type": "image/png", "size": 108, "inline": False}], now,
        )  # fmt: skip
    return one


async def test_wrong_uploads_and_unknown_files(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    assert (await browser.post("/api/v1/files", content=b"")).status_code == 422
    two = [("file", ("a", b"a")), ("other", ("b", b"b"))]
    assert (await browser.post("/api/v1/files", files=two)).status_code == 422
    for digest in ("0" * 64, "nonsense", "..%2f..%2fkeys"):
        assert (await browser.get(f"/api/v1/files/{digest}")).status_code == 404


async def test_a_file_may_be_larger_than_other_bodies(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    large = b"x" * (2 * 1024 * 1024)
    assert (await browser.post("/api/v1/files", content=large)).status_code == 201
    too_large = {"content-length": str(26 * 1024 * 1024)}
    assert (await browser.post("/api/v1/files", content=b"x", headers=too_large)).status_code == 413


def test_names_are_harmless() -> None:
    assert safe_name("C:\\temp\\报告.pdf") == "报告.pdf"
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name('a"\r\nSet-Cookie: x.txt') == "aSet-Cookie x.txt"
    assert safe_name("") == safe_name("...") == "file"
    assert len(safe_name("长" * 500 + ".pdf")) <= 150
    assert safe_name("长" * 500 + ".pdf").endswith(".pdf")


def test_kinds_come_from_the_content() -> None:
    assert kind_of(b"%PDF-1.7", "x.png") == "application/pdf"
    assert kind_of(b"PK\x03\x04", "表.xlsx").endswith("spreadsheetml.sheet")
    assert kind_of("你好".encode(), "note.txt") == "text/plain"
    assert kind_of(b"\xff\xfe", "note.txt") == "application/octet-stream"


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", (0, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=5-5", (5, 5)),
        ("bytes=0-999", (0, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("rows=1-2", None),
    ],
)
def test_parts(header: str | None, part: tuple[int, int] | None) -> None:
    assert part_of(header, 100) == part


def test_a_part_outside_is_unsatisfiable() -> None:
    with pytest.raises(Unsatisfiable):
        part_of("bytes=100-", 100)
    with pytest.raises(Unsatisfiable):
        part_of("bytes=5-4", 100)
