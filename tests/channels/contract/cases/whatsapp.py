"""The address of a file is short-lived, the file is not."""

from tests.channels.contract.rewriting import unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.whatsapp import Whatsapp

CASE = Case(
    channel="whatsapp",
    vendor=Whatsapp,
    media_life=None,
    unknown=unknown_by("whatsapp", b'"type":"text"'),
)
