"""What was raised waits at the outlets that take it; secrets kept; how each outlet does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk import notices
from yizhan.desk.outlets import policy, store
from yizhan.desk.outlets.documents import OUTLET, Outlet, secrets_asked
from yizhan.desk.outlets.model import FAILED, NewPost, Standing
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.records import texts
from yizhan.records.config import Published
from yizhan.records.texts import Purpose, Text, TextState

_A_DAY = timedelta(days=1)
_FORGOTTEN_AFTER = timedelta(days=60)
_AT_ONCE = 5_000
_MOST_CHARS = 2_000


async def put_out(tx: Tx, entries: Sequence[Entry], published: Published, now: datetime) -> bool:
    """True when something waits now. In quiet hours it waits until they are over, and leaves then as a digest."""
    outlets = published.all(OUTLET)
    if not outlets:
        return False
    posts: dict[tuple[str, str], NewPost] = {}
    for entry in entries:
        for name, outlet in outlets.items():
            post = _post(entry, name, outlet, now)
            if post is not None:
                posts[name, post.topic] = post
    await store.put(tx, list(posts.values()))
    return bool(posts)


async def note_reports(tx: Tx, reports: Sequence[Entry], now: datetime) -> None:
    """What carriers say of notices that left as text messages: one that reached nobody has failed after all."""
    of = {each.subject for each in reports if each.data.get("purpose") == Purpose.NOTICE}
    told = defaultdict[UUID, list[Text]](list)
    for text in await texts.texts_of(tx, list(of)) if of else []:
        told[text.subject].append(text)
    for id, known in told.items():
        lost = [f"{each.masked}: {each.error}" for each in known if each.state is TextState.FAILED]
        outlet = await store.reported(tx, id, "; ".join(lost)[:300], failed=len(lost) == len(known)) if lost else None
        if outlet is not None:
            await emit(tx, [Event(
                kind=FAILED, subject=policy.subject_of(outlet), subject_version=1, at=now, actor="system",
                data={"outlet": outlet, "error": lost[0][:200], "lost": len(lost)},
            )])  # fmt: skip


async def keep_secrets(
    tx: Tx, vault: Vault, name: str, outlet: Outlet, given: Mapping[str, str | None], *, now: datetime, by: str
) -> list[str]:
    """Those given replace what is kept; null takes one away. Returns the names of those that are set."""
    known = secrets_asked(outlet)
    for key, value in given.items():
        if key not in known:
            raise Invalid(f"a {outlet.kind} has no secret {key}", key)
        if value is not None and (not value or len(value) > _MOST_CHARS or not value.isprintable()):
            raise Invalid("a secret is one line", key)
        if key == "url" and value is not None and not value.startswith(("https://", "http://")):
            raise Invalid("an address begins with https://", key)
    merged = {**await store.secrets_of(tx, vault, name), **given}
    kept = {key: value for key, value in merged.items() if value is not None}
    version = await store.put_secrets(tx, vault, name, kept, now)
    await emit(tx, [Event(
        kind="outlet.secrets_changed", subject=policy.subject_of(name), subject_version=version, at=now, actor=by,
        data={"outlet": name, "fields": sorted(given)},
    )])  # fmt: skip
    return sorted(kept)


async def standings(tx: Tx, vault: Vault, names: Sequence[str], now: datetime) -> list[Standing]:
    """Of the last day."""
    done, secrets = await store.standings(tx, now - _A_DAY), await store.secrets_set(tx, vault)
    found = []
    for name in names:
        row = done.get(name)
        facts = {key: value for key, value in row.items() if key != "name"} if row is not None else {}
        none = {"waiting": 0, "sent": 0, "failed": 0, "sent_at": None, "error": None}
        found.append(Standing(name=name, secrets=secrets.get(name, []), **{**none, **facts}))
    return found


async def rewrap_secrets(tx: Tx, vault: Vault) -> int:
    """After the master key changed: how many outlets' secrets were sealed anew."""
    return await store.rewrap_secrets(tx, vault)


async def forget_posts(tx: Tx, now: datetime) -> int:
    """A task of the night."""
    return await store.forget(tx, now - _FORGOTTEN_AFTER, _AT_ONCE)


def _post(entry: Entry, name: str, outlet: Outlet, now: datetime) -> NewPost | None:
    why, how = str(entry.data.get("why", "")), str(entry.data.get("how", "notify"))
    level = str(notices.level_of(why, how, entry.data.get("level")))
    if not policy.takes(outlet, why, level, entry.team_id):
        return None
    return NewPost(
        id=new_id(now), outlet=name, topic=notices.topic_of(why, entry.subject), why=why, level=level,
        ticket_id=entry.ticket_id, agents=tuple(_ids(entry.data.get("agents"))),
        facts=notices.facts_of(entry.data), raised_at=entry.at,
        due_at=policy.quiet_until(outlet.quiet, level, now) or now,
    )  # fmt: skip


def _ids(value: object) -> list[UUID]:
    try:
        return msgspec.convert(value, list[UUID], strict=False)
    except msgspec.ValidationError:
        return []
