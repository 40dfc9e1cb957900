"""Outbox: what waits to be sent to customers, one row a message, stored with the message itself."""

from yizhan.records.outbox.store import enqueue

__all__ = ["enqueue"]
