"""Pushes to phones, joined: a client that speaks HTTP/2, access tokens that are kept, the vendors."""

from __future__ import annotations

from yizhan.app.house import House
from yizhan.channels.push import VendorPush
from yizhan.desk.push import ringing
from yizhan.foundation.http import Http
from yizhan.foundation.jobs import Handler


def ring_phones(house: House) -> Handler:
    """Its connections last as long as the worker, which leaves when nothing is due."""
    http = Http(house.http.guard, http2=True)
    pusher = VendorPush(http, house.clock, house.the_adapting.tokens)
    return ringing(house.db, house.vault, house.clock, pusher)
