"""Comments under the videos 抖音评论: told by webhook or asked for video by video, answered in public."""

from yizhan.channels.douyin.comments.adapter import ADAPTER
from yizhan.channels.douyin.comments.settings import DouyinCommentSettings

__all__ = ["ADAPTER", "DouyinCommentSettings"]
