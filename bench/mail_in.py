"""`mail_in`: mails with files from a Maildir, by `yizhan mail import` and the spool, until the last is a message."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

import uvloop

from bench import people, places
from bench.house import House, load_average, staffed
from bench.report import figure
from bench.wire import Refused
from yizhan.foundation.db import open_connection, start_server

_MAILS = 800
_WARM = 20
_FILE_BYTES = 60_000
_SENDERS = 300
_PATIENCE = 120.0
_LOOK = 0.01


def run() -> None:
    with places.folder() as data, staffed(data, 2) as house:
        house.chief.ask("POST", "/inboxes", {
            "channel": "email", "name": "客服邮箱", "team_id": house.team, "key": "mail",
            "settings": {"address": "care@shop.example", "protocol": "spool"},
        })  # fmt: skip
        rng = random.Random(5)
        warm = _maildir(data / "warm", [_mail(rng, -n - 1) for n in range(_WARM)])
        mails = [_mail(rng, n) for n in range(_MAILS)]
        folder = _maildir(data / "mails", mails)
        with start_server(data) as server:
            uvloop.run(_brought_in(house, server.dsn, warm, _WARM))
            before = places.tree_cpu(house.product.process.pid)
            seconds = uvloop.run(_brought_in(house, server.dsn, folder, _WARM + _MAILS))
            after = places.tree_cpu(house.product.process.pid)
            files = uvloop.run(_files(server.dsn))
        limit = len(mails) / _bare(folder)
    if files != _WARM + _MAILS:
        raise Refused(f"{files} mails have their file, {_WARM + _MAILS} should")
    rate = _MAILS / seconds
    own, below = (round((b - a) / _MAILS * 1e6) for a, b in zip(before, after, strict=True))
    figure("mail_in", rate, "mails/s", goal=">= 150", limit=limit, ratio=rate / limit, detail={
        "mails": _MAILS, "file_bytes": _FILE_BYTES, "average_bytes": sum(map(len, mails)) // _MAILS,
        "charsets": ["gbk", "utf-8"], "durable": True,
        "cpu_us_a_mail": {"product": own, "postgresql": below}, "load_average": load_average(),
        "value_is": "from the start of the command to the last commit, spool and its syncs included",
        "limit_is": "the standard library's parser reading and decoding the same files, nothing kept",
    })  # fmt: skip


def _mail(rng: random.Random, n: int) -> bytes:
    mail = EmailMessage()
    who = rng.randrange(_SENDERS)
    mail["From"] = f"顾客{who} <buyer{who}@mail.example>"
    mail["To"] = "care@shop.example"
    mail["Subject"] = people.sentence(rng)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{n}.{rng.getrandbits(64):x}@mail.example>"
    text = "\n".join(people.sentence(rng) for _ in range(12))
    mail.set_content(text, charset="gbk" if n % 2 else "utf-8")
    mail.add_alternative(f"<div>{text.replace(chr(10), '<br>')}</div>", subtype="html", charset="utf-8")
    mail.add_attachment(rng.randbytes(_FILE_BYTES), maintype="image", subtype="jpeg", filename="故障照片.jpg")
    return mail.as_bytes()


def _maildir(folder: Path, mails: list[bytes]) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for n, mail in enumerate(mails):
        (folder / "new" / f"1700000000.{n:05}.host").write_bytes(mail)
    return folder


async def _brought_in(house: House, dsn: str, folder: Path, count: int) -> float:
    command = [sys.executable, "-m", "yizhan.app.cli", "mail", "import", "--inbox", "mail", "--maildir", str(folder)]
    connection = await open_connection(dsn)
    spool = house.product.data / "spool" / "mail" / "mail" / "new"

    async def open_for_mail() -> bool:  # the product makes it when it hears of the inbox
        return spool.is_dir()

    async def all_in() -> bool:
        return bool(await connection.fetchval("SELECT count(*) >= $1 FROM message", count))

    try:
        await _until(open_for_mail)
        began = time.perf_counter()
        command_ended = asyncio.create_task(asyncio.to_thread(_run, command, house))
        await _until(all_in)
        seconds = time.perf_counter() - began
        await command_ended
        return seconds
    finally:
        await connection.close()


async def _until(true: Callable[[], Awaitable[bool]]) -> None:
    """Looked at every few milliseconds: what is waited for is another process's."""
    for _ in range(round(_PATIENCE / _LOOK)):
        if await true():
            return
        await asyncio.sleep(_LOOK)
    raise Refused("not all mails became messages in time")


def _run(command: list[str], house: House) -> None:
    subprocess.run(command, env=places.environment(house.product.data), check=True, stdout=subprocess.DEVNULL)


async def _files(dsn: str) -> int:
    connection = await open_connection(dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM message WHERE jsonb_array_length(attachments) = 1"))
    finally:
        await connection.close()


def _bare(folder: Path) -> float:
    began = time.perf_counter()
    for name in os.listdir(folder / "new"):
        mail = email.message_from_bytes((folder / "new" / name).read_bytes(), policy=email.policy.default)
        for part in mail.walk():
            if not part.is_multipart():
                part.get_content()
    return time.perf_counter() - began
