"""What a process has that serves sockets: a hub, and whoever fills its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yizhan.app.own_loops import follow_inboxes, queue_places
from yizhan.desk.live import Hub
from yizhan.web.alerts import AlertPart
from yizhan.web.complaints import ComplaintPart
from yizhan.web.consultations import ConsultationPart
from yizhan.web.counter import AppointmentPart
from yizhan.web.customers import CustomerListPart, CustomerPart
from yizhan.web.live import OfferPart
from yizhan.web.monitor import MonitorNews, StepsPart
from yizhan.web.notices import NoticePart
from yizhan.web.promises import PromisePart
from yizhan.web.verification import VerificationPart
from yizhan.web.visitors import VisitorFrames
from yizhan.web.widget import VisitorLinks
from yizhan.web.work import WaitingPart

if TYPE_CHECKING:
    from yizhan.app.house import House


def join_web(house: House, *, alone: bool) -> None:
    """`alone` is a process whose inboxes no sender follows."""
    db, clock = house.db, house.clock
    house.hub = Hub(
        db, house.feed, house.bus, clock, VisitorLinks(house.signer, clock),
        queue_state=queue_places(db, clock, house.rules.routing),
        parts=[
            OfferPart(clock), WaitingPart(), NoticePart(), AlertPart(lambda: house.rules.live.now), StepsPart(),
            PromisePart(), ComplaintPart(), VerificationPart(house.rules.verification, clock), AppointmentPart(),
        ],
    )  # fmt: skip
    audience = house.hub.audience
    house.hub.parts += [
        ConsultationPart(audience.guests), CustomerPart(audience.watching), CustomerListPart(audience),
    ]  # fmt: skip
    house.visitors = VisitorFrames(db, house.vault, house.bus, house.hub, house.trail)
    news = MonitorNews(house.hub, house.metrics, clock)
    house.feed.listen(news.hear)
    house.loops += [house.hub.run(), house.trail.run(clock), house.visitors.run(), news.run()]
    if alone:
        house.loops.append(follow_inboxes(house.feed, house.intake))
