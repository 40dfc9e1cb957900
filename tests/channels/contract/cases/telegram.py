"""Telegram shows a secret instead of signing; a file is there as long as its bot."""

from tests.channels.contract.rewriting import unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.telegram import Telegram

CASE = Case(
    channel="telegram",
    vendor=Telegram,
    signs_body=False,
    media_life=None,
    unknown=unknown_by("telegram", b'"text":'),
)
