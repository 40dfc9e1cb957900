"""The people with phones: what each sees in the chat with a house, channel by channel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

State = Literal["sending", "accepted", "refused", "delivered", "read", "recalled"]


class Words(msgspec.Struct, frozen=True):
    zh: str
    en: str


class Human(msgspec.Struct, frozen=True, kw_only=True):
    """One human being behind the accounts of several vendors: the same telephone, the same UnionID."""

    key: str
    name: str
    phone: str = ""

    @property
    def unionid(self) -> str:
        return "oU" + self.digest("union")[:26]

    def digest(self, of: str) -> str:
        """Always the same for this human and this purpose."""
        return hashlib.sha256(f"{of}:{self.key}".encode()).hexdigest()


class Person(msgspec.Struct, kw_only=True):
    """An account of a human at one vendor. `id` is what the vendor calls him, `facts` what else it knows of him."""

    id: str
    human: Human
    facts: dict[str, str] = {}

    @property
    def name(self) -> str:
        return self.human.name


class Blob(msgspec.Struct, frozen=True):
    name: str
    type: str
    content: bytes


class Bubble(msgspec.Struct, kw_only=True):
    """One thing said on a phone. `id` is the vendor's id of the message. `payload` as the desk names it: location
    {latitude, longitude, name, address}, link {title, text, url, picture} … `note` is what the platform answered."""

    id: str
    by: Literal["customer", "house"]
    kind: str = "text"
    text: str = ""
    payload: dict[str, Any] = {}
    file: Blob | None = None
    at: datetime
    state: State = "sending"
    note: str = ""


class People:
    """Who has an account, and all chats: by channel and person."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._chats: dict[tuple[str, str], list[Bubble]] = {}
        self.version = 0

    def add(self, person: Person) -> Person:
        self._people.setdefault(person.id, person)
        self.version += 1
        return self._people[person.id]

    def get(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def of(self, human: Human) -> Person | None:
        return next((each for each in self._people.values() if each.human.key == human.key), None)

    def __iter__(self) -> Iterator[Person]:
        return iter(list(self._people.values()))

    def chat(self, channel: str, person_id: str) -> list[Bubble]:
        return self._chats.get((channel, person_id), [])

    def put(self, channel: str, person_id: str, bubble: Bubble) -> Bubble:
        self._chats.setdefault((channel, person_id), []).append(bubble)
        self.version += 1
        return bubble

    def find(self, channel: str, bubble_id: str) -> tuple[str, Bubble] | None:
        """Whose chat it is in, and the message."""
        for (of, person_id), chat in self._chats.items():
            for bubble in chat if of == channel else ():
                if bubble.id == bubble_id:
                    return person_id, bubble
        return None

    def turn(self, bubble: Bubble, state: State, note: str = "") -> None:
        bubble.state = state
        bubble.note = note or bubble.note
        self.version += 1
