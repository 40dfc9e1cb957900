"""The fields the tests ask about, one of each type, and their table."""

from yizhan.foundation.conditions import Field, FieldSet, FieldType

FIELDS = FieldSet(
    [
        Field("channel", FieldType.TEXT, "渠道", "Channel", "r.channel"),
        Field("amount", FieldType.NUMBER, "金额", "Amount", "r.amount"),
        Field("vip", FieldType.BOOL, "会员", "Member", "r.vip"),
        Field("due_at", FieldType.TIME, "到期", "Due", "r.due_at"),
        Field("team_id", FieldType.ID, "客服组", "Team", "r.team_id"),
        Field("tags", FieldType.LIST, "标签", "Tags", "r.tags"),
        Field("mood", FieldType.TEXT, "情绪", "Mood"),
    ]
)
TABLE = """
CREATE TEMP TABLE r (
    row_no int PRIMARY KEY, channel text, amount float8, vip bool, due_at timestamptz, team_id uuid, tags text[]
)
"""
