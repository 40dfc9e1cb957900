"""What may be paid, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.compensations.model import Compensation, PaidAlready, PayState, Wish

MOST_FEN = 100_000_00
"""Nothing larger is a compensation: it is a payment of the finance department."""


def check_wish(wish: Wish) -> None:
    if not 0 < wish.fen <= MOST_FEN:
        raise Invalid("an amount between 0.01 and 100,000.00", "fen")
    if not wish.reason.strip():
        raise Invalid("say what it is paid for", "reason")


def same_matter(wish: Wish, paid: Compensation) -> bool:
    same_order = bool(wish.order_no) and _plain(wish.order_no) == _plain(paid.order_no)
    return same_order or paid.ticket_id == wish.ticket_id or paid.ticket_id in wish.family


def _plain(order_no: str | None) -> str:
    return "".join((order_no or "").upper().split())


def total_with(wish: Wish, ledger: Sequence[Compensation]) -> int:
    """What the matter would cost in all. Nobody is paid twice: the second one is asked for as an addition."""
    about = [paid for paid in ledger if same_matter(wish, paid)]
    if any(paid.state is PayState.PENDING for paid in about):
        raise Conflict("a compensation for the same matter waits for its approval")
    before = sum(paid.fen for paid in about if paid.state is PayState.GRANTED)
    if before and not wish.addition:
        raise PaidAlready(f"{before / 100:.2f} was paid for the same matter already")
    return before + wish.fen


def within(total_fen: int, limit_fen: int | None) -> bool:
    return limit_fen is None or total_fen <= limit_fen
