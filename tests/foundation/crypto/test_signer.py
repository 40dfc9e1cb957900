"""Tokens: what we signed comes back, what anyone changed does not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.crypto import Signer, new_keyring

SIGNER = Signer(new_keyring())
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
AN_ID = UUID("0192f0c4-0000-7000-8000-000000000001")


@given(st.uuids())
def test_an_address_comes_back_even_in_capitals(subject: UUID) -> None:
    token = SIGNER.address("c", subject)
    assert len(token) == 38
    assert SIGNER.read_address("c", token) == subject
    assert SIGNER.read_address("c", token.upper()) == subject


@given(st.data())
def test_no_changed_address_is_taken(data: st.DataObject) -> None:
    token = SIGNER.address("c", AN_ID)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.1"))
    changed = token[:at] + letter + token[at + 1 :]
    assert SIGNER.read_address("c", changed) == (AN_ID if changed == token else None)


@given(st.text(max_size=60))
def test_noise_is_nobody(noise: str) -> None:
    assert SIGNER.read_address("c", noise) is None
    assert SIGNER.read_session("widget", noise, NOW) is None


def test_purposes_and_installations_do_not_mix() -> None:
    assert SIGNER.read_address("t", SIGNER.address("c", AN_ID)) is None
    assert SIGNER.read_address("", SIGNER.address("c", AN_ID)) is None
    assert Signer(new_keyring()).read_address("c", SIGNER.address("c", AN_ID)) is None
    token = SIGNER.session("widget", AN_ID, NOW + timedelta(hours=1))
    assert SIGNER.read_session("portal", token, NOW) is None


@given(st.uuids(), st.integers(1, 10**8))
def test_a_session_ends_on_time(subject: UUID, seconds: int) -> None:
    expires = NOW + timedelta(seconds=seconds)
    token = SIGNER.session("widget", subject, expires)
    assert SIGNER.read_session("widget", token, expires - timedelta(microseconds=1)) == subject
    assert SIGNER.read_session("widget", token, expires) is None


@given(st.data())
def test_no_changed_session_is_taken(data: st.DataObject) -> None:
    token = SIGNER.session("widget", AN_ID, NOW + timedelta(hours=1))
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    changed = token[:at] + letter + token[at + 1 :]
    assert SIGNER.read_session("widget", changed, NOW) == (AN_ID if changed == token else None)
