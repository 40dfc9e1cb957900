"""The document `alert_rule`: which figure, where, from which value on, for how long, and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.metrics import METRICS, Unit
from yizhan.desk.outlets import Quiet, check_quiet
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Around, Kind, Places, of_teams
from yizhan.records.inboxes import Channel

Words = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Key = Annotated[str, Meta(min_length=1, max_length=80)]
MetricName = Annotated[str, Meta(max_length=60, extra_json_schema={"enum": sorted(METRICS)})]
Recipient = Annotated[str, Meta(pattern=r"^(supervisors|lead|role:[a-z0-9_.-]{1,80})$")]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Words
    en: Words


class OnlyIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of three customers one who leaves is no third of all: a share says something from so many on."""

    metric: MetricName
    at_least: float


class AlertRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Out of bounds `above` or `below`; back at `recover`, which is the same where it is not said.

    `scope` makes an alert of its own for every team, channel or inbox, of those in `only` if any are named. `for_s` and
    `calm_s` are how long it must be out of bounds, and back, before that counts. Shares are 0 to 1, times are seconds.
    """

    name: Title
    metric: MetricName
    on: bool = True
    scope: Literal["all", "team", "channel", "inbox"] = "all"
    only: Annotated[tuple[Key, ...], Meta(max_length=100)] = ()
    above: float | None = None
    below: float | None = None
    recover: float | None = None
    only_if: OnlyIf | None = None
    for_s: Seconds = 60
    calm_s: Seconds = 60
    repeat_min: Annotated[int, Meta(ge=1, le=1440)] | None = 30
    level: Literal["info", "warning", "critical"] = "warning"
    to: Annotated[tuple[Recipient, ...], Meta(max_length=20)] = ("supervisors",)
    quiet: Quiet | None = None

    @property
    def threshold(self) -> float:
        bound = self.above if self.above is not None else self.below
        assert bound is not None, "checked when it was saved"
        return bound

    def is_beyond(self, value: float) -> bool:
        return value > self.threshold if self.above is not None else value < self.threshold

    def is_back(self, value: float) -> bool:
        bound = self.threshold if self.recover is None else self.recover
        return value <= bound if self.above is not None else value >= bound

    def is_worse(self, value: float, than: float) -> bool:
        return value > than if self.above is not None else value < than


def check(rule: AlertRule) -> None:
    """Raises Invalid for what contradicts itself or can never happen."""
    _ensure_metric(rule.metric, rule.scope, "metric")
    if (rule.above is None) == (rule.below is None):
        raise Invalid("out of bounds is above a value or below one: say one of both", "above")
    side = "above" if rule.above is not None else "below"
    unit = METRICS[rule.metric].unit
    if unit is Unit.SHARE and not 0 <= rule.threshold <= 1:
        raise Invalid("a share is between 0 and 1", side)
    if rule.below is not None and rule.below <= 0:
        raise Invalid("no figure is ever less than 0", side)
    if rule.above is not None and (
        (unit is Unit.SHARE and rule.above >= 1) or (unit is Unit.STARS and rule.above >= 5)
    ):
        raise Invalid(f"no figure of this kind is ever more than {rule.above:g}", side)
    if rule.recover is not None and rule.is_beyond(rule.recover):
        raise Invalid("it would recover at a value that is out of bounds", "recover")
    if rule.only and rule.scope == "all":
        raise Invalid("of the whole house there is only one", "only")
    if rule.only_if is not None:
        _ensure_metric(rule.only_if.metric, rule.scope, "only_if.metric")
    if not rule.to:
        raise Invalid("whom to tell?", "to")
    check_quiet(rule.quiet, "quiet")


def _ensure_metric(name: str, scope: str, path: str) -> None:
    metric = METRICS.get(name)
    if metric is None:
        raise Invalid(f"there is no figure {name}", path)
    if scope != "all" and scope not in metric.scopes:
        raise Invalid(f"{name} is not counted by {scope}", path)


def verify(rule: AlertRule, places: Places) -> None:
    """Raises Invalid for a team, channel, inbox or role that the house does not have."""
    channels = frozenset(each.value for each in Channel)
    known = channels if rule.scope == "channel" else places.keys.get(rule.scope)
    for place, key in enumerate(rule.only):
        if known is not None and key not in known:
            raise Invalid(f"there is no {rule.scope} with the key {key}", f"only[{place}]")
    for place, word in enumerate(rule.to):
        kind, _, key = word.partition(":")
        roles = places.keys.get("role")
        if kind == "role" and roles is not None and key not in roles:
            raise Invalid(f"there is no role with the key {key}", f"to[{place}]")


def advise(rule: AlertRule, around: Around) -> Iterable[Advice]:
    if not rule.on:
        yield Advice("on", "it is switched off: nobody is told")
    if rule.quiet is not None and rule.level == "critical" and not rule.quiet.critical_passes:
        yield Advice("quiet", "what is critical is silent too at these hours")
    if rule.scope == "team":
        for place, key in enumerate(rule.only):
            yield from of_teams([key], f"only[{place}]", around)


STANDARD = AlertRule(
    name=Title("客户等待过久", "Customers wait too long"), metric="queue_longest", above=120, recover=60, for_s=30,
)  # fmt: skip

MORE: Mapping[str, AlertRule] = {
    "queue": AlertRule(
        name=Title("排队过长", "A long queue"), metric="queue_length", scope="team", above=15, recover=8, for_s=60,
        level="critical",
    ),
    "first-response": AlertRule(
        name=Title("渠道首次响应超过 5 分钟", "First response of a channel over 5 minutes"),
        metric="first_response_1h", scope="channel", only=("webchat",), above=300, recover=240, for_s=120,
    ),
    "abandon": AlertRule(
        name=Title("放弃率过高", "Many leave the queue"), metric="abandon_rate_1h", above=0.1, recover=0.05, for_s=300,
        only_if=OnlyIf("asked_1h", 20),
    ),
    "answer": AlertRule(
        name=Title("人工应答率过低", "Few are answered by a person"), metric="answer_rate_1h", below=0.85, recover=0.9,
        for_s=300, only_if=OnlyIf("asked_1h", 20),
    ),
    "delivery": AlertRule(
        name=Title("渠道发送失败", "A channel fails to send"), metric="delivery_failures_1h", scope="channel", above=5,
        recover=0, for_s=0, level="critical",
    ),
}  # fmt: skip
"""What a new house is told about without asking: thresholds of the trade."""

ALERT_RULE = Kind(
    "alert_rule", AlertRule, check, verify=verify, title=("告警规则", "Alert rule"), default=STANDARD, more=MORE,
    advise=advise,
)  # fmt: skip
