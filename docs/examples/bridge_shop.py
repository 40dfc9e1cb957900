"""A marketplace shop that speaks to a Yizhan inbox of the channel `bridge`. Standard library only; copy and change it.

    python bridge_shop.py --desk http://127.0.0.1:8000/hooks/bridge/KEY --secret SECRET --port 9000

Write a line and the buyer says it; `/order` sends an order card, `/quit` ends. What the desk answers is printed, and
reported back as delivered. The inbox's address for replies is http://127.0.0.1:9000/desk (a server that runs on the
same machine must be allowed to call it: YIZHAN_ALLOW_HOSTS=127.0.0.1). docs/bridge.md explains every field.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

BUYER = {"id": "tb_2219033", "name": "小满的店铺买家"}
ORDER = {
    "number": "TB202611230001", "title": "保温杯 500ml 雾蓝", "price": "129.00", "state": "已发货",
    "url": "https://shop.example.com/orders/TB202611230001",
}  # fmt: skip
TOLERANCE_S = 300


def sign(secret: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(secret: str, headers: Any, body: bytes) -> bool:
    """Compared in constant time, and not older than five minutes."""
    timestamp = headers.get("X-Bridge-Timestamp", "")
    fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) < TOLERANCE_S
    return fresh and hmac.compare_digest(headers.get("X-Bridge-Signature", ""), sign(secret, timestamp, body))


class Shop:
    def __init__(self, desk: str, secret: str) -> None:
        self.desk = desk
        self.secret = secret
        self.answered: dict[str, str] = {}  # event_id: our message id; an event that comes again is the same message

    # to the desk ------------------------------------------------------------------------------------------------------

    def tell(self, type: str, **said: Any) -> None:
        """Three attempts with the same event_id: the desk takes it once. A refusal that is final raises."""
        body = json.dumps({"event_id": str(uuid.uuid4()), "type": type, **said}, ensure_ascii=False).encode()
        for attempt in (1, 2, 3):
            timestamp = str(int(time.time()))
            headers = {
                "Content-Type": "application/json", "X-Bridge-Timestamp": timestamp,
                "X-Bridge-Signature": sign(self.secret, timestamp, body),
            }  # fmt: skip
            try:
                with urlopen(Request(self.desk, body, headers), timeout=5):  # noqa: S310 - the address is ours
                    return
            except OSError as failure:
                status = getattr(failure, "code", 503)
                if attempt == 3 or (status < 500 and status != 429):
                    raise
                time.sleep(attempt)

    def buyer_says(self, text: str) -> None:
        self.tell("message", customer=BUYER, message={"id": str(uuid.uuid4()), "kind": "text", "text": text})

    def buyer_shows_order(self) -> None:
        message = {"id": str(uuid.uuid4()), "kind": "order", "text": "", "order": ORDER}
        self.tell("message", customer=BUYER, message=message)

    def report(self, message_id: str, state: str) -> None:
        self.tell("status", status={"message_id": message_id, "state": state})

    # from the desk ----------------------------------------------------------------------------------------------------

    def hear(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and body to answer with. Here a real shop would call its marketplace."""
        if said["type"] == "recall":
            print(f"[taken back] {said['recall']['message_id']}")  # noqa: T201
        if said["type"] != "message":
            return 200, {"ok": True}
        if "微信" in said["message"]["text"]:  # marketplaces refuse to be left
            return 400, {"error_class": "content_rejected", "error": "平台不允许引导到站外"}
        known = said["event_id"] in self.answered
        message_id = self.answered.setdefault(said["event_id"], f"shop-{len(self.answered) + 1}")
        if not known:
            print(f"[{said['message']['author']}] {said['message']['text']}")  # noqa: T201
            threading.Thread(target=self.report, args=(message_id, "delivered"), daemon=True).start()
        return 200, {"message_id": message_id}


def server(shop: Shop, port: int) -> ThreadingHTTPServer:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if is_signed(shop.secret, self.headers, body):
                status, answer = shop.hear(json.loads(body))
            else:
                status, answer = 401, {"error_class": "auth", "error": "signature"}
            content = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """The console belongs to the conversation."""

    return ThreadingHTTPServer(("127.0.0.1", port), Door)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--desk", required=True)
    asked.add_argument("--secret", required=True)
    asked.add_argument("--port", type=int, default=9000)
    given = asked.parse_args()
    shop = Shop(given.desk, given.secret)
    door = server(shop, given.port)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    while (line := input("> ").strip()) != "/quit":
        if line == "/order":
            shop.buyer_shows_order()
        elif line:
            shop.buyer_says(line)
    door.shutdown()


if __name__ == "__main__":
    main()
