"""Whom we believe, anew: after a release with another order of sources everybody's values follow, by a job that
says how far it is."""

from yizhan.desk.precedence.jobs import BELIEVE, begin, precedence_reader, run
from yizhan.desk.precedence.model import Believing
from yizhan.desk.precedence.store import latest

__all__ = ["BELIEVE", "Believing", "begin", "latest", "precedence_reader", "run"]
