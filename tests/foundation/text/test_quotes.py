from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.text import html, strip_quoted, strip_quoted_html

CORPUS = Path(__file__).parent / "corpus"
MAILS = sorted(CORPUS.glob("*.*"))
CUT = "\n=====8<===== visible\n"


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.name)
def test_the_visible_part_of_a_mail(mail: Path) -> None:
    body, expected = mail.read_text("utf-8").split(CUT)
    if mail.suffix == ".html":
        assert html.to_text(strip_quoted_html(body).visible) == expected.strip()
    else:
        assert strip_quoted(body).visible.strip() == expected.strip()


@pytest.mark.parametrize("mail", [path for path in MAILS if path.suffix == ".txt"], ids=lambda path: path.name)
def test_text_in_paragraphs_of_html_is_judged_alike(mail: Path) -> None:
    body, expected = mail.read_text("utf-8").split(CUT)
    if ">" in expected or mail.stem in {"netease-mobile", "bottom-posted", "inline-answers"}:
        return  # quote marks are a habit of plain text
    page = "".join(f"<div>{line.replace('<', '&lt;') or '<br>'}</div>" for line in body.split("\n"))
    shown = [line.strip() for line in html.to_text(strip_quoted_html(page).visible).split("\n") if line.strip()]
    if not any(line.startswith(">") for line in body.split("\n")):
        assert shown == [line.strip() for line in expected.split("\n") if line.strip()]


LINES = st.sampled_from(
    [
        "你好",
        "",
        "> a",
        ">",
        "-----原始邮件-----",
        "发件人：a",
        "发送时间：b",
        "主题：c",
        "On 2025-01-01, a@b.co wrote:",
        "x",
        "发自我的iPhone",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_no_word_is_lost_and_something_is_always_visible(lines: list[str]) -> None:
    text = "\n".join(lines)
    parts = strip_quoted(text)
    said = [line for line in lines if line.strip()]
    kept = [line for line in f"{parts.visible}\n{parts.quoted}".split("\n") if line.strip()]
    assert sorted(kept) == sorted(said)
    assert bool(parts.visible.strip()) == bool(said)


@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<blockquote>", "</blockquote>", "字", "<br>", "<p class=gmail_quote>", "&lt;", "\n"]
        )
    )
)
def test_no_word_of_html_is_lost(pieces: list[str]) -> None:
    page = "".join(pieces)
    parts = strip_quoted_html(page)
    said = html.to_text(page).split()
    assert sorted("".join(html.to_text(parts.visible).split() + html.to_text(parts.quoted).split())) == sorted(
        "".join(said)
    )
    assert bool(html.to_text(parts.visible)) == bool(said)


def test_a_huge_mail_is_read_in_linear_time() -> None:
    assert strip_quoted("字\n" * 50_000 + "-----原始邮件-----\nx").quoted == "-----原始邮件-----\nx"
    page = "<div>字</div>" * 20_000 + "<blockquote>a</blockquote>" * 5_000
    assert strip_quoted_html(page).quoted.startswith("<blockquote>")
    assert strip_quoted_html("<b>字</b>" * 50_000).quoted == ""


@pytest.mark.parametrize("piece", ["<a ", "</b", "<", "<!--", "<blockquote>", "<div class=gmail_quote>", "> ", "&"])
def test_hostile_html_is_judged_in_time(piece: str) -> None:
    assert strip_quoted_html("字" + piece * 50_000).visible
