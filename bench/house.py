"""A house set up as its administrator would: by `yizhan agent add` and then over the API."""

from __future__ import annotations

import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import places
from bench.wire import Refused, request
from yizhan.foundation.db import open_connection, start_server

CHIEF = "chief"
_SECRET = "between-us-and-the-shop"


class Person:
    """Somebody signed in."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self._line = http.client.HTTPConnection(parts.netloc, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        answer, cookie = self._ask("POST", "/api/v1/auth/login", {"login": login, "password": password})
        self.cookie = cookie.partition(";")[0]
        self._headers |= {"Cookie": self.cookie, "X-CSRF-Token": answer["csrf"]}
        self.id: str = answer["agent"]["id"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return self._ask(method, f"/api/v1{path}", body)[0]

    def get(self, path: str) -> bytes:
        """The bytes of a GET of this person's, to be sent again and again."""
        return request("GET", f"{self.url}/api/v1{path}", {"Cookie": self.cookie})

    def send(self, path: str, content: bytes) -> None:
        """Bare bytes, as files are sent up."""
        self._line.request("PUT", f"/api/v1{path}", content, self._headers)
        answer = self._line.getresponse()
        told = answer.read()
        self._line.close()
        if answer.status >= 300:
            raise Refused(f"PUT {path}: {answer.status} {told[:300]!r}")

    def upload(self, content: bytes, name: str) -> Any:
        """A file as the composer sends it up."""
        self._line.request("POST", "/api/v1/files", content, {**self._headers, "Content-Type": "", "X-File-Name": name})
        answer = self._line.getresponse()
        told = answer.read()
        self._line.close()
        if answer.status >= 300:
            raise Refused(f"POST /files: {answer.status} {told[:300]!r}")
        return json.loads(told)

    def lines(self, path: str) -> Iterator[bytes]:
        """A file as it comes, never the whole of it."""
        self._line.request("GET", f"/api/v1{path}", None, self._headers)
        answer = self._line.getresponse()
        yield from answer
        self._line.close()

    @property
    def at_socket(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": self.url}

    def _ask(self, method: str, path: str, body: object) -> tuple[Any, str]:
        self._line.request(method, path, json.dumps(body) if body is not None else None, self._headers)
        answer = self._line.getresponse()
        content = answer.read()
        self._line.close()  # the next request may be minutes away, and opens it again
        if answer.status >= 300:
            raise Refused(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content else None, answer.getheader("Set-Cookie") or ""


@dataclass
class House:
    """One brand, one team, one inbox of the generic channel, and whoever was hired."""

    product: places.Product
    chief: Person
    team: str
    inbox: str
    people: list[Person]

    @property
    def url(self) -> str:
        return self.product.url

    def hook(self, id: str, sender: str, text: str) -> bytes:
        """A signed delivery as a shop's system makes it."""
        body = json.dumps({"id": id, "from": {"id": sender, "name": "顾客"}, "text": text}).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(_SECRET.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Yizhan-Timestamp": stamp, "X-Yizhan-Signature": signature}
        return request("POST", f"{self.url}/hooks/generic/shop", headers, body)


@contextmanager
def staffed(data: Path, agents: int, *, async_cap: int = 1000) -> Iterator[House]:
    """The whole product with `agents` people who are signed in and 在线."""
    password = secrets.token_urlsafe(18)
    command = [sys.executable, "-m", "yizhan.app.cli", "agent", "add", "--login", CHIEF, "--name", "管理员"]
    command += ["--password", password]
    subprocess.run(command, env=places.environment(data), check=True, stdout=subprocess.DEVNULL)
    with places.product(data, demo=False) as product:
        chief = Person(product.url, CHIEF, password)
        people = [_hire(chief, f"agent{n:03}", password, async_cap) for n in range(agents)]
        team = chief.ask("POST", "/teams", {"key": "after", "name": "售后"})["id"]
        chief.ask("PUT", f"/teams/{team}/members", {"members": [{"agent_id": one.id} for one in people]})
        inbox = chief.ask("POST", "/inboxes", {
            "channel": "generic", "name": "自有商城", "team_id": team, "key": "shop", "secrets": {"secret": _SECRET},
        })["id"]  # fmt: skip
        _deal_at_once(chief)
        for one in people:
            one.ask("PUT", "/me/presence", {"state": "online"})
        yield House(product, chief, team, inbox, people)


async def settled(house: House) -> None:
    """As a house is from its first minute on: the database has looked at how much lies in its tables.

    Its own autovacuum does so within 15 seconds; plans made for empty tables cost three times as much.
    """
    with start_server(house.product.data) as server:
        connection = await open_connection(server.dsn)
        await connection.execute("ANALYZE")
        await connection.close()


def _deal_at_once(chief: Person) -> None:
    """Who has just come in is otherwise spared the tickets that waited: here everybody has been in for long."""
    (routing,) = [d for d in chief.ask("GET", "/config/routing")["items"] if d["name"] == "default"]
    chief.ask("PUT", "/config/routing/default", {"body": {**routing["body"], "arrival_s": None}})
    chief.ask("POST", "/config/releases", {})


def _hire(chief: Person, login: str, password: str, async_cap: int) -> Person:
    (role,) = [r["id"] for r in chief.ask("GET", "/roles")["items"] if r["key"] == "agent"]
    new = {"login": login, "name": f"客服{login[-3:]}", "role_id": role, "password": password, "async_cap": async_cap}
    chief.ask("POST", "/agents", new)
    return Person(chief.url, login, password)


def load_average() -> float:
    """Of the last minute: what else this machine was doing is part of every figure."""
    return round(os.getloadavg()[0], 1)
