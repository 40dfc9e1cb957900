"""The replies a new house begins with, by name."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yizhan.desk.quick_replies.model import Fact, GuideStep


class Shipped(msgspec.Struct, frozen=True):
    title: str
    title_en: str
    text: str
    text_en: str
    types: tuple[str, ...] = ()
    step: GuideStep | None = GuideStep.ANSWER
    facts: tuple[Fact, ...] = ()


SHIPPED: Mapping[str, Shipped] = {
    "greeting": Shipped(
        "问候", "Greeting", "您好,我是{{客服}},很高兴为您服务,请问有什么可以帮您?",
        "Hello, this is {{agent}}. How can I help you?", step=GuideStep.GREETING,
    ),
    "please_wait": Shipped(
        "请稍候", "One moment", "好的,我马上为您查询,请稍等片刻。", "I will look into it at once, one moment please.",
    ),
    "confirm": Shipped(
        "确认是否解决", "Is it solved", "请问这样处理可以吗?您的问题解决了吗?",
        "Does this work for you? Is your question answered?", step=GuideStep.CONFIRM,
    ),
    "closing": Shipped(
        "结束语", "Closing", "感谢您的联系,祝您生活愉快,再见。", "Thank you for getting in touch. Have a good day!",
        step=GuideStep.CLOSING,
    ),
    "refund": Shipped(
        "退款", "Refund",
        "您的订单{{订单号}}已为您申请退款,商品{{到货日期}}到货后,款项会在 3 个工作日内原路退回。",
        "A refund for order {{order}} is on its way: once the goods are here ({{arrival}}), you have your money back "
        "within 3 working days.",
        ("refund",), facts=(Fact.ORDER, Fact.DATE),
    ),
    "refund_amount": Shipped(
        "退款金额说明", "Refund amount", "订单{{订单号}}的退款金额为 元,将在 3 个工作日内原路退回您的付款方式。",
        "The refund for order {{order}} comes to and is paid back the way you paid within 3 working days.",
        ("refund",), facts=(Fact.ORDER, Fact.AMOUNT, Fact.DATE),
    ),
    "exchange": Shipped(
        "换货", "Exchange", "订单{{订单号}}已登记换货,请保留原包装,快递员会与您约定上门取件的时间。",
        "The exchange for order {{order}} is registered. Please keep the packaging, the courier will call you.",
        ("refund.exchange",), facts=(Fact.ORDER,),
    ),
    "delivery": Shipped(
        "物流进度", "Where is my parcel",
        "您的订单{{订单号}}由{{快递公司}}配送,运单号 {{运单号}},预计{{到货日期}}送达。",
        "Order {{order}} travels with {{carrier}}, parcel {{parcel}}, and should arrive on {{arrival}}.",
        ("consult.delivery", "complaint.delivery"), facts=(Fact.ORDER, Fact.PARCEL, Fact.DATE),
    ),
    "invoice": Shipped(
        "发票", "Invoice", "订单{{订单号}}的电子发票会在 24 小时内发到您预留的邮箱,请注意查收。",
        "The invoice for order {{order}} reaches your mailbox within 24 hours.",
        ("consult.invoice",), facts=(Fact.ORDER,),
    ),
    "repair": Shipped(
        "报修登记", "Repair", "已为您登记报修(工单 {{工单号}}),工程师会在今天 20:00 前联系您约定上门时间。",
        "Your repair is registered (ticket {{ticket}}). A technician calls you today to make an appointment.",
        ("aftersale.repair",), facts=(Fact.DATE,),
    ),
    "missing": Shipped(
        "少发补发", "Missing item", "很抱歉给您添麻烦了,订单{{订单号}}缺少的商品今天为您补发,运单号稍后发给您。",
        "Sorry about that. What is missing from order {{order}} is sent today, you will get the parcel number.",
        ("aftersale.missing",), facts=(Fact.ORDER,),
    ),
    "sorry": Shipped(
        "致歉", "Apology", "非常抱歉给您带来不好的体验,您反映的情况我已记录在工单 {{工单号}},会尽快给您答复。",
        "We are sorry for what happened. It is noted in ticket {{ticket}} and you will hear from us soon.",
        ("complaint",), facts=(Fact.DATE,),
    ),
}  # fmt: skip
