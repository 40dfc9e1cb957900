"""The dictionaries as documents of the kind `words`: of the house, of a team, of an inbox (public replies stricter)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.words.model import Level
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import fold, sound

Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Title = Annotated[str, Meta(max_length=80)]
Sentence = Annotated[str, Meta(max_length=200)]
Recipient = Annotated[str, Meta(pattern=r"^(handler|owner|lead|team|duty|role:[a-z0-9_.-]{1,80})$")]
_LEAST_SOUND = 5  # letters: shorter sounds mean too much


class Outgoing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What we may not say. In a phrase of `allowed` the words are as they should be: 绝对值. With `sounds` what only
    sounds like them is meant too, and their pinyin."""

    key: Key
    words: tuple[Word, ...] = ()
    level: Level = Level.REMIND
    title: Title = ""
    title_en: Title = ""
    hint: Sentence = ""
    hint_en: Sentence = ""
    allowed: tuple[Word, ...] = ()
    sounds: bool = False
    enabled: bool = True


class Incoming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What customers say that somebody must know. `priority` is at least this from then on; a matter of `safety` comes
    before every other, and is heard from the blacklist too."""

    key: Key
    words: tuple[Word, ...] = ()
    title: Title = ""
    title_en: Title = ""
    priority: Annotated[int, Meta(ge=1, le=4)] = 3
    safety: bool = False
    to: tuple[Recipient, ...] = ("lead",)
    allowed: tuple[Word, ...] = ()
    sounds: bool = False
    enabled: bool = True


class WordsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Groups of an inbox or team stand before the house's own; of one key the special one counts.

    `personal` is what happens to identity and bank card numbers in what we write. A word right after one of `denials`
    is not heard: 没有着火.
    """

    title: Title = ""
    title_en: Title = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    outgoing: Annotated[tuple[Outgoing, ...], Meta(max_length=100)] = ()
    incoming: Annotated[tuple[Incoming, ...], Meta(max_length=100)] = ()
    personal: Literal["remind", "review", "block", "off"] | UnsetType = UNSET
    denials: tuple[Word, ...] | UnsetType = UNSET


def check(document: WordsDocument) -> None:
    """Raises Invalid with the place of the fault."""
    for side in ("outgoing", "incoming"):
        groups: Sequence[Outgoing | Incoming] = getattr(document, side)
        keys: set[str] = set()
        owners: dict[str, str] = {}
        for place, group in enumerate(groups):
            path = f"{side}[{place}]"
            if group.key in keys:
                raise Invalid(f"two groups have the key {group.key}", f"{path}.key")
            keys.add(group.key)
            if group.enabled:
                _check_group(group, owners, path)


def _check_group(group: Outgoing | Incoming, owners: dict[str, str], path: str) -> None:
    if not group.words:
        raise Invalid("a group without words finds nothing", f"{path}.words")
    if isinstance(group, Incoming) and not group.to:
        raise Invalid("nobody would be told", f"{path}.to")
    plain = [fold(word).text for word in group.words]
    for place, word in enumerate(plain):
        at = f"{path}.words[{place}]"
        if not word:
            raise Invalid(f"nothing is left of {group.words[place]} without signs and spaces", at)
        if word.isdigit() and not group.words[place].strip().isdigit():
            raise Invalid(f"of {group.words[place]} only {word} is left without signs: it is everywhere", at)
        if word in owners:
            whose = "twice" if owners[word] == group.key else f"in {owners[word]} too"
            raise Invalid(f"{group.words[place]} is listed {whose}: which one counts?", at)
        owners[word] = group.key
        if group.sounds and len(sound(word).letters) < _LEAST_SOUND:
            raise Invalid(f"{group.words[place]} is too short to be recognised by its sound", at)
    for place, phrase in enumerate(group.allowed):
        if not any(word in fold(phrase).text for word in plain):
            raise Invalid(f"no word of the group is in {phrase}: it allows nothing", f"{path}.allowed[{place}]")


def together(documents: Sequence[WordsDocument]) -> WordsDocument:
    """From the general to the special, as one."""
    made = WordsDocument(personal="off", denials=())
    for each in documents:
        special: Mapping[str, set[str]] = {
            "outgoing": {group.key for group in each.outgoing}, "incoming": {group.key for group in each.incoming},
        }  # fmt: skip
        made = msgspec.structs.replace(
            made,
            outgoing=(*each.outgoing, *(g for g in made.outgoing if g.key not in special["outgoing"])),
            incoming=(*each.incoming, *(g for g in made.incoming if g.key not in special["incoming"])),
            personal=made.personal if each.personal is UNSET else each.personal,
            denials=made.denials if each.denials is UNSET else each.denials,
        )
    return made
