"""All that handlers may reach, constructed once by `yizhan.app` and handed to each as the dependency `services`."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import msgspec

from yizhan.desk.blocks import SHIPPED, BlacklistDocument
from yizhan.desk.clocks import ClockBook, LifeSigns, clock_book
from yizhan.desk.complaints import RuleHolder
from yizhan.desk.connectors import Caller, Lookups
from yizhan.desk.counter import ShopBook
from yizhan.desk.forms import FormBook
from yizhan.desk.intake import Intake
from yizhan.desk.live import Hub
from yizhan.desk.macros import MacroBook
from yizhan.desk.metrics import Metrics
from yizhan.desk.operations import Retried
from yizhan.desk.outlets import Postman
from yizhan.desk.priority import PriorityBook, priority_book
from yizhan.desk.promises import PromiseBook, promise_book
from yizhan.desk.quick_replies import ReplyBook
from yizhan.desk.reception import Desk, open_desk
from yizhan.desk.resolution import SHIPPED as RESOLUTION_SHIPPED
from yizhan.desk.resolution import ResolutionDocument
from yizhan.desk.roster import RosterBook, roster_book
from yizhan.desk.routing import Chain, RoutingBook, routing_book
from yizhan.desk.satisfaction import SatisfactionBook, satisfaction_book
from yizhan.desk.search import Search
from yizhan.desk.segments import SegmentBook
from yizhan.desk.sources import ProfileBook
from yizhan.desk.trail import TrailBuffer
from yizhan.desk.triage import TriageBook, triage_book
from yizhan.desk.verification import VerificationBook
from yizhan.desk.words import WordBook, word_book
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Signer, Vault
from yizhan.foundation.db import Database
from yizhan.records.access import Passwords, SessionTerms
from yizhan.records.config import SERVICE_HOURS, Configuration, Kinds, TypeBook
from yizhan.records.inboxes import Authorisation, ConnectionCheck
from yizhan.web.buckets import Buckets, Rate
from yizhan.web.channel_house import ChannelHouse
from yizhan.web.hook_doors import HookDoors
from yizhan.web.limits import LimitPolicy
from yizhan.web.meters import Meters
from yizhan.web.widget_memory import WidgetMemory

COUNTER_TRIES = Rate(0.2, 40)
"""Of one agent at a counter: nobody reads through the customers there."""


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What of the operator's settings concerns the web. `demo_logins` may sign in without a password in demo mode."""

    public_url: str = "http://localhost:8000"
    secure_cookies: bool = False
    demo: bool = False
    demo_logins: tuple[str, ...] = ()
    visitor_url: str = "/demo/shop"
    simulator: str = ""
    """Where the vendors' phones of a demo are, as host:port."""
    max_file_bytes: int = 25 * 1024 * 1024
    assets: Path = Path(__file__).resolve().parent.parent / "_web"
    data_dir: Path | None = None
    version: str = "0.1.0"
    sessions: SessionTerms = SessionTerms()
    limits: LimitPolicy = LimitPolicy()

    @property
    def session_seconds(self) -> int:
        return int(self.sessions.life.total_seconds())


class VisitorNews(Protocol):
    """Tells the agents' screens of visitors on the pages."""

    async def left(self, visit_id: UUID) -> None: ...


class DemoText(msgspec.Struct, frozen=True):
    """A text message that would have left the house."""

    to: str
    text: str
    at: datetime


class DemoDrive(Protocol):
    """The switch of the demo, offered by `yizhan.app` in demo mode. `speed` is how many times faster than life."""

    @property
    def on(self) -> bool: ...
    @property
    def speed(self) -> float: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def crm(self) -> bool:
        """Whether the demo's CRM answers."""
        ...

    def switch_crm(self, on: bool) -> None: ...

    def steer(self, on: bool, speed: float) -> None: ...

    async def reset(self) -> None: ...


RetryHeld = Callable[[str], Awaitable[list[Retried]]]
"""Takes everything that was put aside once more, in the name of an actor; offered by `yizhan.app`."""


def _usual_hours() -> Calendar:
    return SERVICE_HOURS.calendar


@dataclass(frozen=True, kw_only=True)
class Services:
    """By channel name: `checks` of its connection, `authorisations` at its provider, `inbox_types` of its settings and
    of its secrets."""

    db: Database
    vault: Vault
    signer: Signer
    blobs: Blobs
    clock: Clock
    settings: WebSettings
    search: Search
    passwords: Passwords = field(default_factory=Passwords)
    checks: Mapping[str, ConnectionCheck] = field(default_factory=dict)
    authorisations: Mapping[str, Authorisation] = field(default_factory=dict)
    inbox_types: Mapping[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]] = field(default_factory=dict)
    configuration: Configuration = field(default_factory=lambda: Configuration(Kinds([])))
    intake: Intake | None = None
    hub: Hub | None = None
    postman: Postman | None = None
    metrics: Metrics | None = None
    trail: TrailBuffer | None = None
    signs: LifeSigns | None = None
    clock_book: ClockBook = field(default_factory=clock_book)
    type_book: TypeBook = field(default_factory=TypeBook)
    form_book: FormBook = field(default_factory=FormBook)
    profile_book: ProfileBook = field(default_factory=ProfileBook)
    segment_book: SegmentBook = field(default_factory=SegmentBook)
    macro_book: MacroBook = field(default_factory=MacroBook)
    reply_book: ReplyBook = field(default_factory=ReplyBook)
    routing_book: RoutingBook = field(default_factory=routing_book)
    roster_book: RosterBook = field(default_factory=roster_book)
    complaint_rules: RuleHolder = field(default_factory=RuleHolder)
    triage_book: TriageBook = field(default_factory=triage_book)
    word_book: WordBook = field(default_factory=word_book)
    priority_book: PriorityBook = field(default_factory=priority_book)
    reception: Desk = field(default_factory=open_desk)
    blacklist: Callable[[], BlacklistDocument] = lambda: SHIPPED
    overflow: Callable[[], Sequence[Chain]] = tuple
    resolution: Callable[[], ResolutionDocument] = lambda: RESOLUTION_SHIPPED
    visitor_news: VisitorNews | None = None
    meters: Meters = field(default_factory=Meters)
    widgets: WidgetMemory = field(default_factory=WidgetMemory)
    hooks: HookDoors = field(default_factory=HookDoors)
    channels: ChannelHouse | None = None
    promise_book: PromiseBook = field(default_factory=promise_book)
    satisfaction_book: SatisfactionBook = field(default_factory=satisfaction_book)
    verification_book: VerificationBook = field(default_factory=VerificationBook)
    shop_book: ShopBook = field(default_factory=ShopBook)
    counter_tries: Buckets = field(default_factory=lambda: Buckets(COUNTER_TRIES, time.monotonic))
    office: Callable[[], Calendar] = _usual_hours
    """The house's time zone and hours as they are in force, by which 今晚 and 3 个工作日 are understood."""
    caller: Caller | None = None
    lookups: Lookups | None = None
    demo: DemoDrive | None = None
    demo_texts: Callable[[], Sequence[DemoText]] | None = None
    retry_held: RetryHeld | None = None

    @property
    def the_intake(self) -> Intake:
        """For doors through which messages come."""
        assert self.intake is not None, "this process takes no messages in"
        return self.intake

    @property
    def the_metrics(self) -> Metrics:
        """For the monitor."""
        assert self.metrics is not None, "this process counts nothing"
        return self.metrics

    @property
    def the_postman(self) -> Postman:
        """For trying an outlet out."""
        assert self.postman is not None, "this process sends no notices"
        return self.postman

    @property
    def the_caller(self) -> Caller:
        """For trying a connector out."""
        assert self.caller is not None, "this process asks no CRM"
        return self.caller

    @property
    def the_lookups(self) -> Lookups:
        """For what CRMs know of a customer who is opened."""
        assert self.lookups is not None, "this process asks no CRM"
        return self.lookups

    @property
    def the_hub(self) -> Hub:
        """For sockets."""
        assert self.hub is not None, "this process keeps no sockets"
        return self.hub
