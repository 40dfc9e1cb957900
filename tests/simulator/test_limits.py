"""What vendors count."""

from __future__ import annotations

from datetime import timedelta

from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Allowance, Quotas, Tokens, VendorClock

RULES = {"message": Allowance(5, 48 * 3600), "menu": Allowance(3, 60), "pay": Allowance(None, 60)}


def test_five_replies_and_no_sixth(clock: FakeClock) -> None:
    quotas = Quotas(clock, RULES)
    assert quotas.take("a") == "closed"
    quotas.open("a")
    assert [quotas.take("a") for _ in range(6)] == ["ok"] * 5 + ["exhausted"]
    clock.advance(timedelta(hours=48))
    assert (quotas.take("a"), quotas.left("a")) == ("closed", None)


def test_allowances_do_not_add_up(clock: FakeClock) -> None:
    quotas = Quotas(clock, RULES)
    quotas.open("a")
    quotas.take("a")
    quotas.open("a", "menu")
    left = quotas.left("a")
    assert left is not None
    assert (left.messages, left.until - clock.now()) == (4, timedelta(hours=48))
    for _ in range(4):
        quotas.take("a")
    quotas.open("a", "menu")
    assert [quotas.take("a") for _ in range(4)] == ["ok"] * 3 + ["exhausted"]
    quotas.open("a", "unknown")
    assert quotas.take("a") == "exhausted"
    quotas.open("a", "pay")
    assert [quotas.take("a") for _ in range(9)] == ["ok"] * 9
    quotas.close("a")
    assert quotas.take("a") == "closed"


def test_tokens_end(clock: FakeClock) -> None:
    tokens = Tokens(clock, life=7200)
    token, seconds = tokens.issue("app")
    assert (seconds, tokens.state(token), tokens.state(token, "other"), tokens.state("x")) == (
        7200, "good", "unknown", "unknown",
    )  # fmt: skip
    assert tokens.issue("app", again=False)[0] == token
    assert tokens.owner(token) == "app"
    clock.advance(timedelta(hours=2))
    assert tokens.state(token) == "expired"
    fresh, _ = tokens.issue("app", again=False)
    tokens.expire()
    assert (fresh != token, tokens.state(fresh)) == (True, "expired")


def test_the_clock_of_the_vendor_runs_ahead(clock: FakeClock) -> None:
    ours = VendorClock(clock)
    assert ours.advance(timedelta(hours=1)) - clock.now() == timedelta(hours=1)
    clock.advance(timedelta(hours=1))
    assert ours.now() - clock.now() == timedelta(hours=1)
