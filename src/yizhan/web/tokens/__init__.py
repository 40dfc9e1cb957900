"""API tokens: what a program may do in an agent's name."""

from yizhan.web.tokens.handlers import issue_token, list_tokens, withdraw_token

routes = [list_tokens, issue_token, withdraw_token]

__all__ = ["routes"]
