"""The key file: private, made once, never half written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yizhan.foundation.crypto import KeyfileError, load_keys, load_or_make_keys, new_keyring, replace_keys


def test_the_first_start_makes_a_private_file_and_the_second_reads_it(tmp_path: Path) -> None:
    ring = load_or_make_keys(tmp_path / "keys.toml")
    assert (tmp_path / "keys.toml").stat().st_mode & 0o777 == 0o600
    assert load_or_make_keys(tmp_path / "keys.toml") == ring
    assert [file.name for file in tmp_path.iterdir()] == ["keys.toml"]


def test_processes_starting_together_end_with_one_ring(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_or_make_keys(tmp_path / "keys.toml"), range(8)))
    assert all(ring == rings[0] for ring in rings)
    assert [file.name for file in tmp_path.iterdir()] == ["keys.toml"]


def test_rotation_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    ring = load_or_make_keys(path).rotated()
    replace_keys(path, ring)
    assert load_keys(path) == ring
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    load_or_make_keys(path)
    path.chmod(0o640)
    with pytest.raises(KeyfileError, match="chmod 600"):
        load_keys(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("blind", "blnd"),
        lambda text: text.replace("current = 1", "current = 2"),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("a", "x"),
        lambda text: "",
    ],
)
def test_a_damaged_file_is_refused_without_showing_keys(tmp_path: Path, change: Callable[[str], str]) -> None:
    path = tmp_path / "keys.toml"
    ring = new_keyring()
    replace_keys(path, ring)
    path.write_text(change(path.read_text()))
    with pytest.raises(KeyfileError) as refused:
        load_keys(path)
    assert ring.blind.hex()[:10] not in str(refused.value)
    assert ring.master[1].hex()[:10] not in str(refused.value)
