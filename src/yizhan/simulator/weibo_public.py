"""What stands in public on the stand-in's Weibo: the brand's post, comments below it, posts that mention the brand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_POST = "5208840022212345"
_MOST = 200


class Public:
    def __init__(self, uid: str) -> None:
        self._brand = {"id": int(uid), "idstr": uid, "screen_name": "品牌"}
        self._own = _status(_POST, self._brand, "新款保温杯今日上市 🎉", "Mon Nov 02 10:00:00 +0800 2026")
        self._comments: list[dict[str, Any]] = []
        self._mentions: list[dict[str, Any]] = []

    def comment(self, id: str, uid: str, name: str, text: str, at: str) -> None:
        """Below the brand's post."""
        self._comments.append({
            "created_at": at, "id": int(id), "idstr": id, "mid": id, "text": text, "source": "微博 weibo.com",
            "user": _user(uid, name), "status": self._own,
        })  # fmt: skip

    def post(self, id: str, uid: str, name: str, text: str, at: str) -> None:
        self._mentions.append(_status(id, _user(uid, name), text, at))

    def to_me(self) -> list[dict[str, Any]]:
        return self._comments

    def comment_mentions(self) -> list[dict[str, Any]]:
        return [each for each in self._comments if "@品牌" in each["text"]]

    def post_mentions(self) -> list[dict[str, Any]]:
        return self._mentions

    def find_comment(self, id: str) -> dict[str, Any] | None:
        return next((each for each in self._comments if each["idstr"] == id), None)

    def find_post(self, id: str) -> dict[str, Any] | None:
        return next((each for each in self._mentions if each["idstr"] == id), None)

    def page(self, name: str, entries: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
        """The newest first: above `since_id`, not above `max_id`, at most `count`."""
        since, most = int(query.get("since_id") or 0), int(query.get("max_id") or 0)
        fit = [each for each in reversed(entries) if each["id"] > since and (not most or each["id"] <= most)]
        count = min(_MOST, int(query.get("count") or 50))
        page = fit[:count]
        return {
            name: page, "hasvisible": False, "previous_cursor": 0,
            "next_cursor": fit[count]["id"] if len(fit) > count else 0, "total_number": len(entries),
        }  # fmt: skip


def _user(uid: str, name: str) -> dict[str, Any]:
    return {"id": int(uid), "idstr": uid, "screen_name": name, "name": name}


def _status(id: str, user: dict[str, Any], text: str, at: str) -> dict[str, Any]:
    return {"created_at": at, "id": int(id), "idstr": id, "mid": id, "text": text, "user": user, "pic_urls": []}
