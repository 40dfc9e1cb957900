"""The rules in force: every kind of document there is, and what is compiled from them for those who decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.alerts import ALERT_RULE
from yizhan.desk.blocks import BLACKLIST, BlacklistDocument
from yizhan.desk.blocks import SHIPPED as BLACKLIST_SHIPPED
from yizhan.desk.callbacks import CALLBACKS, CallbackBook
from yizhan.desk.clocks import CLOCKS, ClockBook, clock_book
from yizhan.desk.complaints import COMPLAINTS, RuleHolder
from yizhan.desk.connectors import CONNECTOR
from yizhan.desk.counter import SHOP, ShopBook
from yizhan.desk.forms import TICKET_FIELDS, TICKET_FORM, FormBook
from yizhan.desk.identities import IDENTITY_KIND, KindBook
from yizhan.desk.macros import MACRO, MacroBook
from yizhan.desk.metrics import MONITOR
from yizhan.desk.nps import NPS_CAMPAIGN
from yizhan.desk.outlets import OUTLET
from yizhan.desk.priority import PRIORITY_RULES, PriorityBook, priority_book
from yizhan.desk.progress import PROGRESS, ProgressBook, progress_book
from yizhan.desk.promises import PROMISES, PromiseBook, promise_book
from yizhan.desk.quick_replies import QUICK_REPLY, ReplyBook
from yizhan.desk.reception import RECEPTION, ReceptionBook, reception_book
from yizhan.desk.resolution import RESOLUTION, ResolutionBook
from yizhan.desk.roster import ROSTER, RosterBook, roster_book
from yizhan.desk.routing import OVERFLOW, ROUTING, OverflowBook, RoutingBook, routing_book
from yizhan.desk.satisfaction import SATISFACTION, SatisfactionBook, satisfaction_book
from yizhan.desk.segments import SEGMENT, SegmentBook
from yizhan.desk.sla import SLA_POLICY
from yizhan.desk.sources import PROFILE, ProfileBook
from yizhan.desk.triage import TRIAGE, TriageBook, triage_book
from yizhan.desk.verification import VERIFICATION, VerificationBook
from yizhan.desk.words import WORDS, WordBook, word_book
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Feed
from yizhan.foundation.log import get_logger
from yizhan.records import agents
from yizhan.records.config import CALENDAR, DEFAULT, TICKET_TYPES, Configuration, Kinds, Live, Rulings, TypeBook

log = get_logger(__name__)

KINDS = Kinds([
    CALENDAR, TICKET_TYPES, TICKET_FIELDS, TICKET_FORM, SLA_POLICY, TRIAGE, CLOCKS, ROUTING, OVERFLOW, MONITOR, ROSTER,
    PROGRESS, CALLBACKS, OUTLET, COMPLAINTS, WORDS, BLACKLIST, PRIORITY_RULES, ALERT_RULE, PROMISES,
    SATISFACTION, NPS_CAMPAIGN, RECEPTION, IDENTITY_KIND, PROFILE, CONNECTOR,
    VERIFICATION, RESOLUTION, SHOP, SEGMENT, QUICK_REPLY, MACRO,
])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class HouseRules:
    """`live.now` is the release in force in this process; the books switch with it, at the release's event."""

    configuration: Configuration
    live: Live
    clocks: ClockBook
    routing: RoutingBook
    overflow: OverflowBook
    roster: RosterBook
    triage: TriageBook
    types: TypeBook
    forms: FormBook
    progress: ProgressBook
    callbacks: CallbackBook
    complaints: RuleHolder
    words: WordBook
    priority: PriorityBook
    promises: PromiseBook
    satisfaction: SatisfactionBook
    reception: ReceptionBook
    identities: KindBook
    verification: VerificationBook
    profile: ProfileBook
    resolution: ResolutionBook
    shops: ShopBook
    segments: SegmentBook
    replies: ReplyBook
    macros: MacroBook

    def after_calls(self, team: UUID | None) -> timedelta | None:
        """How long 话后整理 lasts after a call, as the rules of routing say it."""
        return self.routing.of(None, team).wrap_up("call")

    def blacklist(self) -> BlacklistDocument:
        return self.live.now.find(BLACKLIST, DEFAULT) or BLACKLIST_SHIPPED

    async def begin(self, db: Database, clock: Clock) -> None:
        """The feed has started: from here no release is missed. A new house gets what ships, as its first release,
        and a known one the preset roles that came with a newer version."""
        try:
            async with db.transaction() as tx:
                await agents.ensure_roles(tx, clock.now())
                made = await self.configuration.ensure_defaults(tx, by="system", now=clock.now())
            if made is not None:
                log.info("config.shipped", release=made.number)
        except Conflict:
            log.info("config.shipped_elsewhere")  # by another process that starts with this one
        await self.live.start()
        await self.live.tell(clock.now())


def house_rules(db: Database, feed: Feed) -> HouseRules:
    configuration = Configuration(KINDS, views.places)
    rules = HouseRules(
        configuration=configuration, live=Live(db, configuration), clocks=clock_book(), routing=routing_book(),
        overflow=OverflowBook(),
        roster=roster_book(), triage=triage_book(), types=TypeBook(), forms=FormBook(), words=word_book(),
        priority=priority_book(), complaints=RuleHolder(), promises=promise_book(), progress=progress_book(),
        callbacks=CallbackBook(), satisfaction=satisfaction_book(),
        reception=reception_book(), identities=KindBook(), verification=VerificationBook(),
        profile=ProfileBook(), resolution=ResolutionBook(), shops=ShopBook(), segments=SegmentBook(),
        replies=ReplyBook(), macros=MacroBook(),
    )  # fmt: skip
    books = (
        rules.overflow, rules.types, rules.forms, rules.clocks, rules.routing, rules.roster, rules.triage,
        rules.words, rules.priority, rules.complaints, rules.promises, rules.progress, rules.callbacks,
        rules.satisfaction, rules.reception, rules.identities, rules.verification,
        rules.profile, rules.resolution, rules.shops, rules.segments, rules.replies, rules.macros,
    )  # fmt: skip
    for book in books:
        rules.live.follow(book.take)
        if isinstance(book, Rulings | OverflowBook | FormBook):
            rules.live.watch(book.faults)
    feed.listen(rules.live.hear)
    return rules
