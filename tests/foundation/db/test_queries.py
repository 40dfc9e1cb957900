import pytest

from yizhan.foundation.db import load_queries, parse_queries

TEXT = """-- What this capability asks.

-- name: oldest_waiting(queue_id, count)
-- The conversations that wait longest.
SELECT id FROM conversation WHERE queue_id = $1
ORDER BY waiting_since -- the oldest first
LIMIT $2;

-- name: everything()
-- All of it.
SELECT 1;
"""


def test_finds_each_query_by_its_name() -> None:
    texts = parse_queries(TEXT, "yizhan.desk.routing")
    assert list(texts) == ["oldest_waiting", "everything"]
    assert texts["everything"] == "/* desk.routing.everything */ SELECT 1"
    assert "The conversations" not in texts["oldest_waiting"]
    assert "-- the oldest first" in texts["oldest_waiting"]


def test_a_query_is_an_attribute_and_an_item() -> None:
    queries = load_queries("yizhan.foundation.lease")
    assert queries.take_lease == queries["take_lease"]
    assert "take_lease" in queries
    with pytest.raises(AttributeError, match="has no query nothing"):
        _ = queries.nothing


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-- name: one(a)\n-- A.\nSELECT 1", "declares 1 parameters"),
        ("-- name: one()\n-- A.\nSELECT $1", "declares 0 parameters"),
        ("-- name: one(a, b)\n-- A.\nSELECT $2", "declares 2 parameters"),
        ("-- name: one()\n-- A.\nSELECT 1;\n-- name: one()\n-- B.\nSELECT 2", "two queries named one"),
        ("-- name: One\nSELECT 1", "not of the form"),
    ],
)
def test_refuses_what_it_would_misread(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_queries(text, "yizhan.desk.routing")


def test_belongs_to_a_package() -> None:
    with pytest.raises(ValueError, match="package"):
        load_queries(None)
