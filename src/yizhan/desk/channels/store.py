"""The queries of this folder."""

from yizhan.foundation.db import load_queries

SQL = load_queries(__package__)
