"""What customers of the benchmark say: short Chinese service messages, a few in English."""

from __future__ import annotations

import random

_SUBJECTS = (
    "空气净化器", "空气炸锅", "电热毯", "加湿器", "破壁机", "洗衣机",
    "滤芯", "四件套", "充电宝", "蓝牙耳机", "吸尘器", "电饭煲",
)  # fmt: skip
_MATTERS = (
    "怎么还没发货", "收到是坏的想退款", "什么时候能到", "发票抬头开错了",
    "想换个颜色", "不出风了", "安装师傅没来", "优惠券用不了",
    "保修多久", "物流三天没动", "少了一个配件", "价格降了能退差价吗",
)  # fmt: skip
_OPENINGS = ("您好,", "在吗,", "请问", "我昨天买的", "麻烦看一下,", "你们这个", "")
_ENDINGS = ("?", ",急!", ",谢谢", "。", "……", ",我周末要用")
_ENGLISH = ("Where is my order?", "The filter is leaking, I want a refund.", "Can I change the delivery address?")


def sentence(rng: random.Random) -> str:
    if rng.random() < 0.05:
        return rng.choice(_ENGLISH)
    return rng.choice(_OPENINGS) + rng.choice(_SUBJECTS) + rng.choice(_MATTERS) + rng.choice(_ENDINGS)
