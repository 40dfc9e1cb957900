import time

import pytest

from tests.foundation.text.asking_human import ASKING, NOT_ASKING
from yizhan.foundation.text import asks_human, is_thanks_only


def _phrases(listed: str) -> list[str]:
    return listed.strip().replace("\n", "|").split("|")


THANKS = _phrases("""
好的谢谢|嗯|👌|收到|ok thanks|好的|OK|谢谢|谢谢你！|嗯嗯|好滴|好嘞谢谢|知道了|明白了，谢谢|[OK]|[玫瑰][玫瑰]
thank you so much|Thanks a lot!|thx|好的，没有问题了，谢谢！886！|3q|辛苦了|非常感谢您的耐心解答|🙏🙏|👍🏻|行
可以|好的好的|收到，谢谢|嗯呢|没事了谢谢|不用了，谢谢|已解决，谢谢|好的呢~|謝謝|Got it, thanks
Thank you for your help|哦哦好的|哦|666|那好吧|行吧|再见|拜拜|noted with thanks|Great, thank you!
好的，有问题我再联系你|谢啦|谢谢亲|多谢|ok👌|好的😊|好 的|thanks!!!|OK，我知道了，真是太谢谢你了！|嗯好的
恩恩|辛苦你了，亲|谢谢客服小哥哥|谢谢！五星好评|给您好评
""")
ASKS_MORE = _phrases("""
好的，那这家酒店电话多少
谢谢，麻烦你帮我查一下这个|不好|好的？|没收到|没有收到|收到了没|收到的锅少了个盖子|不行|不可以|？|...|😡|😡👌
谢谢，但是还没解决|好的谢谢，什么时候发货|谢绝|ok but where is my order|thanks for nothing|好不好|不知道
不明白|没解决|没好|你好|在吗|的|了|那|谢谢你们！被子特别暖和|收到货了但坏了|好吧，再给你们一次机会|我要退款
订单1|2|you|help|help me|好贵|人工|可以退吗|行不行|还没好|没有人回复我|嗯，但是钱没退|1件|是|不是|谢谢你个鬼
好了吗|没完没了|啊啊啊啊|好评怎么返现|好评返现呢|客服|小姐姐
""")


@pytest.mark.parametrize("text", THANKS)
def test_a_polite_close_reopens_nothing(text: str) -> None:
    assert is_thanks_only(text)


@pytest.mark.parametrize("text", ASKS_MORE)
def test_anything_more_is_heard(text: str) -> None:
    assert not is_thanks_only(text)


def test_there_are_enough_phrasings() -> None:
    assert len(set(ASKING)) >= 200
    assert len(set(NOT_ASKING)) >= 100


@pytest.mark.parametrize("text", ASKING)
def test_a_person_is_reached_at_the_first_asking(text: str) -> None:
    assert asks_human(text)


@pytest.mark.parametrize("text", NOT_ASKING)
def test_what_only_looks_like_it_stays_with_the_answer(text: str) -> None:
    assert not asks_human(text)


@pytest.mark.parametrize(
    "piece", ["我要", "转", "人工", "talk to a ", "to ", "ren", "帮我", "的", "客服", "人", "真的"]
)
def test_hostile_repetition_is_judged_in_time(piece: str) -> None:
    began = time.perf_counter()
    asks_human(piece * 100 + "x")
    is_thanks_only(piece * 30 + "x")
    assert time.perf_counter() - began < 0.5
