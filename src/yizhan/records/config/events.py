"""What the journal is told of configuration."""

from collections.abc import Sequence

from yizhan.foundation.journal import Event
from yizhan.records.config.model import RELEASED, SAVED, Document, DocumentChange, Release


def saved(document: Document) -> Event:
    return Event(
        kind=SAVED,
        subject=document.id,
        subject_version=document.version,
        at=document.created_at,
        actor=document.created_by,
        data={
            "kind": document.kind,
            "name": document.name,
            "version": document.version,
            "removed": document.body is None,
        },
    )


def released(release: Release, changes: Sequence[DocumentChange]) -> Event:
    return Event(
        kind=RELEASED,
        subject=release.id,
        subject_version=release.number,
        at=release.released_at,
        actor=release.released_by,
        data={"number": release.number, "documents": [[c.kind, c.name, c.after] for c in changes]},
    )
