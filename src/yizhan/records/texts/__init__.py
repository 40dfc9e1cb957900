"""Texts: approved text messages to one number outside of any conversation, such as codes and notices for colleagues.

Nothing that was said is kept here, and no number: what became of each, under our id and the vendor's.
"""

from yizhan.records.texts.model import Purpose, Text, TextState
from yizhan.records.texts.service import KEPT, REPORTED, begin, forget, report, settle, texts_of

__all__ = ["KEPT", "REPORTED", "Purpose", "Text", "TextState", "begin", "forget", "report", "settle", "texts_of"]
