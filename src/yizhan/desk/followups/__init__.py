"""Follow-ups: what brings a ticket back to somebody's eyes. 下次跟进, 催单, 关注人 and @ in internal notes.

Who is to know is told by the event `notice.raised`; by which way it reaches him is decided by those who read it.
"""

from yizhan.desk.followups.jobs import followup_reader, register_timers
from yizhan.desk.followups.policy import QUIET, is_chase
from yizhan.desk.followups.service import ANSWERED, CHASED, chase

__all__ = ["ANSWERED", "CHASED", "QUIET", "chase", "followup_reader", "is_chase", "register_timers"]
