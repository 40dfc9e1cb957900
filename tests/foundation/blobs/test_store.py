"""Blobs in a local folder: by content, sealed, once."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from yizhan.foundation.blobs import BlobRef, Blobs, open_blobs
from yizhan.foundation.crypto import Unreadable, Vault, new_keyring
from yizhan.foundation.errors import Invalid, NotFound, TooLarge

RING = new_keyring()
PHOTO = b"\xff\xd8 smoke from the blanket " * 20


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return open_blobs((tmp_path / "blobs").as_uri(), Vault(RING), max_bytes=1 << 20)


async def test_a_file_comes_back_with_its_type(blobs: Blobs, tmp_path: Path) -> None:
    ref = await blobs.put(PHOTO, "image/jpeg")
    assert (ref.hash, ref.size) == (sha256(PHOTO).hexdigest(), len(PHOTO))
    assert await blobs.get(ref.hash) == PHOTO
    assert (await blobs.load(ref.hash)).content_type == "image/jpeg"
    assert (tmp_path / "blobs").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("size", [0, 1, 128 * 1024 - 1, 128 * 1024, 1 << 20])
async def test_every_size_up_to_the_limit(blobs: Blobs, size: int) -> None:
    ref = await blobs.put(b"x" * size)
    assert await blobs.get(ref.hash) == b"x" * size


async def test_more_than_the_limit_is_refused(blobs: Blobs) -> None:
    with pytest.raises(TooLarge):
        await blobs.put(b"x" * ((1 << 20) + 1))
    with pytest.raises(Invalid):
        await blobs.put(b"x", "text/" + "x" * 300)


async def test_nothing_lies_in_clear(blobs: Blobs, tmp_path: Path) -> None:
    ref = await blobs.put(PHOTO, "image/jpeg")
    stored = _file(tmp_path, ref.hash).read_bytes()
    assert b"smoke" not in stored
    assert b"jpeg" not in stored


async def test_the_same_content_is_kept_once(blobs: Blobs, tmp_path: Path) -> None:
    first = await blobs.put(PHOTO, "image/jpeg")
    before = _file(tmp_path, first.hash).read_bytes()
    again = await asyncio.gather(*(blobs.put(PHOTO, "image/png") for _ in range(10)))
    assert set(again) == {first}
    assert _file(tmp_path, first.hash).read_bytes() == before


async def test_what_is_put_at_once_is_written_together_and_one_refusal_is_its_own(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "blobs" / "ab").parent.mkdir()
    (tmp_path / "blobs" / "ab").write_text("no folder")  # whatever begins with these characters cannot be kept
    contents = [b"%d" % n for n in range(600)]
    kept = await asyncio.gather(*(blobs.put(one) for one in contents), return_exceptions=True)
    refused = [ref for ref in kept if not isinstance(ref, BlobRef)]
    assert {type(one) for one in refused} <= {FileExistsError, NotADirectoryError}
    for content, ref in zip(contents, kept, strict=True):
        if isinstance(ref, BlobRef):
            assert await blobs.get(ref.hash) == content
        else:
            assert sha256(content).hexdigest().startswith("ab")
    assert len(refused) == sum(sha256(one).hexdigest().startswith("ab") for one in contents) > 0
    assert not list((tmp_path / "blobs").glob("*/.*"))


@pytest.mark.parametrize("left", [0, 20, 100])
async def test_a_file_cut_by_a_loss_of_power_is_mended_by_the_next_put(blobs: Blobs, tmp_path: Path, left: int) -> None:
    ref = await blobs.put(PHOTO)
    file = _file(tmp_path, ref.hash)
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(Unreadable):
        await blobs.get(ref.hash)
    await blobs.put(PHOTO)
    assert await blobs.get(ref.hash) == PHOTO


async def test_an_altered_or_exchanged_file_is_unreadable(blobs: Blobs, tmp_path: Path) -> None:
    one, two = await blobs.put(b"one"), await blobs.put(b"two")
    _file(tmp_path, one.hash).write_bytes(_file(tmp_path, two.hash).read_bytes())
    with pytest.raises(Unreadable):
        await blobs.get(one.hash)


@pytest.mark.parametrize("hash", ["", "0" * 64, "../../etc/passwd", "Z" * 64, "0" * 62 + "/."])
async def test_what_is_not_there_is_not_found(blobs: Blobs, hash: str) -> None:
    with pytest.raises(NotFound):
        await blobs.get(hash)


async def test_deleting_is_for_good_and_may_be_repeated(blobs: Blobs) -> None:
    ref = await blobs.put(PHOTO)
    assert await blobs.exists(ref.hash)
    await blobs.delete(ref.hash)
    await blobs.delete(ref.hash)
    assert not await blobs.exists(ref.hash)


async def test_files_follow_the_rotation_of_the_master_key(blobs: Blobs, tmp_path: Path) -> None:
    ref = await blobs.put(PHOTO, "image/jpeg")
    ring = RING.rotated()
    after = open_blobs((tmp_path / "blobs").as_uri(), Vault(ring))
    assert await after.rewrap(ref.hash)
    assert not await after.rewrap(ref.hash)
    only_new = open_blobs((tmp_path / "blobs").as_uri(), Vault(ring.without(RING.current)))
    assert (await only_new.load(ref.hash)).content == PHOTO
    with pytest.raises(Unreadable):
        await blobs.get(ref.hash)


def test_other_stores_are_refused() -> None:
    with pytest.raises(Invalid):
        open_blobs("ftp://host/folder", Vault(RING))


def _file(tmp_path: Path, hash: str) -> Path:
    return tmp_path / "blobs" / hash[:2] / hash
