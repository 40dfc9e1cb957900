"""Consultations 会诊 over HTTP: asked, joined, discussed, closed with a conclusion."""

from yizhan.web.consultations.handlers import routes
from yizhan.web.consultations.parts import ConsultationPart

__all__ = ["ConsultationPart", "routes"]
