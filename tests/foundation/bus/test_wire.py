"""Signals packed into notifications and taken out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.bus import MAX_PAYLOAD
from yizhan.foundation.bus.wire import MAX_NOTIFY, Packer, unpack

SIGNALS = st.lists(st.tuples(st.sampled_from(["typing", "a" * 80]), st.binary(max_size=MAX_PAYLOAD)), max_size=12)


@given(SIGNALS)
def test_all_signals_come_out_in_order(signals: list[tuple[str, bytes]]) -> None:
    texts = list(Packer("node").pack(signals))
    assert all(len(text) <= MAX_NOTIFY for text in texts)
    unpacked = [unpack(text) for text in texts]
    assert all(node == "node" for node, _ in unpacked)
    assert [signal for _, inner in unpacked for signal in inner] == signals


def test_equal_signals_make_different_texts() -> None:
    packer = Packer("node")
    texts = [text for _ in range(3) for text in packer.pack([("typing", b"x" * 4000)] * 2)]
    assert len(set(texts)) == len(texts) == 6


def test_small_signals_share_a_text() -> None:
    assert len(list(Packer("node").pack([("typing", b"x" * 10)] * 200))) == 1


@pytest.mark.parametrize("text", ["node.1 typing", "node.1 typing:?", "node.1  ", "hello world"])
def test_what_others_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpack(text)
