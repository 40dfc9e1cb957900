"""LINE does not say how long it keeps a file."""

from tests.channels.contract.rewriting import unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.line import Line

CASE = Case(
    channel="line",
    vendor=Line,
    media_life=None,
    unknown=unknown_by("line", b'"type":"text"'),
)
