"""One log for ourselves and every library under us, from which secrets were taken before anyone writes them down."""

from yizhan.foundation.log.redact import redact, redact_text
from yizhan.foundation.log.setup import Logger, configure, get_logger

__all__ = ["Logger", "configure", "get_logger", "redact", "redact_text"]
