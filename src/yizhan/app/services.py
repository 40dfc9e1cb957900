"""What the web is given to work with: the parts of a house under the names handlers know."""

from __future__ import annotations

from yizhan.app.checks import authorisations, connection_checks, inbox_types
from yizhan.app.connecting import open_lookups
from yizhan.app.demo import DEMO_LOGINS, DemoCrm
from yizhan.app.house import House
from yizhan.app.reception import reception_desk
from yizhan.app.settings import Settings
from yizhan.app.shared_memory import shared_memory
from yizhan.app.upkeep import retry_held
from yizhan.desk.connectors import Caller
from yizhan.desk.search import Search
from yizhan.foundation.bus import LocalBus
from yizhan.records.config import house_calendar
from yizhan.web.limits import LimitPolicy, per_minute
from yizhan.web.meters import Meters
from yizhan.web.services import DemoDrive, Services, WebSettings
from yizhan.web.widget_memory import WidgetMemory


def services_of(house: House, demo: DemoDrive | None = None) -> Services:
    settings = house.settings
    meters = Meters(house.bus)
    house.loops.append(meters.run())
    wire = DemoCrm(house.http, house.clock, lambda: demo.crm) if demo else house.http
    caller = Caller(wire, house.clock, house.the_adapting.tokens)
    return Services(
        db=house.db, vault=house.vault, signer=house.signer, blobs=house.blobs, clock=house.clock,
        channels=house.adapting,
        search=Search(house.vault), intake=house.intake, hub=house.hub, postman=house.postman, trail=house.trail,
        signs=house.signs, configuration=house.rules.configuration, clock_book=house.rules.clocks,
        routing_book=house.rules.routing, roster_book=house.rules.roster, metrics=house.metrics,
        visitor_news=house.visitors, type_book=house.rules.types, form_book=house.rules.forms,
        profile_book=house.rules.profile, segment_book=house.rules.segments, reply_book=house.rules.replies,
        macro_book=house.rules.macros,
        caller=caller, lookups=open_lookups(house, caller),
        complaint_rules=house.rules.complaints,
        triage_book=house.rules.triage, word_book=house.rules.words, priority_book=house.rules.priority,
        blacklist=house.rules.blacklist,
        meters=meters,
        overflow=lambda: house.rules.overflow.chains,
        resolution=lambda: house.rules.resolution.rules,
        verification_book=house.rules.verification, shop_book=house.rules.shops,
        demo_texts=house.demo_phone.texts if settings.demo else None,
        satisfaction_book=house.rules.satisfaction, reception=reception_desk(house),
        promise_book=house.rules.promises, office=lambda: house_calendar(house.rules.live.now),
        authorisations=authorisations(house.http), inbox_types=inbox_types(), demo=demo,
        checks=connection_checks(house.http, house.clock, settings.dns_servers), settings=WebSettings(
            public_url=settings.public_url, secure_cookies=settings.secure_cookies, demo=settings.demo,
            demo_logins=DEMO_LOGINS if settings.demo else (), limits=limits_of(settings),
            max_file_bytes=settings.max_body_bytes, data_dir=settings.data_dir, simulator=settings.simulator,
        ),
        retry_held=lambda actor: retry_held(house, actor),
        widgets=WidgetMemory() if isinstance(house.bus, LocalBus) else shared_memory(house.bus, house.vault),
    )  # fmt: skip


def limits_of(settings: Settings) -> LimitPolicy:
    return per_minute(settings.rate_limit)
