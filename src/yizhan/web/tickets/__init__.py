"""Tickets over HTTP: lists, one ticket with its thread, moves, changes, joining and splitting."""

from yizhan.web.tickets.handlers import routes

__all__ = ["routes"]
