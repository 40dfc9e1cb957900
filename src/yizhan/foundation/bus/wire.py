"""Many signals in one NOTIFY: `node.serial topic:base64 topic:base64 …`, text under the 8000 bytes of PostgreSQL."""

import binascii
from collections.abc import Iterable, Iterator
from itertools import count

MAX_NOTIFY = 7900


class Packer:
    def __init__(self, node: str) -> None:
        self.node = node
        # PostgreSQL drops the second of two equal notifications in one transaction; a serial makes them differ.
        self._serials = count()

    def pack(self, signals: Iterable[tuple[str, bytes]]) -> Iterator[str]:
        """As few texts as hold the signals in their order."""
        packed = ""
        for topic, payload in signals:
            one = f" {topic}:{binascii.b2a_base64(payload, newline=False).decode()}"
            if packed and len(packed) + len(one) > MAX_NOTIFY:
                yield packed
                packed = ""
            packed = (packed or f"{self.node}.{next(self._serials)}") + one
        if packed:
            yield packed


def unpack(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The node that sent the text, and its signals. Raises ValueError for what no Packer wrote."""
    head, *parts = text.split(" ")
    signals = []
    for part in parts:
        topic, separator, encoded = part.partition(":")
        if not separator:
            raise ValueError("a signal without a payload")
        signals.append((topic, binascii.a2b_base64(encoded, strict_mode=True) if encoded else b""))
    return head.partition(".")[0], signals
