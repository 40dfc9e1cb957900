"""Files lie at addresses that do not end."""

from yizhan.app.contract import Case
from yizhan.simulator.messenger import Messenger

CASE = Case(channel="messenger", vendor=Messenger, media_life=None)
