"""Resolution 客户归并: which contacts are one person, by weighed evidence; what is not sure is left to people."""

from yizhan.desk.resolution.estimating import Pattern, Proposal, estimate, fit, proposal
from yizhan.desk.resolution.jobs import RESOLVE, cancel_run, resolution_reader, run, start_run, step
from yizhan.desk.resolution.model import (
    Candidate,
    CandidateState,
    Finding,
    Judgement,
    Known,
    Mark,
    Previewed,
    Run,
    Verdict,
)
from yizhan.desk.resolution.policy import judge, pattern
from yizhan.desk.resolution.previewing import (
    Face,
    MergePreview,
    Side,
    SplitPreview,
    merge_preview,
    sides_of,
    split_preview,
)
from yizhan.desk.resolution.rules import (
    RESOLUTION,
    SHIPPED,
    FieldWeights,
    Level,
    ResolutionBook,
    ResolutionDocument,
    bits_of,
    probability_of,
)
from yizhan.desk.resolution.service import compare, decide, examine, learn, learn_from_run
from yizhan.desk.resolution.store import candidate, previews, queue, runs, waiting
from yizhan.desk.resolution.store import run as one_run

__all__ = [
    "RESOLUTION",
    "RESOLVE",
    "SHIPPED",
    "Candidate",
    "CandidateState",
    "Face",
    "FieldWeights",
    "Finding",
    "Judgement",
    "Known",
    "Level",
    "Mark",
    "MergePreview",
    "Pattern",
    "Previewed",
    "Proposal",
    "ResolutionBook",
    "ResolutionDocument",
    "Run",
    "Side",
    "SplitPreview",
    "Verdict",
    "bits_of",
    "cancel_run",
    "candidate",
    "compare",
    "decide",
    "estimate",
    "examine",
    "fit",
    "judge",
    "learn",
    "learn_from_run",
    "merge_preview",
    "one_run",
    "pattern",
    "previews",
    "probability_of",
    "proposal",
    "queue",
    "resolution_reader",
    "run",
    "runs",
    "sides_of",
    "split_preview",
    "start_run",
    "step",
    "waiting",
]
