"""The machine room: figures for people and for Prometheus."""

from dataclasses import replace

import httpx

from tests.web.built import app_of
from tests.web.house import House, sign_in
from yizhan.desk.operations import Retried
from yizhan.web.meters import process_name
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
    who = f'process="{process_name()}"'
    assert f'yizhan_http_answers_total{{{who},method="GET",status="404"}} 1' in lines
    assert f'yizhan_http_answers_total{{{who},method="POST",status="200"}} 1' in lines
    assert f"yizhan_http_seconds_count{{{who}}} 2" in lines
    assert f'yizhan_http_seconds_bucket{{{who},le="+Inf"}} 2' in lines
    assert any(line.startswith("process_resident_memory_bytes{") for line in lines)
    browser.cookies.clear()
    assert (await browser.get("/metrics")).status_code == 401


async def test_held_work_is_named_and_taken_again(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    async with services.db.transaction() as tx:
        await tx.fetchrow("SELECT * FROM journal_sequence(0, 1)")
        await tx.execute("INSERT INTO reader_hold VALUES ('search', 1, 'no such index', 5, clock_timestamp())")
        await tx.execute(
            "INSERT INTO timer (due, kind, subject, subject_version, data, tries, held, error)"
            " VALUES ($1, 'silence', $2, 1, '{}', 5, true, 'boom')", services.clock.now(), house.care,
        )  # fmt: skip
        await tx.execute("INSERT INTO lease VALUES ('router', 'gone', 3, clock_timestamp() - interval '1 hour')")
    told = (await browser.get("/api/v1/operations")).json()
    assert {alarm["code"]: alarm["level"] for alarm in told["alarms"]} == {"timers_held": "bad", "lease_free": "bad"}
    assert told["leases"] == [{"name": "router", "holder": "gone", "term": 3, "left_s": 0.0}]
    assert (told["jobs_held"], told["disk"], told["retry"]) == (0, None, False)
    held = (await browser.get("/api/v1/operations/held")).json()["items"]
    assert [(one["kind"], one["by"], one["error"]) for one in held] == [
        ("event", "search", "no such index"), ("timer", "timers", "boom"),
    ]  # fmt: skip
    assert (await browser.post("/api/v1/operations/retry")).status_code == 403


async def test_a_running_house_takes_held_work_again(services: Services, house: House) -> None:
    asked: list[str] = []

    async def retry(actor: str) -> list[Retried]:
        asked.append(actor)
        return [Retried("search", 2, 1)]

    transport = httpx.ASGITransport(app_of(replace(services, retry_held=retry)))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        await sign_in(browser, "lin")
        assert (await browser.post("/api/v1/operations/retry")).status_code == 403
        await sign_in(browser, "admin")
        told = await browser.post("/api/v1/operations/retry")
    assert told.json() == {"items": [{"by": "search", "taken": 2, "failing": 1}]}
    assert asked == [f"agent:{house.people['admin']}"]
