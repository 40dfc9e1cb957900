"""证据包: everything about a ticket in one file, with a list of SHA-256 sums that proves each part of it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.complaints import report, store
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.complaints.report import Matter
from yizhan.desk.complaints.store import Dossier
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records import cases, compensations, complaints
from yizhan.records.cases import Package
from yizhan.records.tickets import By

MOST_BYTES = 80 * 1024 * 1024
"""Attachments beyond are named with their sums, not enclosed."""
_README = """证据包 / Package of evidence

请先打开 index.html:当事人、投诉、外部投诉与答复、补偿、往来经过,供阅读与打印。
Open index.html first: parties, complaint, outside cases, compensation and all that was said, for reading and printing.

manifest.json 列出每个文件的 SHA-256;核对:sha256sum -c manifest.sha256
manifest.json lists the SHA-256 of every file; to check them: sha256sum -c manifest.sha256

journal.json 为操作日志。全部日志按 pos 连成一条哈希链,每条 hash = SHA-256(previous 的字节 + content 的 UTF-8 字节),
因此不必持有整个日志即可逐条核对;任何一条被改动,其 hash 及其后所有日志的 hash 都会不同。
journal.json is the journal. All of it is one chain: hash = SHA-256(bytes of `previous` + UTF-8 of `content`), so each
entry here can be checked by itself; whoever changed one would have had to change every one after it.
"""


class Kept(Protocol):
    """Where files lie, by their hash."""

    async def get(self, hash: str) -> bytes: ...


class Bundle(msgspec.Struct):
    """Files by their path; `wanted` are stored ones by theirs; `left_out` are those that are too large, or gone."""

    files: dict[str, bytes] = {}
    wanted: list[tuple[str, str]] = []
    left_out: list[dict[str, Any]] = []

    def add_json(self, path: str, value: object) -> None:
        self.files[path] = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2)


async def gather(tx: Tx, ticket_id: UUID, book: Rulebook, *, by: str, now: datetime) -> Bundle:
    """All parts of the package, the stored files by their names. Reads only."""
    family = await views.with_merged(tx, ticket_id)
    place = await store.place_of(tx, ticket_id)
    all_of_it = await store.dossier(tx, family, place.contact_id)
    bundle = Bundle()
    bundle.files["README.txt"] = _README.encode()
    bundle.add_json("ticket.json", _rows(all_of_it.tickets))
    bundle.add_json("customer.json", {"contact": place.contact_id, "identities": _rows(all_of_it.identities)})
    bundle.add_json("orders.json", all_of_it.orders)
    bundle.add_json("times.json", _rows(all_of_it.promises))
    bundle.add_json("messages.json", _rows(all_of_it.messages))
    bundle.add_json("conversations.json", _rows(all_of_it.conversations))
    bundle.add_json("promises.json", _rows(all_of_it.promised))
    bundle.add_json("consultations.json", _rows(all_of_it.consulted))
    bundle.add_json("notes.json", _rows(all_of_it.notes))
    bundle.add_json("journal.json", _rows(all_of_it.journal))
    paths: dict[str, str] = {}
    for row in all_of_it.messages:
        for each in row["attachments"] or []:
            path = f"attachments/{each['hash'][:16]}-{_safe(each.get('name') or 'file')}"
            bundle.wanted.append((paths.setdefault(each["hash"], path), each["hash"]))
        if row["raw"]:
            bundle.wanted.append((f"raw/{row['id']}", row["raw"]))
    matter = await _add_complaint(tx, bundle, family, place.contact_id, all_of_it, book, paths, by, now)
    bundle.files["notes.csv"] = _table(matter)
    bundle.files["index.html"] = report.page(matter).encode()
    return bundle


async def enclose(bundle: Bundle, kept: Kept) -> None:
    """Attachments, and the raw form in which messages came, as far as there is room."""
    total = sum(len(content) for content in bundle.files.values())
    for path, digest in bundle.wanted:
        try:
            content = await kept.get(digest)
        except NotFound:
            bundle.left_out.append({"path": path, "sha256": digest, "why": "missing"})
            continue
        if total + len(content) > MOST_BYTES:
            bundle.left_out.append({"path": path, "sha256": digest, "size": len(content), "why": "too large"})
            continue
        total += len(content)
        bundle.files[path] = content


def packed(bundle: Bundle, *, ticket: int, by: str, now: datetime) -> bytes:
    """One file; the same parts at the same time give the same bytes."""
    sums = [(path, len(content), sha256(content).hexdigest()) for path, content in sorted(bundle.files.items())]
    manifest = {
        "ticket": ticket, "made_at": now, "made_by": by, "left_out": bundle.left_out,
        "files": [{"path": path, "size": size, "sha256": digest} for path, size, digest in sums],
    }  # fmt: skip
    listed = "".join(f"{digest}  {path}\n" for path, _, digest in sums)
    whole = {
        **bundle.files, "manifest.sha256": listed.encode(),
        "manifest.json": msgspec.json.format(msgspec.json.encode(manifest), indent=2),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(whole.items()):
            stamp = (now.year, now.month, now.day, now.hour, now.minute, now.second // 2 * 2)
            entry = zipfile.ZipInfo(path, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


async def keep(tx: Tx, ticket_id: UUID, content: bytes, files: int, *, blob: str, by: By, now: datetime) -> Package:
    """Who made which package when, with its own sum, is on record."""
    place = await store.place_of(tx, ticket_id)
    made = Package(
        id=new_id(now), ticket_id=ticket_id, case_id=None, blob=blob, sha256=sha256(content).hexdigest(),
        size=len(content), files=files, actor=by.actor, at=now,
    )  # fmt: skip
    return await cases.keep_package(tx, made, place.contact_id)


async def _add_complaint(
    tx: Tx, bundle: Bundle, family: Sequence[UUID], contact_id: UUID, of: Dossier, book: Rulebook,
    paths: Mapping[str, str], by: str, now: datetime,
) -> Matter:  # fmt: skip
    found = await complaints.of_tickets(tx, family)
    clocks = await complaints.clocks_of(tx, [c.id for c in found])
    graded = [(c, clocks[c.id], await complaints.steps_of(tx, c.id)) for c in found]
    bundle.add_json("complaint.json", [{"complaint": c, "clocks": k, "ladder": steps} for c, k, steps in graded])
    ledger = await compensations.ledger(tx, contact_id)
    bundle.add_json("compensations.json", ledger)
    outside = await cases.of_tickets(tx, family)
    replies = await cases.replies_of(tx, [c.id for c in outside])
    bundle.add_json("external_cases.json", [{"case": c, "replies": replies[c.id]} for c in outside])
    for case in outside:
        for reply in replies[case.id]:
            bundle.files[f"replies/{case.source}-{_safe(case.case_no)}-v{reply.number}.txt"] = reply.text.encode()
    holds = await cases.holds(tx, contact_id)
    bundle.add_json("holds.json", holds)
    return Matter(
        of=of, complaints=graded, cases=[(c, replies[c.id]) for c in outside], ledger=ledger, holds=holds,
        names={str(id): name for id, name in (await store.everybody(tx)).items()} | book.titles, files=paths,
        zone=book.calendar.zone, made_by=by, now=now,
    )  # fmt: skip


def _rows(rows: Iterable[Record]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _table(m: Matter) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["at", "actor", "action", "from", "to", "text"])
    for row in m.of.notes:
        writer.writerow([
            row["at"].isoformat(), m.who(row["actor"]), row["action"], row["from_status"], row["to_status"],
            _cell(row["text"]),
        ])  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(text: str) -> str:
    """A spreadsheet must not take somebody's words for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)[-80:].lstrip(".") or "file"
