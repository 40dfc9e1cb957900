"""Intake: what any channel hands over becomes one durable message in the right conversation and ticket, once."""

from yizhan.desk.intake.model import Accepted, Attachment, InboundMessage, InboxFacts, Sender
from yizhan.desk.intake.senders import scope_of
from yizhan.desk.intake.service import Intake
from yizhan.desk.intake.store import forget_keys

__all__ = ["Accepted", "Attachment", "InboundMessage", "InboxFacts", "Intake", "Sender", "forget_keys", "scope_of"]
