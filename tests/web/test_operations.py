"""The machine room: figures for people and for Prometheus."""

import httpx

from tests.web.house import House, sign_in
from yizhan.web.services import Services


async def test_operations_tell_of_readers_outbound_and_database(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    async with services.db.transaction() as tx:
        await tx.fetchrow("SELECT * FROM journal_sequence(0, 5)")
        await tx.execute("INSERT INTO reader_position (reader, pos) VALUES ('search', 3), ('hooks', 5)")
    told = (await browser.get("/api/v1/operations")).json()
    assert told["lag"] == 2
    assert {reader["reader"]: reader["lag"] for reader in told["readers"]} == {"search": 2, "hooks": 0}
    assert told["unplaced"] > 0
    assert told["outbound"] == {"queued": 0, "sending": 0, "failed": 0, "unknown": 0, "overdue_s": 0.0}
    assert told["pg"]["bytes"] > 1_000_000
    assert told["version"] == services.settings.version


async def test_metrics_count_answers(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    await browser.get("/nothing")
    told = await browser.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = told.text.splitlines()
    assert 'yizhan_http_answers_total{method="GET",status="404"} 1' in lines
    assert 'yizhan_http_answers_total{method="POST",status="200"} 1' in lines
    assert "yizhan_http_seconds_count 2" in lines
    assert 'yizhan_http_seconds_bucket{le="+Inf"} 2' in lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)
    browser.cookies.clear()
    assert (await browser.get("/metrics")).status_code == 401
