"""引用回复 in words."""

from __future__ import annotations

from yizhan.desk.serving import as_mail, excerpt, in_words


def test_a_quotation_is_one_line_or_the_lines_of_the_mail() -> None:
    assert excerpt("灯\n  不亮") == "灯 不亮"
    assert excerpt(" ", [{"name": "灯.jpg"}]) == "灯.jpg"
    assert len(excerpt("长" * 90)) == 80
    assert in_words("灯不亮", "请换灯泡") == "「灯不亮」\n请换灯泡"
    assert in_words("", "请换灯泡") == "请换灯泡"
    assert as_mail("灯不亮\n\n怎么办", "请换灯泡") == "> 灯不亮\n>\n> 怎么办\n\n请换灯泡"
    assert as_mail("行\n" * 30, "好").splitlines()[20] == "> …"
