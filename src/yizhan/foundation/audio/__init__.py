"""Voice that no browser plays, AMR, SILK and Speex, made playable as MP3.

`playable` runs a decoder in a process of its own, bounded in memory and time: what a stranger recorded is read by C.
"""

from yizhan.foundation.audio.rendering import RENDERED_TYPE, SPOKEN, Rendered, Unplayable, playable

__all__ = ["RENDERED_TYPE", "SPOKEN", "Rendered", "Unplayable", "playable"]
