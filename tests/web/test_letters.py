"""What the links of our mails lead to."""

from datetime import timedelta
from uuid import UUID

import httpx

from tests.web.house import House, sign_in
from tests.web.test_retry import asked
from yizhan.channels.email.links import file_url, unsubscribe_url
from yizhan.foundation.clock import FakeClock
from yizhan.records import outbox
from yizhan.web.services import Services

URL = "http://desk.test"


async def sent(browser: httpx.AsyncClient, services: Services, house: House, digest: str = "") -> UUID:
    conversation = await asked(services, house)
    await sign_in(browser, "lin")
    files = [{"hash": digest, "name": "说明书.pdf"}] if digest else []
    said = {"text": "见附件", "client_id": "1", "attachments": files}
    answer = await browser.post(f"/api/v1/conversations/{conversation}/messages", json=said)
    assert answer.status_code == 201, answer.text
    browser.cookies.clear()
    return UUID(answer.json()["message"]["id"])


async def test_a_file_behind_a_link(
    browser: httpx.AsyncClient, services: Services, house: House, clock: FakeClock
) -> None:
    content = b"%PDF-1.7" + bytes(100_000)
    digest = (await services.blobs.put(content, "application/pdf")).hash
    message = await sent(browser, services, house, digest)
    url = file_url(URL, services.signer, message, "说明书.pdf", digest, clock.now())
    got = await browser.get(url)
    assert got.content == content
    assert got.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E8%AF%B4")  # in its own reader
    assert (await browser.get(url, headers={"Range": "bytes=0-3"})).content == b"%PDF"
    other = (await services.blobs.put(b"secret", "text/plain")).hash
    assert (await browser.get(url.replace(digest, other))).status_code == 404
    foreign = file_url(URL, services.signer, message, "x", other, clock.now())
    assert (await browser.get(foreign)).status_code == 404
    clock.advance(timedelta(days=31))
    assert (await browser.get(url)).status_code == 404


async def test_an_answer_that_was_taken_back_gives_out_nothing(
    browser: httpx.AsyncClient, services: Services, house: House, clock: FakeClock
) -> None:
    digest = (await services.blobs.put(b"%PDF-1.7", "application/pdf")).hash
    message = await sent(browser, services, house, digest)
    url = file_url(URL, services.signer, message, "x.pdf", digest, clock.now())
    await services.db.pool.execute("UPDATE message SET recalled_at = $2 WHERE id = $1", message, clock.now())
    assert (await browser.get(url)).status_code == 404


async def test_notices_are_left_by_a_button_or_one_click_and_not_by_looking(
    browser: httpx.AsyncClient, services: Services, house: House, clock: FakeClock
) -> None:
    message = await sent(browser, services, house)
    url = unsubscribe_url(URL, services.signer, message, clock.now())
    page = await browser.get(url)
    assert "退订" in page.text
    assert '<form method="post">' in page.text
    async with services.db.read() as tx:
        written = await outbox.written(tx, message)
        assert await outbox.suppressions_of(tx, written.identity_id) == []
    for _ in range(2):
        done = await browser.post(url, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    async with services.db.read() as tx:
        (stop,) = await outbox.suppressions_of(tx, written.identity_id)
    assert (stop.scope, stop.reason) == ("notices", "unsubscribed")
    assert (await browser.post(f"{URL}/mail/unsubscribe/made-up")).status_code == 404
