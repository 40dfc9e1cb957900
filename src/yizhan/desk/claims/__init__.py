"""Claims: an address a customer types about himself. It proves nothing, and joins only when it writes to us itself."""

from yizhan.desk.claims.jobs import KINDS, claims_reader

__all__ = ["KINDS", "claims_reader"]
