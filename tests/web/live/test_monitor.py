"""Numbers go to those who look at them, and measures to every supervisor as they begin and end."""

from __future__ import annotations

from tests.web.house import House
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import rows, write
from tests.web.server import Running, Widget
from yizhan.desk import supervision
from yizhan.desk.metrics import Metrics
from yizhan.desk.supervision import Ending
from yizhan.records import agents
from yizhan.web.monitor import MonitorNews, StepsPart


async def test_who_looks_at_the_monitor_is_told_and_nobody_else(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    hub, clock = live.services.the_hub, live.services.clock
    metrics = Metrics(live.services.db, live.feed, clock)
    await metrics.step()
    news = MonitorNews(hub, metrics, clock)
    async with (
        desk("su", monitor=True, queue=True) as su,
        desk("admin") as admin,
        desk("lin", monitor=True, queue=True) as lin,
    ):
        await write(widget, "有人吗")
        await su.next("put", e="conversation")
        news.tell()
        told = await su.next("put", e="metrics")
        assert told["row"]["all"]["queue_length"] == 1
        assert told["row"]["team"][str(house.care)]["entered"] == 1
        assert rows(await admin.quiet(0.2) + await lin.quiet(0.1), "metrics") == []


async def test_a_measure_appears_before_supervisors_and_goes(live: Running, house: House, desk: Desk) -> None:
    live.services.the_hub.parts.append(StepsPart())
    now = live.services.clock.now()
    async with desk("su") as su, desk("lin") as lin:
        async with live.services.db.transaction() as tx:
            by = await agents.viewer(tx, house.people["admin"])
            assert by is not None
            begun = await supervision.announce(tx, house.care, "排队较长", minutes=5, by=by, now=now)
        put = await su.next("put", e="steps")
        assert [m["text"] for m in put["row"]["measures"]] == ["排队较长"]
        async with live.services.db.transaction() as tx:
            await supervision.end(tx, begun.id, why=Ending.HAND, actor="test", now=now)
        assert (await su.next("put", e="steps"))["row"]["measures"] == []
        assert rows(await lin.quiet(0.2), "steps") == []
