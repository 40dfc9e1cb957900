"""Every query of the product is understood by a migrated database: no wrong column, no wrong type, no typing slip."""

from pathlib import Path

import pytest

import yizhan
from yizhan.foundation.db import Database, parse_queries

_ROOT = Path(yizhan.__file__).parent
_FILES = sorted(str(file.parent.relative_to(_ROOT)) for file in _ROOT.rglob("queries.sql"))


@pytest.mark.parametrize("folder", _FILES)
async def test_every_query_prepares(db: Database, folder: str) -> None:
    queries = parse_queries((_ROOT / folder / "queries.sql").read_text("utf-8"), folder.replace("/", "."))
    assert len(queries) > 0
    wrong = []
    for name, text in queries.items():
        async with db.pool.acquire() as connection:
            try:
                await connection.prepare(text)
            except Exception as error:
                wrong.append(f"{name}: {error}")
    assert wrong == []
