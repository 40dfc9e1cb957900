"""Telegram shows a secret instead of signing; a file is there as long as its bot."""

from yizhan.app.contract import Case
from yizhan.simulator.telegram import Telegram

CASE = Case(channel="telegram", vendor=Telegram, signs_body=False, media_life=None)
