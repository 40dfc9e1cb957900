"""The contract of all channels, as checks that any adapter passes: ours in the tests, others' in their own packages.

`case` what is asked of an adapter's author, `trial` a house with one inbox of his channel, `hearing` and `sending` the
checks, each a sentence. Nothing is simulated but the vendor: the database, the hooks, the queue are the real ones.
"""

from yizhan.app.contract.case import Case
from yizhan.app.contract.hearing import NotHere
from yizhan.app.contract.running import CHECKS, Check, broken, run_check, run_contract
from yizhan.app.contract.trial import BrokenContract, Floor, Trial, open_floor, open_trial

__all__ = [
    "CHECKS",
    "BrokenContract",
    "Case",
    "Check",
    "Floor",
    "NotHere",
    "Trial",
    "broken",
    "open_floor",
    "open_trial",
    "run_check",
    "run_contract",
]
