"""The address of a file is short-lived, the file is not."""

from yizhan.app.contract import Case
from yizhan.simulator.whatsapp import Whatsapp

CASE = Case(channel="whatsapp", vendor=Whatsapp, media_life=None)
