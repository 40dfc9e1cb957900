"""The dictionaries of the trade, in force in a new house until it releases its own."""

from __future__ import annotations

from yizhan.desk.words.documents import Incoming, Outgoing, WordsDocument
from yizhan.desk.words.model import Level

SHIPPED = WordsDocument(
    title="出厂设置", title_en="As shipped",
    outgoing=(
        Outgoing(
            key="absolute", title="绝对化用语", title_en="Absolute claims",
            level=Level.REMIND, hint="避免绝对化承诺,请改为可兑现的说法", hint_en="Say what we can keep instead",
            words=("绝对", "百分百", "百分之百", "永不", "全网最低", "国家级", "最先进", "保证不会"),
            allowed=("绝对值", "绝对湿度"),
        ),
        Outgoing(
            key="promise", title="违规承诺", title_en="Promises we may not make",
            level=Level.REVIEW,
            hint="赔付承诺需主管审核后发出", hint_en="Promises of compensation need a supervisor’s yes",
            words=("保证赔", "包赔", "一定赔", "双倍赔偿", "十倍赔偿", "假一赔十", "私下赔", "全额赔付"),
        ),
        Outgoing(
            key="abuse", title="辱骂", title_en="Abuse", level=Level.BLOCK, hint="请文明用语", hint_en="Keep it civil",
            words=("傻逼", "傻B", "煞笔", "傻比", "沙比", "草泥马",
                   "脑残", "滚蛋", "去死", "他妈的", "你有病", "神经病", "贱人", "idiot",
                   "stupid", "fuck", "shit"),
        ),
        Outgoing(
            key="diversion", title="引流与私下交易", title_en="Leading customers away",
            level=Level.BLOCK,
            hint="不得引导客户到私人账号或私下付款", hint_en="Never lead customers to private accounts or payments",
            sounds=True,
            words=("加我微信", "加微信", "加个微信", "加我QQ", "加QQ", "私下转账", "转我支付宝", "微信转给我", "私聊我",
                   "扫我的码", "好评返现"),
            allowed=("请勿加微信", "不要加微信", "不会加微信", "谨防加微信"),
        ),
    ),
    incoming=(
        Incoming(
            key="danger", title="人身安全", title_en="Danger to people", priority=4, safety=True, to=("duty", "lead"),
            words=("着火", "起火", "冒烟", "漏电", "触电", "受伤", "烫伤", "爆炸", "燃气泄漏",
                   "燃气泄露", "煤气泄漏", "煤气泄露", "烧起来", "zhaohuo",
                   "on fire",
                   "electric shock", "injured"),
        ),
        Incoming(
            key="self_harm", title="自伤倾向", title_en="Self-harm", priority=4, safety=True, to=("duty", "lead"),
            words=("自杀", "自刹", "自鲨", "自残", "不想活", "想死", "跳楼", "轻生", "割腕", "kill myself", "suicide"),
            allowed=("笑得想死",),
        ),
        Incoming(
            key="authority", title="监管投诉", title_en="Authorities", priority=3, to=("lead",),
            words=("12315", "12345", "消协", "消费者协会", "工信部", "市监局", "市场监管", "黑猫投诉", "举报你们"),
        ),
        Incoming(
            key="public", title="曝光与法律", title_en="Publicity and law", priority=3, to=("lead",),
            words=("曝光", "暴光", "爆光", "媒体", "记者", "律师", "起诉", "法院", "上热搜", "发抖音", "发小红书",
                   "lawyer", "sue you"),
            allowed=("自媒体", "多媒体", "媒体播放"),
        ),
    ),
    personal="remind",
    denials=("没有", "没", "不会", "并未", "从未", "不是", "not"),
)  # fmt: skip
