"""Consultations 会诊 over HTTP: asked, joined, discussed, closed with a conclusion."""

from yizhan.web.consultations.handlers import routes

__all__ = ["routes"]
