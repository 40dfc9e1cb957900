"""Identifiers 身份标识 at the desk: which kinds the house knows, as a document that every process follows."""

from yizhan.desk.identities.documents import IDENTITY_KIND, KindBook

__all__ = ["IDENTITY_KIND", "KindBook"]
