"""Consultations 会诊 at the desk: who is asked is told, the conclusion becomes a processing note of the ticket.

Each verb locks the ticket, then the consultation. Who is to know is told by the event `notice.raised`
(`consultation.asked`, `consultation.mentioned`, `consultation.closed`).
"""

from yizhan.desk.consultations.service import Ask, ask, close, decline_or_leave, invite, join, say, summon

__all__ = ["Ask", "ask", "close", "decline_or_leave", "invite", "join", "say", "summon"]
