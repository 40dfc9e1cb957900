"""Signing in and out, who I am, and whether I am there."""

from yizhan.web.auth.handlers import demo_accounts, demo_sign_in, leave, leave_everywhere, me, set_my_presence, sign_in

routes = [demo_accounts, demo_sign_in, leave, leave_everywhere, me, set_my_presence, sign_in]

__all__ = ["routes"]
