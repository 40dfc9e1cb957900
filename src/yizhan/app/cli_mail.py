"""`yizhan mail`: parse a mail, take one from an MTA, bring in an archive. None of these opens the database."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from yizhan.app.settings import DEFAULT_DATA_DIR
from yizhan.channels.email.archive import ArchivedMail, read_maildir, read_mbox
from yizhan.channels.email.model import Address, ParsedMail
from yizhan.channels.email.spool import IMPORTED, MAX_MAIL_BYTES, Exit, Spool, SpoolFull, key_of
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.errors import Invalid, NotFound, TooLarge

_SAFE_ADDRESS = re.compile(r"^[^\s<>\x00-\x1f\x7f]{0,320}$")
_BATCH, _BATCH_BYTES = 50, 16 * 1024 * 1024


@click.group()
def mail() -> None:
    """Mail from outside: parse, deliver, import."""


@mail.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def parse(files: tuple[Path, ...]) -> None:
    """Print each mail as one line of JSON."""
    from yizhan.channels.email.parsing import parse as parse_mail

    for file in files:
        shown = {"file": str(file), **as_json(parse_mail(file.read_bytes()))}
        sys.stdout.buffer.write(msgspec.json.encode(shown) + b"\n")
    sys.stdout.buffer.flush()


def as_json(parsed: ParsedMail) -> dict[str, Any]:
    """Addresses are objects of name and email; attachments without their content."""
    return {
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "references": parsed.references,
        "from": _address(parsed.from_),
        "to": [_address(one) for one in parsed.to],
        "cc": [_address(one) for one in parsed.cc],
        "reply_to": [_address(one) for one in parsed.reply_to],
        "date": parsed.date,
        "subject": parsed.subject,
        "normalised_subject": parsed.normalised_subject,
        "text": parsed.text,
        "visible_text": parsed.visible_text,
        "html": parsed.html,
        "attachments": [
            {
                "name": one.name,
                "type": one.content_type,
                "size": one.size,
                "sha256": one.sha256,
                "content_id": one.content_id,
                "inline": one.inline,
            }
            for one in parsed.attachments
        ],
        "events": parsed.events,
        "auto_reply": parsed.auto_reply,
        "auto_reply_reason": parsed.auto_reply_reason,
        "no_auto_reply": parsed.no_auto_reply,
        "bounce": parsed.bounce,
        "list_mail": parsed.list_mail,
        "authentication": parsed.auth,
        "encrypted": parsed.encrypted,
        "signed": parsed.signed,
        "defects": parsed.defects,
        "unsupported": parsed.unsupported,
        "sha256": parsed.raw_sha256,
    }


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "email": one.email}


def _spool_option(command: Any) -> Any:
    return click.option(
        "--spool",
        type=click.Path(path_type=Path),
        default=None,
        help="The spool folder; default $YIZHAN_SPOOL, else `spool/mail` in the data folder.",
    )(command)


@mail.command()
@click.option("--inbox", required=True, help="Name or key of the inbox the mail is for.")
@click.option("--sender", default=None, help="Envelope sender, as the MTA knows it (Postfix: ${sender}).")
@click.option("--recipient", default=None, help="Envelope recipient, with its +tag (Postfix: ${original_recipient}).")
@_spool_option
def deliver(inbox: str, sender: str | None, recipient: str | None, spool: Path | None) -> None:
    """Take one mail from standard input into the spool.

    Exit codes are those of sysexits.h: 0 taken, 65 not a mail or too large, 67 no such inbox, 75 try again later.
    """
    sys.exit(_deliver(inbox, sender, recipient, spool or spool_folder(os.environ)))


def _deliver(inbox: str, sender: str | None, recipient: str | None, root: Path) -> Exit:
    try:
        raw = sys.stdin.buffer.read(MAX_MAIL_BYTES + 1)
        Spool(root, key_of(root, inbox)).deliver(with_envelope(raw, sender, recipient), _new_name())
    except NotFound as refusal:
        return _refuse(Exit.NOUSER, refusal.message)
    except Invalid as refusal:
        return _refuse(Exit.NOUSER if refusal.field == "inbox" else Exit.DATAERR, refusal.message)
    except TooLarge as refusal:
        return _refuse(Exit.DATAERR, refusal.message)
    except SpoolFull as refusal:
        return _refuse(Exit.TEMPFAIL, refusal.message)
    except OSError as refusal:  # disk full, no permission: the MTA keeps the mail until somebody mends it
        return _refuse(Exit.TEMPFAIL, refusal.strerror or type(refusal).__name__)
    return Exit.OK


def _refuse(code: Exit, words: str) -> Exit:
    click.echo(words, err=True)
    return code


def _new_name() -> str:
    return f"{SystemClock().now():%Y%m%dT%H%M%S%f}.{secrets.token_hex(8)}"


def with_envelope(raw: bytes, sender: str | None, recipient: str | None) -> bytes:
    """The MTA's envelope as headers in front: bounces are recognised by it and replies threaded."""
    head = b""
    if not raw.strip():
        return raw
    if sender is not None and _SAFE_ADDRESS.match(sender):
        head += b"Return-Path: <" + sender.encode("utf-8", "replace") + b">\n"
    if recipient and _SAFE_ADDRESS.match(recipient):
        head += b"Delivered-To: " + recipient.encode("utf-8", "replace") + b"\n"
    if head and raw.startswith(b"From ") and b"\n" in raw:
        raw = raw.split(b"\n", 1)[1]
    return head + raw


def spool_folder(env: os._Environ[str] | dict[str, str]) -> Path:
    """The user an MTA runs as may read neither the settings nor the keys, so only the environment is asked."""
    if env.get("YIZHAN_SPOOL"):
        return Path(env["YIZHAN_SPOOL"])
    return Path(env.get("YIZHAN_DATA") or DEFAULT_DATA_DIR).expanduser() / "spool" / "mail"


@mail.command("import")
@click.option("--inbox", required=True, help="Name or key of the inbox the mails belong to.")
@click.option(
    "--mbox",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="An archive that is one file.",
)
@click.option(
    "--maildir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="An archive with a file for each mail (cur, new).",
)
@_spool_option
def import_archive(inbox: str, mbox: Path | None, maildir: Path | None, spool: Path | None) -> None:
    """Bring in an archive. Run it again after a break: it goes on where it stopped, and nothing comes in twice.

    Exit codes: 0 all in, 67 no such inbox, 75 no room or no permission, run it again.
    """
    source = mbox or maildir
    if source is None or (mbox and maildir):
        raise click.UsageError("give either --mbox or --maildir")
    try:
        root = spool or spool_folder(os.environ)
        into = Spool(root, key_of(root, inbox))
        key = f"{source.resolve()}"
        position = into.remembered(key)
        mails = read_mbox(source, MAX_MAIL_BYTES, position) if mbox else read_maildir(source, MAX_MAIL_BYTES, position)
        taken, left_out = _spool_all(into, key, mails)
    except (NotFound, Invalid) as refusal:
        sys.exit(_refuse(Exit.NOUSER, refusal.message))
    except SpoolFull as refusal:
        sys.exit(_refuse(Exit.TEMPFAIL, f"{refusal.message}; run the same command again to go on"))
    except OSError as refusal:
        sys.exit(_refuse(Exit.TEMPFAIL, f"{refusal.strerror}; run the same command again to go on"))
    click.echo(f"{taken} mails in, {left_out} left out (empty or too large)")


def _spool_all(into: Spool, key: str, mails: Iterator[ArchivedMail]) -> tuple[int, int]:
    """In batches, after each of which the place is noted."""
    taken = left_out = 0
    for batch in _batches(mails):
        good = [found for found in batch if found.raw and found.raw.strip()]
        try:
            _deliver_all(into, good)
        except SpoolFull:  # as many as there is room for
            for found in good:
                _deliver_all(into, [found])
                into.remember(key, found.position)
        into.remember(key, batch[-1].position)
        taken, left_out = taken + len(good), left_out + len(batch) - len(good)
    return taken, left_out


def _deliver_all(into: Spool, mails: Sequence[ArchivedMail]) -> None:
    """An archived mail is named by its content, so that it comes in once however often it is imported."""
    raws = [found.raw for found in mails if found.raw]
    into.deliver_all([(raw, IMPORTED + hashlib.sha256(raw).hexdigest()[:40]) for raw in raws])


def _batches(mails: Iterator[ArchivedMail]) -> Iterator[list[ArchivedMail]]:
    batch: list[ArchivedMail] = []
    for found in mails:
        batch.append(found)
        if len(batch) == _BATCH or sum(len(one.raw or b"") for one in batch) >= _BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch
