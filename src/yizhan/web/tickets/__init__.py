"""Tickets over HTTP: lists, one ticket with its thread, moves, changes, joining and splitting, tags."""

from yizhan.web.tickets.handlers import routes
from yizhan.web.tickets.shapes import read_cursor, read_rank, write_cursor, write_rank
from yizhan.web.tickets.tags import given_tags

__all__ = ["given_tags", "read_cursor", "read_rank", "routes", "write_cursor", "write_rank"]
