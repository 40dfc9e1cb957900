"""Promises in an agent's words: when something is said to be done, in Chinese and in English, and what it is. Pure."""

from yizhan.desk.promises.words.reading import recognise

__all__ = ["recognise"]
