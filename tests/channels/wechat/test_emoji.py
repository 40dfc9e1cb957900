"""WeChat's emoticons are Unicode to everybody else, and its own again on the way out."""

import pytest

from yizhan.channels.wechat.emoji import as_codes, as_unicode


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("你好/::)", "你好🙂"),
        ("/:,@-D/:,@f/:,@@/:@@", "😄💪😵✊"),
        ("[捂脸][不是表情] a[0]", "🤦[不是表情] a[0]"),
        ("http://a.b/c", "http://a.b/c"),
        ("/:rose/:heart", "🌹❤️"),
    ],
)
def test_codes_are_read(theirs: str, ours: str) -> None:
    assert as_unicode(theirs) == ours


def test_what_has_a_code_is_written_as_it() -> None:
    assert as_codes("谢谢🙂👍❤️❤🚀") == "谢谢/::)/:strong/:heart/:heart🚀"
    assert as_unicode(as_codes("🙂🌹😁")) == "🙂🌹😁"


def test_a_sequence_is_one_picture() -> None:
    for whole in ("👍🏽", "❤️‍🔥", "👩‍❤️‍👨"):
        assert as_codes(whole) == whole
