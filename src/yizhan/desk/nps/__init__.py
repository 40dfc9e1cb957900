"""NPS 净推荐值: from time to time a share of the customers is asked whether they would recommend us.

A campaign is a released document of the kind `nps_campaign`; each of its periods is a run that keeps the rules it began
with. People are found, asked and counted in batches by a job, in the house's hours; nobody is asked twice in the
campaign's quiet days over all channels, nor while something of his is open. Detractors are called back as tasks.
"""

from yizhan.desk.nps.figures import Interval, Share, Standing, nps_interval, share_interval, standing
from yizhan.desk.nps.following import follow_up
from yizhan.desk.nps.invitations import (
    NpsLink,
    answer,
    decline,
    find,
    invited,
    unsubscribe,
    visitor_question,
)
from yizhan.desk.nps.jobs import NPS, job_handler, nps_reader, register_timers
from yizhan.desk.nps.model import HIGH, LOW, Answer, Invitation, Reach, Run, RunState, Told, Way
from yizhan.desk.nps.past import take_over
from yizhan.desk.nps.policy import next_start
from yizhan.desk.nps.results import Comment, Months, Part, Results, comments, comments_each, months, results, run, runs
from yizhan.desk.nps.rules import NPS_CAMPAIGN, NpsDocument, NpsTitle, campaign_of, campaigns, document_of
from yizhan.desk.nps.service import begin, preview, stop

__all__ = [
    "HIGH",
    "LOW",
    "NPS",
    "NPS_CAMPAIGN",
    "Answer",
    "Comment",
    "Interval",
    "Invitation",
    "Months",
    "NpsDocument",
    "NpsLink",
    "NpsTitle",
    "Part",
    "Reach",
    "Results",
    "Run",
    "RunState",
    "Share",
    "Standing",
    "Told",
    "Way",
    "answer",
    "begin",
    "campaign_of",
    "campaigns",
    "comments",
    "comments_each",
    "decline",
    "document_of",
    "find",
    "follow_up",
    "invited",
    "job_handler",
    "months",
    "next_start",
    "nps_interval",
    "nps_reader",
    "preview",
    "register_timers",
    "results",
    "run",
    "runs",
    "share_interval",
    "standing",
    "stop",
    "take_over",
    "unsubscribe",
    "visitor_question",
]
