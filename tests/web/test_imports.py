"""A file comes in: looked into, tried, taken in once, and what is wrong comes back as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.desk import imports, sources, standards
from yizhan.desk.imports import jobs
from yizhan.foundation.jobs import Job
from yizhan.web.imports import handlers
from yizhan.web.services import Services

PROFILES = (
    "客户编号,姓名,手机号,城市,生日\r\n1,王芳,13800138000,杭州,1990-03-07\n2,李雷,12,上海,1990-02-30\r\n"
    "3,韩梅梅,13800138002,=HYPERLINK(1),\n4,多,一,格,子,\"!\"\n5,赵六,,成都,1988/1/2\n"
)  # fmt: skip


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    made = await open_desk(services, house, browser)
    await made.as_("admin")
    return made


async def up(desk: Desk, content: bytes, name: str = "members.csv", kind: str = "profiles") -> str:
    made = await desk.post("/imports", {"kind": kind, "source": "crm", "name": name, "size": len(content)})
    for place in range(0, len(content), made["part_bytes"]):
        part = content[place : place + made["part_bytes"]]
        answer = await desk.browser.put(f"{API}/imports/{made['id']}/parts/{place // made['part_bytes']}", content=part)
        assert answer.status_code == 204, answer.text
    return str(made["id"])


async def run(desk: Desk, id: str, *, dry: bool = False, columns: list[str] | None = None) -> dict[str, Any]:
    seen = await desk.post(f"/imports/{id}/look", {}, 200)
    plan = {
        "columns": columns or [c["guess"] for c in seen["columns"]], "encoding": seen["encoding"],
        "delimiter": seen["delimiter"], "sheet": seen["sheet"],
    }  # fmt: skip
    await desk.post(f"/imports/{id}/start", {"plan": plan, "dry": dry}, 200)
    services = desk.services
    await imports.run(
        services.db, services.vault, services.blobs, services.clock, lambda: services.profile_book.now,
        Job(1, imports.IMPORT, {"import": id}),
    )  # fmt: skip
    told: dict[str, Any] = await desk.get(f"/imports/{id}")
    return told


async def test_good_rows_go_in_bad_ones_come_back_and_a_second_run_changes_nothing(desk: Desk) -> None:
    id = await up(desk, PROFILES.encode("gbk"))
    seen = await desk.post(f"/imports/{id}/look", {}, 200)
    assert seen["encoding"] == "gb18030"
    guesses = ["id", "name", "identifier:phone", "field:city", "field:birthday"]
    assert [each["guess"] for each in seen["columns"]] == guesses
    tried = await run(desk, id, dry=True)
    assert (tried["state"], tried["counts"]) == ("ended", {"created": 3, "refused": 2})
    assert await desk.sql("SELECT count(*) FROM contact") == 0
    told = await run(desk, id)
    assert (told["state"], told["done"], told["counts"]) == ("ended", 1.0, {"created": 3, "refused": 2})
    answer = await desk.browser.get(f"{API}/imports/{id}/faults.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["行号", "问题", "客户编号", "姓名", "手机号", "城市", "生日"]
    assert rows[1][0] == "3"
    assert "手机号：" in rows[1][1]
    assert "生日：没有这一天" in rows[1][1]
    assert rows[2][0] == "5"
    assert await desk.sql("SELECT fields->>'city' FROM contact WHERE name = '韩梅梅'") == "=HYPERLINK(1)"
    events = await desk.sql("SELECT count(*) FROM event_new WHERE kind IN ('contact.created', 'profile.changed')")
    again = await run(desk, id)
    assert again["counts"] == {"unchanged": 3, "refused": 2}
    after = await desk.sql("SELECT count(*) FROM event_new WHERE kind IN ('contact.created', 'profile.changed')")
    assert after == events


async def test_the_file_of_errors_is_whole_however_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_FAULTS_TOGETHER", 2)
    id = await up(desk, b"id,name,phone\n" + b"".join(b"%d,x,%d\n" % (n, n) for n in range(5)))
    assert (await run(desk, id))["counts"] == {"refused": 5}
    answer = await desk.browser.get(f"{API}/imports/{id}/faults.csv?lang=en")
    assert [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))] == ["row", *"23456"]


async def test_refused_rows_leave_for_who_brought_them_or_may_reveal_and_the_journal_says_so(desk: Desk) -> None:
    id = await up(desk, PROFILES.encode())
    await run(desk, id)
    await desk.sql(
        "UPDATE role SET permissions = permissions || '{customer.import}'::text[] WHERE key IN ('agent', 'lead')"
    )
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", f"/imports/{id}/faults.csv")
    await desk.as_("su")
    assert "李雷" in (await desk.browser.get(f"{API}/imports/{id}/faults.csv")).text
    assert (
        await desk.sql("SELECT actor FROM event_new WHERE kind = 'import.downloaded'")
        == f"agent:{desk.house.people['su']}"
    )


async def test_a_worker_that_died_is_followed_by_one_that_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "TOGETHER", 10)
    rows = "".join(f"{n},客户{n}\n" for n in range(35))
    id = await up(desk, ("id,name\n" + rows).encode("utf-16"))
    stop = desk.services.profile_book.now
    taken = 0
    take = sources.take_profiles

    async def dying(*given: Any, **named: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken == 3:
            raise RuntimeError("killed")
        return await take(*given, **named)

    monkeypatch.setattr(sources, "take_profiles", dying)
    with pytest.raises(RuntimeError):
        await run(desk, id)
    assert (await desk.get(f"/imports/{id}"))["counts"] == {"created": 20}
    services = desk.services
    await imports.run(
        services.db, services.vault, services.blobs, services.clock, lambda: stop, Job(1, "import", {"import": id})
    )
    assert (await desk.get(f"/imports/{id}"))["counts"] == {"created": 35}
    assert await desk.sql("SELECT count(*) FROM contact") == 35


async def test_orders_of_several_things_are_one_order(desk: Desk) -> None:
    text = (
        "订单编号;会员号;状态;金额;下单时间;商品;数量;单价\nSO1;7;已发货;￥1,698.00;2026/2/1 10:00;吸尘器;1;1299\n"
        "SO1;7;已发货;￥1,698.00;2026/2/1 10:00;空气炸锅;1;399.00\nSO2;7;???;x;2026-02-30;耳机;1;1\n"
    )
    id = await up(desk, text.encode(), "orders.csv", "orders")
    told = await run(desk, id)
    assert told["counts"] == {"created": 2, "refused": 1}
    document = await desk.sql("SELECT document FROM customer_order")
    assert [line["title"] for line in document["lines"]] == ["吸尘器", "空气炸锅"]


async def test_a_file_of_orders_tells_where_their_parcels_are(desk: Desk) -> None:
    text = (
        "订单编号,会员号,状态,金额,下单时间,快递公司,运单号,物流状态,预计送达,最新物流,物流更新时间,订单链接\n"
        "SO1,7,已发货,9,2026/2/1 10:00,顺丰,SF1,派送中,2026/2/4,快递员小周派送中,2026/2/3 08:12,https://shop.example/1\n"
        "SO2,7,已发货,9,2026/2/1 10:00,顺丰,SF2,飞走了,,,,\n"
        "SO3,7,已发货,9,2026/2/1 10:00,顺丰,SF3,,,派送中,,\n"
    )
    told = await run(desk, await up(desk, text.encode(), "orders.csv", "orders"))
    assert told["counts"] == {"created": 1, "refused": 2}
    document = await desk.sql("SELECT document FROM customer_order")
    assert document["url"] == "https://shop.example/1"
    assert document["tracking"] == {
        "carrier": "顺丰", "number": "SF1", "state": "out_for_delivery", "arrives_on": "2026-02-04",
        "events": [{"at": "2026-02-03T00:12:00Z", "text": "快递员小周派送中"}],
    }  # fmt: skip
    faults = (await desk.browser.get(f"{API}/imports/{told['id']}/faults.csv")).text.splitlines()[1:]
    assert "物流状态" in faults[0]
    assert "物流更新时间" in faults[1]


async def test_what_cannot_be_read_says_so(desk: Desk) -> None:
    id = await up(desk, b"not excel", "x.xlsx")
    await desk.refused(422, "invalid", "POST", f"/imports/{id}/look", {})
    id = await up(desk, b"a,b\n1,2\n")
    told = await desk.refused(422, "invalid", "POST", f"/imports/{id}/start", {"plan": {"columns": ["", "name"]}})
    assert "谁" in told["zh"]
    half = await desk.post("/imports", {"kind": "profiles", "source": "crm", "name": "h.csv", "size": 5_000_000})
    await desk.refused(409, "conflict", "POST", f"/imports/{half['id']}/look", {})
    over = await desk.post(f"/imports/{half['id']}/cancel", {}, 200)
    assert over["state"] == "cancelled"
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/imports")


async def test_what_was_refused_is_forgotten_after_a_month(desk: Desk) -> None:
    await run(desk, await up(desk, PROFILES.encode()))
    for days, left in ((29, 1), (31, 0)):
        async with desk.services.db.transaction() as tx:
            await imports.forget_old(tx, desk.services.blobs, desk.services.clock.now() + timedelta(days=days))
        assert await desk.sql("SELECT count(*) FROM import_job") == left
    assert await desk.sql("SELECT count(*) FROM import_fault") == 0


async def test_the_report_of_standards_is_read_by_field_and_source(desk: Desk) -> None:
    await run(desk, await up(desk, PROFILES.encode()))
    assert await desk.get("/conformance") == {"report": None}
    begun = await desk.post("/conformance", {}, 201)
    services = desk.services
    await standards.run(
        services.db, services.vault, services.clock, lambda: services.profile_book.now,
        Job(1, standards.CONFORM, {"run": begun["id"]}),
    )  # fmt: skip
    told = (await desk.get("/conformance"))["report"]
    assert (told["state"], told["done"]) == ("ended", 3)
    city = next(each for each in told["fields"] if each["field"] == "city")
    assert (city["zh"], city["source"], city["values"], city["broken"]) == ("城市", "crm", 3, 0)
    await desk.refused(409, "conflict", "POST", f"/conformance/{begun['id']}/cancel")


async def test_a_file_that_went_in_is_told_and_forgotten_with_its_parts(desk: Desk) -> None:
    id = await up(desk, PROFILES.encode())
    await run(desk, id)
    told = await desk.sql("SELECT data FROM event_new WHERE kind = 'notice.raised'")
    assert (told["why"], told["rows_taken"], told["rows_refused"]) == ("import.ended", 3, 2)
    (part,) = await desk.sql("SELECT parts FROM import_job")
    assert await desk.services.blobs.exists(part)
    async with desk.services.db.transaction() as tx:
        await imports.forget_old(tx, desk.services.blobs, desk.services.clock.now() + timedelta(days=31))
    assert not await desk.services.blobs.exists(part)


async def test_customers_leave_as_a_file_masked_unless_for_a_reason_and_nothing_in_it_runs(desk: Desk) -> None:
    await run(desk, await up(desk, PROFILES.encode()))
    answer = await desk.browser.get(f"{API}/customers/export.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["姓名"] for row in rows} == {"王芳", "韩梅梅", "赵六"}
    rows.sort(key=lambda row: ("王芳", "韩梅梅", "赵六").index(row["姓名"]))
    assert (rows[0]["手机号"], rows[0]["生日"], rows[0]["城市"]) == ("138****8000", "1990-**-**", "杭州")
    assert rows[1]["城市"] == "'=HYPERLINK(1)"
    assert len(rows[0]["建档时间"]) == len("2026-01-01 00:00:00")
    await desk.refused(422, "invalid", "GET", "/customers/export.csv?reveal=true")
    clear = await desk.browser.get(f"{API}/customers/export.csv?reveal=true&lang=en&reason=对账")
    told_all = csv.DictReader(io.StringIO(clear.content.decode("utf-8-sig")))
    (first,) = [row for row in told_all if "王芳" in row.values()]
    assert (first["Mobile number"], first["Birthday"]) == ("'+8613800138000", "1990-03-07")
    told = await desk.services.db.pool.fetch("SELECT data FROM event_new WHERE kind = 'export.ended' ORDER BY seq")
    assert [(row["data"]["revealed"], row["data"]["rows"], row["data"]["whole"]) for row in told] == [
        (False, 3, True), (True, 3, True),
    ]  # fmt: skip
    assert told[1]["data"]["reason"] == "对账"
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/customers/export.csv")
