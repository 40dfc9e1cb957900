"""Chance that can be repeated: the seed of every run is said, and YIZHAN_TEST_SEED takes one back.

And patience: until something is so, with an end.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable

import click


def fresh_seed() -> int:
    seed = int(os.environ.get("YIZHAN_TEST_SEED", "0")) or secrets.randbits(32)
    say(f"YIZHAN_TEST_SEED={seed}")
    return seed


async def until(question: Callable[[], Awaitable[bool]], seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if await question():
                return
            await asyncio.sleep(0.02)


def say(words: str) -> None:
    """Shown with a failure, or by pytest -s."""
    click.echo(words)
