"""A server that holds requests: it answers none before a number of them have arrived, or none at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"


class Holding:
    """Answers with an empty list when `together` requests are there at once; 0 for never. `read` is the answer to a GET,
    which is given at once where it is set."""

    def __init__(self, listener: socket.socket, together: int, read: bytes | None = None) -> None:
        self.read = read
        self.listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/certiflow/api"
        self.arrived = threading.Semaphore(0)
        self.all_here = threading.Barrier(together or 1)
        self.together = together
        self.held: list[socket.socket] = []

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.held.append(connection)
            threading.Thread(target=self.hold, args=(connection,), daemon=True).start()

    def hold(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(4096)
            if not piece:
                return
            head += piece
        if self.read is not None and head.startswith(b"GET "):
            about = f"Content-Type: application/json\r\nContent-Length: {len(self.read)}\r\nConnection: close\r\n\r\n"
            connection.sendall(f"HTTP/1.1 200 OK\r\n{about}".encode() + self.read)
            connection.close()
            return
        self.arrived.release()
        if self.together:
            self.all_here.wait(timeout=30)
            connection.sendall(EMPTY)
            connection.close()


@contextmanager
def holding(together: int = 0, read: bytes | None = None) -> Iterator[Holding]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = Holding(listener, together, read)
        threading.Thread(target=held.serve, daemon=True).start()
        try:
            yield held
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in held.held:
                connection.close()
