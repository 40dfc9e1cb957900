"""What a call came to: rows taken in, how the connector stands now, who is told; secrets kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from yizhan.desk.connectors import policy, store
from yizhan.desk.connectors.documents import SECRETS, Connector
from yizhan.desk.connectors.mapping import Mapped
from yizhan.desk.connectors.model import (
    FAILED,
    MOST_PROBLEMS,
    RECOVERED,
    CallFailed,
    Counts,
    RowProblem,
    State,
)
from yizhan.desk.sources import Did, Outcome, ProfileRules, put_orders, put_profiles
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Event, emit

ACTOR = "connector"
_MOST_CHARS = 4_000
_FORGOTTEN_AFTER = timedelta(days=14)
_AT_ONCE = 5_000


async def take_in(
    tx: Tx, vault: Vault, connector: Connector, mapped: Mapped, rules: ProfileRules, now: datetime
) -> Counts:
    """The same rows again change nothing. Customers first, so that their orders find them."""
    refused = Counts(refused=len(mapped.problems), problems=tuple(mapped.problems))
    profiles = await put_profiles(
        tx, vault, [row for _, row in mapped.profiles], source=connector.source, rules=rules, now=now, by=ACTOR
    )
    orders = await put_orders(
        tx, vault, [row for _, row in mapped.orders], source=connector.source, now=now, by=ACTOR
    )  # fmt: skip
    return (
        refused.plus(_counted("profile", [at for at, _ in mapped.profiles], profiles))
        .plus(_counted("order", [at for at, _ in mapped.orders], orders))
    )  # fmt: skip


async def settle(
    tx: Tx, name: str, connector: Connector, failure: CallFailed | None, now: datetime, *,
    pulled: datetime | None = None, is_pull: bool = False,
) -> State:  # fmt: skip
    """How it stands after a call. `pulled`: a whole pull that began then is in."""
    before = await store.lock_state(tx, name)
    if failure is None:
        after, tells = policy.answered(before, now)
    else:
        after, tells = policy.failed(before, failure, now)
    if pulled is not None:
        after = _with(after, pulled_since=pulled)
    if is_pull and connector.pull is not None:
        after = _with(after, next_at=policy.next_pull(connector.pull, after.failures, now))
    version = await store.save_state(tx, after)
    if tells:
        await emit(tx, [_told(name, connector, before, failure, version, now)])
    return _with(after, version=version)


async def keep_secrets(
    tx: Tx, vault: Vault, name: str, connector: Connector, given: Mapping[str, str | None], *, now: datetime, by: str
) -> list[str]:
    """Those given replace what is kept; null takes one away. Returns the names of those that are set."""
    known = SECRETS[connector.auth.kind]
    for key, value in given.items():
        if key not in known:
            raise Invalid(f"this way in has no secret {key}", key)
        if value is not None and (not value or len(value) > _MOST_CHARS or not value.isprintable()):
            raise Invalid("a secret is one line", key)
        if value is not None and connector.auth.kind == "api_key" and not value.isascii():
            raise Invalid("a key in a header is written in plain letters", key)
    merged = {**await store.secrets_of(tx, vault, name), **given}
    kept = {key: value for key, value in merged.items() if value is not None and key in known}
    version = await store.put_secrets(tx, vault, name, kept, now)
    await emit(tx, [Event(
        kind="connector.secrets_changed", subject=policy.subject_of(name), subject_version=version, at=now, actor=by,
        data={"connector": name, "fields": sorted(given)},
    )])  # fmt: skip
    return sorted(kept)


async def forget_runs(tx: Tx, now: datetime) -> int:
    """A task of the night."""
    return await store.forget_runs(tx, now - _FORGOTTEN_AFTER, _AT_ONCE)


def _counted(what: str, places: Sequence[int], outcomes: Sequence[Outcome]) -> Counts:
    dids = [each.did for each in outcomes]
    problems = [
        RowProblem(what, place, f"{what}.{problem.field}", problem.message)
        for place, outcome in zip(places, outcomes, strict=True) for problem in outcome.problems
    ]  # fmt: skip
    return Counts(
        dids.count(Did.CREATED), dids.count(Did.CHANGED), dids.count(Did.UNCHANGED) + dids.count(Did.OLDER),
        dids.count(Did.REFUSED), tuple(problems[:MOST_PROBLEMS]),
    )  # fmt: skip


def _told(
    name: str, connector: Connector, before: State, failure: CallFailed | None, version: int, now: datetime
) -> Event:
    facts: dict[str, object] = {"connector": name, "title": {"zh": connector.name.zh, "en": connector.name.en}}
    if failure is not None:
        facts |= {"cause": str(failure.cause), "error": failure.detail[:300]}
    elif before.failing_since is not None:
        facts |= {"lasted": int((now - before.failing_since).total_seconds())}
    return Event(
        kind=FAILED if failure is not None else RECOVERED, subject=policy.subject_of(name), subject_version=version,
        at=now, actor=ACTOR, data=facts,
    )  # fmt: skip


def _with(state: State, **changed: object) -> State:
    return msgspec.structs.replace(state, **changed)
