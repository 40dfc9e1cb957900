"""The guide 五分钟上手: how far somebody is with it, the same on each of his devices."""

from yizhan.records.guides.model import GuideCourse, GuideState, Walk
from yizhan.records.guides.service import go_on, walk

__all__ = ["GuideCourse", "GuideState", "Walk", "go_on", "walk"]
