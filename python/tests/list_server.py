"""A server of lists, for what the embedded server never does: odd cards, pages that are counted, answers that stop."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import cardwright


def card(n: int, **fields: Any) -> dict[str, Any]:
    """A card with an id and a state."""
    return {"id": n, "serialNumber": f"{n:08X}", "state": "Issued", **fields}


class ListServer:
    """Serves these cards in pages, as CertiFlow does. After `stop_after` bytes of a page nothing more comes. The
    second page, and those behind it, wait for `gate`."""

    def __init__(self, cards: Sequence[Any], stop_after: int | None = None) -> None:
        self.pages = 0
        self.gate = threading.Event()
        self.gate.set()
        self.closed = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.pages += 1
                if outer.pages > 1:
                    outer.gate.wait(60)
                asked = parse_qs(urlsplit(self.path).query)
                offset = int(asked.get("offset", ["0"])[0])
                count = int(asked.get("count", [str(len(cards))])[0])
                body = json.dumps(cards[offset : offset + count]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if stop_after is None:
                    self.wfile.write(body)
                    return
                self.wfile.write(body[:stop_after])
                self.wfile.flush()
                self.connection.settimeout(60)
                # Nothing comes but the end, which is rude where bytes are left that nobody has read.
                try:
                    if self.connection.recv(1):
                        return
                except ConnectionResetError:
                    pass
                outer.closed.set()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def client(self, **options: Any) -> cardwright.CertiFlow:
        return cardwright.CertiFlow(self.url, **options)

    def __enter__(self) -> ListServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
