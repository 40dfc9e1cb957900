"""Tokens: one living access token for each owner and name, asked for by one process at a time, kept sealed.

The owner is an inbox, or whatever else signs in somewhere; who refuses a token is asked for another.
"""

from yizhan.foundation.tokens.service import Ask, Granted, Renew, Tokens, drop_tokens, forget_tokens

__all__ = ["Ask", "Granted", "Renew", "Tokens", "drop_tokens", "forget_tokens"]
