from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from tests.channels.email.samples import mail, names, raw
from yizhan.channels.email import BounceKind


@pytest.mark.parametrize("name", names())
def test_every_mail_of_the_corpus_is_read_without_the_last_net(name: str) -> None:
    parsed = mail(name)
    assert parsed.raw == raw(name)
    assert not [defect for defect in parsed.defects if defect.startswith("unread")]
    assert parsed.unsupported == (name in ("empty", "garbage"))


@pytest.mark.parametrize(
    ("name", "sender", "subject", "text"),
    [
        ("plain_gbk", "王晓燕", "关于订单的投诉与退款申请", "净水器滤芯漏水"),
        ("gb2312_mislabelled", "朱镕基喆㐂", "朱镕基喆㐂", "朱镕喆，不是朱镕吉。€ 100"),
        ("utf8_q_subject", "Jürgen Müller", "Rückgabe of order  € 12", "beträgt 12 €, aber die Zeile ist sehr lang"),
        ("split_encoded_words", "张三", "关于订单的投诉", "字被切成两半"),
        ("iso2022jp", "山田太郎", "お問い合わせ", "注文の件で"),
        ("raw_8bit_headers", "李四", "普通中文主题", "没有声明字符集的正文"),
        ("big5", "陳小美", "訂單問題", "請問訂單何時出貨？"),
        ("html_only", "", "html", "只有网页正文"),
        ("qq_large_attachment", "李娜", "转发：超大附件视频", "进入下载页面"),
        ("missing_boundary_param", "", "no boundary", "found anyway"),
        ("broken_base64", "", "broken", "你好，这是损坏的正文"),
        ("uuencoded", "", "uu", "old style"),
        ("rtl_emoji_name", "🦊 محمد evil", "שלום 👩‍👩‍👧 你好 🎉", "👍🏽 好"),
    ],
)
def test_text_in_every_charset_comes_out_right(name: str, sender: str, subject: str, text: str) -> None:
    parsed = mail(name)
    assert parsed.from_.name == sender
    assert parsed.subject == subject
    assert text in parsed.text


def test_addresses_with_commas_comments_and_groups() -> None:
    parsed = mail("utf8_q_subject")
    assert [(one.name, one.email) for one in parsed.to] == [("Support, Shop", "support@shop.example")]
    assert [(one.name, one.email) for one in parsed.cc] == [
        ("Doe, Jane", "jane@example.org"),
        ("Bob B.", "bob@example.org"),
    ]


def test_dates() -> None:
    assert mail("plain_gbk").date == datetime(2024, 10, 14, 1, 12, 33, tzinfo=UTC)
    assert mail("invalid_date").date is None


def test_the_quoted_mail_is_kept_but_not_shown() -> None:
    parsed = mail("qq_reply_quoted")
    assert parsed.visible_text.strip() == "收到了，谢谢，但是金额不对，应该是 299 元。"
    assert "退款 199 元已受理" in parsed.quoted_text
    assert "退款 199 元已受理" in parsed.text
    assert parsed.normalised_subject == "[#208000-66] 您的退款申请"


def test_file_names_of_all_kinds() -> None:
    found = [one.name for one in mail("file_names").attachments]
    assert found == [
        "订单 明细表.xlsx",
        "发票（一%29.pdf",
        "合同.doc",
        "report.doc",
        "passwd",
        "my long name.txt",
        "invoicegpj.exe",
    ]


def test_inline_pictures_are_those_the_html_shows() -> None:
    parsed = mail("inline_cid")
    assert [(one.name, one.inline, one.content_id) for one in parsed.attachments] == [
        ("photo.png", True, "photo1@example.com"),
        ("unused.png", False, ""),
        ("发票 2024.pdf", False, ""),
    ]
    assert "script" not in parsed.html
    assert "onerror" not in parsed.html
    assert 'data-cid="photo1@example.com"' in parsed.html
    assert "src=" not in parsed.html.replace("data-remote-src=", "")


def test_winmail_dat_is_unpacked_or_else_left_to_download() -> None:
    parsed = mail("winmail_dat")
    assert [(one.name, one.content) for one in parsed.attachments] == [("合同 扫描件.pdf", b"%PDF-1.4 fake")]
    assert parsed.text == "请看附件里的合同。"
    assert [one.name for one in mail("winmail_broken").attachments] == ["winmail.dat"]


def test_a_forwarded_mail_stays_whole_and_lends_no_headers() -> None:
    parsed = mail("nested_forward")
    assert [(one.name, one.content_type) for one in parsed.attachments] == [("内层 主题.eml", "message/rfc822")]
    assert parsed.message_id == "fwd.1@example.cn"
    assert parsed.in_reply_to == ()
    assert b"must.not.be.used" in parsed.attachments[0].content
    assert parsed.text == "请看转发的邮件。"


def test_text_around_a_picture_is_one_text() -> None:
    parsed = mail("multipart_mixed_text_image_text")
    assert parsed.text == "before\n\nafter"
    assert [one.name for one in parsed.attachments] == ["shot.png"]


def test_joined_base64_streams_and_unknown_encodings() -> None:
    two, strange = mail("broken_base64").attachments
    assert two.content == b"ABCDEFGH"[: two.size]
    assert strange.content.strip() == b"kept as it is"


def test_invitations() -> None:
    (event,) = mail("calendar_invite").events
    assert (event.method, event.summary, event.location) == ("REQUEST", "季度,评审会议", "三楼")
    assert (event.start, event.organizer) == ("20241022T100000", "boss@example.com")


@pytest.mark.parametrize(
    ("name", "encrypted", "signed"),
    [
        ("smime_encrypted", "smime", ""),
        ("smime_signed", "", "smime"),
        ("pgp_encrypted", "pgp", ""),
        ("plain_gbk", "", ""),
    ],
)
def test_sealed_mail_is_flagged(name: str, encrypted: str, signed: str) -> None:
    parsed = mail(name)
    assert (parsed.encrypted, parsed.signed) == (encrypted, signed)


@pytest.mark.parametrize(
    ("name", "kind", "address", "status", "original"),
    [
        (
            "dsn_postfix",
            BounceKind.HARD,
            "nobody@example.cn",
            "5.1.1",
            "conv.aaaqeayeaudaocajbifqydiob4.mfrggzdf@shop.example",
        ),
        ("dsn_exchange", BounceKind.POLICY, "blocked@example.com", "5.7.1", "conv.x1@shop.example"),
        ("delayed_dsn", BounceKind.DELAYED, "slow@example.com", "4.4.1", "conv.slow@shop.example"),
        ("bounce_qq", BounceKind.HARD, "ghost404@qq.com", "5.0.0", ""),
        ("bounce_163", BounceKind.SOFT, "fullbox@163.com", "5.0.0", ""),
        ("read_receipt", BounceKind.READ, "ann@example.com", "", "conv.read@shop.example"),
        ("complaint_arf", BounceKind.COMPLAINT, "angry@isp.example", "", "conv.arf@shop.example"),
    ],
)
def test_reports_about_our_mail(name: str, kind: BounceKind, address: str, status: str, original: str) -> None:
    bounce = mail(name).bounce
    assert bounce is not None
    assert bounce.kind is kind
    assert (bounce.recipients[0].address, bounce.status, bounce.original_message_id) == (address, status, original)


def test_one_report_on_two_recipients() -> None:
    bounce = mail("dsn_postfix").bounce
    assert bounce is not None
    assert [(one.address, one.status) for one in bounce.recipients] == [
        ("nobody@example.cn", "5.1.1"),
        ("full@example.cn", "5.2.2"),
    ]
    assert bounce.verp.startswith("bounce+")


@pytest.mark.parametrize("name", ["plain_gbk", "nested_forward", "holiday_question", "ooo_outlook_en", "mailing_list"])
def test_ordinary_mail_is_no_bounce(name: str) -> None:
    assert mail(name).bounce is None


@pytest.mark.parametrize(
    ("name", "auto_reply", "silent"),
    [
        ("ooo_outlook_zh", True, True),
        ("ooo_outlook_en", True, True),
        ("holiday_question", False, False),
        ("mailing_list", False, True),
        ("own_loop", True, True),
        ("dsn_postfix", False, True),
        ("plain_gbk", False, False),
        ("missing_message_id", False, False),
    ],
)
def test_which_mails_a_machine_must_not_answer(name: str, auto_reply: bool, silent: bool) -> None:
    parsed = mail(name)
    assert parsed.auto_reply is auto_reply
    assert bool(parsed.no_auto_reply) is silent


def test_own_loop_mark_and_list_id() -> None:
    assert mail("own_loop").loop
    assert mail("mailing_list").list_id == "Development <dev.lists.example.org>"


def test_thread_index_is_its_first_22_bytes() -> None:
    assert len(mail("thread_index").thread_index) == 44


# Not those with a character cut in two: the standard library decodes each half alone.
AGREED = ["iso2022jp", "inline_cid", "html_only", "multipart_mixed_text_image_text", "smime_signed"]


@pytest.mark.parametrize("name", AGREED)
def test_the_standard_library_finds_the_same_parts(name: str) -> None:
    oracle = message_from_bytes(raw(name), policy=policy.default)
    parsed = mail(name)
    assert oracle["subject"] == parsed.subject
    files = [part.get_payload(decode=True) for part in oracle.walk() if part.get_filename()]
    assert [one.content for one in parsed.attachments] == files
