"""Exactly one at a time: a named lease with a term that grows at every change of hands.

Whoever works under a lease writes nothing without `check(tx)`; a holder that was frozen and woke up late finds its
term outdated and stops. Times here are the database's: the clocks of the nodes do not matter.
"""

from yizhan.foundation.lease.duty import while_held
from yizhan.foundation.lease.lease import Lease, LeaseLost
from yizhan.foundation.lease.standing import LeaseState, leases

__all__ = ["Lease", "LeaseLost", "LeaseState", "leases", "while_held"]
