"""Voice as phones record it, read by a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from yizhan.foundation.audio import Unplayable, playable
from yizhan.web.files import kind_of

RECORDINGS = Path(__file__).parent / "recordings"
KINDS = {
    "narrow.amr": "audio/amr", "wide.amr": "audio/amr-wb", "wide.spx": "audio/x-speex", "wechat.silk": "audio/silk",
}  # fmt: skip


async def test_what_phones_record_is_made_playable_and_its_length_is_known() -> None:
    recordings = [(RECORDINGS / name).read_bytes() for name in KINDS]
    assert recordings[-1].startswith(b"\x02#!SILK_V3")
    assert [kind_of(each) for each in recordings] == list(KINDS.values())
    made = await asyncio.gather(*map(playable, recordings, KINDS.values()))
    assert {kind_of(each.content) for each in made} == {"audio/mpeg"}
    assert all(each.seconds == pytest.approx(1.2, abs=0.05) for each in made)


async def test_silk_is_read_as_others_write_it_and_as_far_as_it_came() -> None:
    recording = (RECORDINGS / "wechat.silk").read_bytes()
    closed, cut = recording[1:] + b"\xff\xff", recording[: len(recording) // 2]
    assert {kind_of(closed), kind_of(cut)} == {"audio/silk"}
    whole, half = await asyncio.gather(playable(closed, "audio/silk"), playable(cut, "audio/silk"))
    assert whole.seconds == pytest.approx(1.2, abs=0.05)
    assert 0.4 < half.seconds < 0.8


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"#!AMR\n", "audio/amr"),
        (b"\x02#!SILK_V3\x05\x00zz", "audio/silk"),
        (b"\x02#!SILK_V3" + bytes(range(256)) * 9, "audio/silk"),
        (b"#!SILK_V3" + b"\xff" * 5, "audio/silk"),
        (b"OggS" + bytes(60), "audio/x-speex"),
        (b"anything", "text/plain"),
    ],
)
async def test_what_cannot_be_read_is_said_to_be(content: bytes, kind: str) -> None:
    with pytest.raises(Unplayable):
        await playable(content, kind)


async def test_a_decoder_that_hangs_is_ended() -> None:
    with pytest.raises(Unplayable, match="too long"):
        await playable((RECORDINGS / "narrow.amr").read_bytes(), "audio/amr", seconds=0)
