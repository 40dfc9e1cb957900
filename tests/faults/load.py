"""Systems that bring messages and never give up: who gets no answer brings the same delivery again."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Sequence
from typing import Any

import httpx

from tests.faults.site import KEY, SECRET
from yizhan.channels.generic import SIGNATURE, TIMESTAMP, sign

_PAUSE = 0.02  # before the same is brought again


class Load:
    """`acknowledged` holds our id of each message that was answered for; a later answer may not differ."""

    def __init__(self, url: str, seed: int, senders: int = 6, customers: int = 40) -> None:
        self.acknowledged: dict[str, str] = {}
        self.brought = 0
        self.refused: list[str] = []
        self._url = f"{url}/hooks/generic/{KEY}"
        self._chance = random.Random(seed)
        self._senders = senders
        self._customers = customers
        self._number = 0
        self._stopped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Load:
        self._tasks = [asyncio.create_task(self._send()) for _ in range(self._senders)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops new messages; those under way are brought until they are answered for."""
        self._stopped.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def more(self, by: int) -> None:
        """Until so many more were acknowledged: the sign that the door is open again."""
        wanted = len(self.acknowledged) + by
        while len(self.acknowledged) < wanted:
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.005)

    async def _send(self) -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            while not self._stopped.is_set():
                delivery = [self._message() for _ in range(self._chance.choice((1, 1, 2, 5)))]
                await self._bring(client, delivery)
                if self._chance.random() < 0.1:
                    await self._bring(client, delivery)

    def _message(self) -> dict[str, Any]:
        self._number += 1
        who = f"customer-{self._chance.randrange(self._customers)}"
        return {
            "id": f"m{self._number}",
            "from": {"id": who, "name": who},
            "text": f"第 {self._number} 句,什么时候发货?",
        }

    async def _bring(self, client: httpx.AsyncClient, delivery: Sequence[dict[str, Any]]) -> None:
        body = json.dumps({"messages": delivery}).encode()
        while True:
            self.brought += 1
            stamp = str(int(time.time()))
            headers = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, body)}
            try:
                answer = await client.post(self._url, content=body, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code != 200:
                self.refused.append(f"{answer.status_code} {answer.text[:200]}")
                assert answer.status_code >= 500, answer.text
                await asyncio.sleep(_PAUSE)
                continue
            for message, ours in zip(delivery, answer.json()["accepted"], strict=True):
                assert self.acknowledged.setdefault(message["id"], ours) == ours
            return
