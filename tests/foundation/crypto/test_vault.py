"""What the vault promises: it opens what it sealed, and nothing that was touched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.crypto import DataKey, Keyring, Unreadable, Vault, new_keyring, same

RING = new_keyring()
VAULT = Vault(RING)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_opens(plain: bytes, aad: bytes) -> None:
    sealed = VAULT.seal(plain, aad=aad)
    assert VAULT.open(sealed, aad=aad) == plain
    assert VAULT.seal(plain, aad=aad) != sealed


@given(st.binary(max_size=100), st.data())
def test_no_altered_byte_opens(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal(plain, aad=b"contact"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        VAULT.open(bytes(sealed), aad=b"contact")


@given(st.binary(max_size=60))
def test_noise_and_cut_values_are_unreadable(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        VAULT.open(noise)
    with pytest.raises(Unreadable):
        DataKey(b"k" * 32).open(noise)


@given(st.binary(max_size=60), st.integers(1, 70))
def test_a_truncated_value_is_unreadable(plain: bytes, cut: int) -> None:
    sealed = VAULT.seal(plain)
    with pytest.raises(Unreadable):
        VAULT.open(sealed[:-cut])


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = VAULT.seal(b"13900000000", aad=b"contact-1")
    with pytest.raises(Unreadable):
        VAULT.open(sealed, aad=b"contact-2")


def test_a_contact_key_survives_rotation_and_dies_with_its_wrapping() -> None:
    key = VAULT.new_key()
    wrapped = VAULT.wrap(key, aad=b"contact-1")
    phone = key.seal(b"13900000000", aad=b"phone")

    ring = RING.rotated()
    after = Vault(ring)
    assert not after.is_current(wrapped)
    rewrapped = after.rewrap(wrapped, aad=b"contact-1")
    assert after.is_current(rewrapped)
    assert after.rewrap(rewrapped, aad=b"contact-1") is rewrapped
    assert after.unwrap(rewrapped, aad=b"contact-1").open(phone, aad=b"phone") == b"13900000000"

    retired = Vault(ring.without(RING.current))
    assert retired.unwrap(rewrapped, aad=b"contact-1").open(phone, aad=b"phone") == b"13900000000"
    with pytest.raises(Unreadable):
        retired.unwrap(wrapped, aad=b"contact-1")
    with pytest.raises(Unreadable):
        after.unwrap(rewrapped, aad=b"contact-2")


def test_a_data_key_and_the_master_do_not_open_each_other() -> None:
    key = VAULT.new_key()
    with pytest.raises(Unreadable):
        VAULT.open(key.seal(b"x"))
    with pytest.raises(Unreadable):
        key.open(VAULT.seal(b"x"))


def test_the_blind_index_separates_kinds_and_ignores_the_master_key() -> None:
    assert VAULT.blind("phone", "13900000000") == Vault(RING.rotated()).blind("phone", "13900000000")
    assert VAULT.blind("phone", "13900000000") != VAULT.blind("mail", "13900000000")
    assert VAULT.blind("phone", "13900000000") != Vault(new_keyring()).blind("phone", "13900000000")
    assert len(VAULT.blind("phone", "张伟")) == 16


def test_keys_do_not_show_themselves() -> None:
    for key in (*RING.master.values(), RING.blind, RING.signing):
        assert key.hex() not in repr(RING)
        assert repr(key) not in repr(RING)


@pytest.mark.parametrize(
    ("master", "current"), [({1: b"k" * 32}, 2), ({0: b"k" * 32}, 0), ({70000: b"k" * 32}, 70000), ({1: b"short"}, 1)]
)
def test_a_ring_that_could_not_work_is_refused(master: dict[int, bytes], current: int) -> None:
    with pytest.raises(ValueError, match="key"):
        Keyring(master, current, b"b" * 32, b"s" * 32)


@given(st.text(max_size=20), st.text(max_size=20))
def test_same_agrees_with_equality(left: str, right: str) -> None:
    assert same(left, right) == (left == right)
    assert same(left, left)


def test_sealing_an_identity_takes_microseconds() -> None:
    key, value = VAULT.new_key(), b"+8613900000000"
    best = min(_seconds(key, value) for _ in range(5))
    assert best / 2000 < 40e-6  # 3 µs on a free core; the bound leaves room for a busy one


def _seconds(key: DataKey, value: bytes) -> float:
    start = time.process_time()
    for _ in range(2000):
        key.seal(value, aad=b"0123456789abcdef")
    return time.process_time() - start
