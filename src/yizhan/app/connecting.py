"""Connectors joined: one caller a process, with the rules in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yizhan.desk.connectors import Caller, Lookups, Pulls

if TYPE_CHECKING:
    from yizhan.app.house import House


def open_lookups(house: House, caller: Caller) -> Lookups:
    rules = house.rules
    return Lookups(house.db, house.clock, house.vault, caller, lambda: rules.live.now, lambda: rules.profile.now)


def open_pulls(house: House) -> Pulls:
    rules, caller = house.rules, Caller(house.http, house.clock, house.the_adapting.tokens)
    return Pulls(house.db, house.clock, house.vault, caller, lambda: rules.live.now, lambda: rules.profile.now)
