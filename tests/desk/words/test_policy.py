"""Words are found however they are written, and only where they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from uuid import uuid4

import pytest

from yizhan.desk.words import SHIPPED, WORDS, Level, compile_words, ensure_fits, gravest, hear, screen, speaks_of_danger
from yizhan.desk.words.documents import WordsDocument
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Document, Kinds, Published

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
        ("加1微2信", "加微信"),
        ("加①微②信", "加微信"),
        ("保证9赔您", "保证赔"),
        ("傻x逼", "傻逼"),
        ("绝x对好用", "绝对"),
        ("私下 a 转 b 账", "私下转账"),
        ("sh1t", "shit"),
        ("you 1d10t", "idiot"),
        ("$tupid", "stupid"),
        ("加we1xin", "加微信"),
        ("加葳❤", "加微信"),
        ("加我薇💗", "加我微信"),
        ("加v聊", "加微信"),
        ("加我V:abc123", "加我微信"),
        ("+V", "加微信"),
        ("加威信", "加微信"),
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
        "我拒绝2对情侣的订单",
        "请加V10吸头一起发",
        "微博加V认证的账号",
        "型号 SH1T9 有货",
        "店里有3个包5元赔本卖",
        "ok!",
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
        ("再这样我打l23l5", ["authority"]),
        ("我要去12三15", ["authority"]),
        ("我要曝1光你们", ["public"]),
        ("自1杀", ["self_harm"]),
        ("着a火了", ["danger"]),
        ("买了3起2台,没问题", []),
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


def test_what_is_written_for_an_inbox_is_judged_by_its_own_lists() -> None:
    inbox, now = uuid4(), datetime(2026, 3, 2, tzinfo=UTC)
    strict: dict[str, object] = {
        "inboxes": [str(inbox)], "outgoing": [{"key": "calm", "words": ["稍等片刻"], "level": "block"}],
    }  # fmt: skip
    among = Published(Kinds([WORDS]), 1, [Document(uuid4(), "words", "strict", 1, strict, now, "", "")])
    said = [("answer", "请稍等片刻")]
    ensure_fits(said, among)
    ensure_fits(said, among, WordsDocument(inboxes=(uuid4(),)))
    for document in (WordsDocument(inboxes=(inbox,)), WordsDocument(inboxes=(uuid4(), inbox))):
        with pytest.raises(Invalid) as wrong:
            ensure_fits(said, among, document)
        assert wrong.value.field == "answer"
    with pytest.raises(Invalid):
        ensure_fits([("answer", "加我微信")], among, WordsDocument(inboxes=(inbox,)))


@pytest.mark.parametrize("part", ["好", "l", "$", "一", "加", "加 ", "1a", "@a", "中1", "中 1 ", "0"])
def test_a_long_text_costs_no_more_than_many_short_ones(part: str) -> None:
    """By the processor's own clock: reading it again from each place on would take a minute."""
    text = part * (20_000 // len(part)) + "x"
    began = process_time()
    hear(text, RULES)
    assert process_time() - began < 3
