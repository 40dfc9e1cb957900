"""Words are found however they are written, and only where they stand."""

from __future__ import annotations

import pytest

from yizhan.desk.words import SHIPPED, WORDS, Level, compile_words, gravest, hear, screen, speaks_of_danger
from yizhan.foundation.errors import Invalid

RULES = compile_words([SHIPPED], "test")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("您加我微信聊吧", "加我微信"),
        ("您加我V信聊吧", "加我微信"),
        ("加 薇❤信", "加微信"),
        ("加😀微😀信", "加微信"),
        ("＋请加ｗｘ", "加微信"),
        ("佳威新联系我", "加微信"),
        ("jia weixin", "加微信"),
        ("可以私 下-转.账", "私下转账"),
        ("您這個腦殘", "脑残"),
        ("雙倍賠償給您", "双倍赔偿"),
        ("全網最低價", "全网最低"),
        ("加wеixin", "加微信"),  # with a Cyrillic е
        ("fuсk you", "fuck"),
        ("＋V: abc123", "加微信"),
        ("加丶微丶信", "加微信"),
        ("bao zheng pei 您", "保证赔"),
        ("jue对好用", "绝对"),
    ],
)
def test_disguises_are_seen_through(text: str, word: str) -> None:
    assert word in [hit.word for hit in screen(text, RULES)]


@pytest.mark.parametrize(
    "text",
    [
        "请勿加微信转账",
        "绝对湿度 60% 以下",
        "您的问题已经登记",
        "满100减20",
        "订单 SF12315678",
        "加急处理,微信公众号可查",
        "1+1 套装,VIP+VAT 发票",
        "the bao zhengpeiling store",
    ],
)
def test_what_is_as_it_should_be_is_not_found(text: str) -> None:
    assert screen(text, RULES) == []


def test_a_find_is_shown_at_its_place_with_its_sentence() -> None:
    (hit,) = screen("亲,这款绝-对好用", RULES)
    assert ("亲,这款绝-对好用"[hit.start : hit.end], hit.level) == ("绝-对", Level.REMIND)
    assert hit.hint
    assert gravest(screen("保证赔您,绝对", RULES)) is Level.REVIEW
    assert gravest(screen("加我微信,保证赔您", RULES)) is Level.BLOCK
    assert gravest([]) is None


def test_other_peoples_numbers_are_pointed_out() -> None:
    hits = screen("证件号 11010519491231002X 已登记", RULES)
    assert [(hit.group, hit.level) for hit in hits] == [("personal", Level.REMIND)]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("再不解决我打12315", ["authority"]),
        ("我要抖音爆 光你们", ["public"]),
        ("净化器 着 火 了", ["danger"]),
        ("活着没意思,不想活了", ["self_harm"]),
        ("没有着火,就是不转了", []),
        ("运单号 9123158", []),
        ("媒体播放器连不上", []),
        ("我要打幺二三幺五", ["authority"]),
        ("一二三四五六七个都坏了", []),
        ("熱水壺冒煙,手燙傷了", ["danger"]),
        ("我想自sha", ["self_harm"]),
        ("wo xiang zi sha", ["self_harm"]),
        ("紫砂壶什么时候发", []),
        ("please give me it is broken", []),
        ("wo men jia zhao huo le", ["danger"]),
    ],
)
def test_what_customers_say_is_heard(text: str, groups: list[str]) -> None:
    assert [heard.group for heard in hear(text, RULES)] == groups


def test_what_was_heard_before_is_not_heard_again() -> None:
    assert hear("12315", RULES, known=["authority"]) == []
    assert speaks_of_danger("插座漏电", RULES)
    assert not speaks_of_danger("12315", RULES)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outgoing": [{"key": "a", "words": []}]}, "outgoing[0].words"),
        ({"outgoing": [{"key": "a", "words": ["傻"]}, {"key": "a", "words": ["笨"]}]}, "outgoing[1].key"),
        ({"outgoing": [{"key": "a", "words": ["微信"]}, {"key": "b", "words": ["V信"]}]}, "outgoing[1].words[0]"),
        ({"incoming": [{"key": "a", "words": ["!!!"]}]}, "incoming[0].words[0]"),
        ({"outgoing": [{"key": "a", "words": ["100%"]}]}, "outgoing[0].words[0]"),
        ({"outgoing": [{"key": "a", "words": ["绝对"], "allowed": ["大概"]}]}, "outgoing[0].allowed[0]"),
        ({"outgoing": [{"key": "a", "words": ["他"], "sounds": True}]}, "outgoing[0].words[0]"),
        ({"incoming": [{"key": "a", "words": ["曝光"], "to": []}]}, "incoming[0].to"),
    ],
)
def test_a_wrong_dictionary_is_explained(body: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        WORDS.decode(body)
    assert wrong.value.field == field
