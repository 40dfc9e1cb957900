import os
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.ids import id_floor, id_time, new_id

NOON = datetime(2026, 3, 2, 12, 0, 0, 123_457, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(0, 10**6 * 86400 * 365 * 900).map(lambda us: EPOCH + timedelta(microseconds=us))


def test_is_a_version_seven_uuid() -> None:
    made = new_id(NOON)
    assert made.version == 7
    assert made.variant == RFC_4122


@given(instants)
def test_keeps_its_instant_to_the_microsecond(at: datetime) -> None:
    assert id_time(new_id(at)) == at
    assert id_time(id_floor(at)) == at


@given(instants, instants)
def test_is_ordered_by_the_instant_it_names(a: datetime, b: datetime) -> None:
    if a != b:
        assert (new_id(a) < new_id(b)) is (a < b)


@given(instants)
def test_floor_is_below_every_id_of_its_instant_and_above_the_one_before(at: datetime) -> None:
    assert id_floor(at) <= new_id(at)
    if at > EPOCH:
        assert new_id(at - timedelta(microseconds=1)) < id_floor(at)


def test_ids_of_one_instant_grow_in_the_order_they_were_made() -> None:
    made = []
    for _ in range(2000):
        made.append(new_id(NOON))
        new_id(NOON - timedelta(days=400))  # an import of old messages in between changes nothing
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_time_zone_does_not_matter() -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    assert id_floor(shanghai) == id_floor(NOON)


def test_reads_the_millisecond_of_a_foreign_id() -> None:
    foreign = UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")  # the sample of RFC 9562
    assert id_time(foreign).replace(microsecond=0) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize("at", [NOON.replace(tzinfo=None), EPOCH - timedelta(days=1)])
def test_refuses_a_time_it_cannot_hold(at: datetime) -> None:
    with pytest.raises(ValueError, match=r"time|no id"):
        new_id(at)


def test_a_forked_process_does_not_repeat_the_ids_of_its_parent() -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, new_id(NOON).bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert UUID(bytes=os.read(reading, 16)) != new_id(NOON)
    os.close(reading)
    os.close(writing)
