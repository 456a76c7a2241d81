"""Lists without a bound: they are streamed, and a client that hangs up frees what its list used.

One folder with many cards is made for all cases of this family, and removed at the end: CASES_CARDS of them, or
200,000.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time

from kit import CARD, CERTIFLOW, SLOW, Answer, Chunks, Peak, must, short, together

ALONE = True
CARDS = int(os.environ.get("CASES_CARDS", "200000"))
# CertiFlow does not list the cards that MIM CM has retired.
LISTED = CARDS * 39 // 40
# A server that gathers a list needs memory by its length; what each connection costs stays.
SCALE = max(0.3, min(1, CARDS / 200_000))
_made = []


def folder(world):
    if not _made:
        place = tempfile.mkdtemp(prefix="cases-list-")
        atexit.register(shutil.rmtree, place, ignore_errors=True)
        subprocess.run([world.binary, "seed", "--data", f"{place}/data", "--cards", str(CARDS)], env=world.env,
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=30 * SLOW, check=True)
        _made.append(f"{place}/data")
    return _made[0]


class Listing:
    """An answer that is read and not kept."""

    def __init__(self, server, path, marker, read=None, timeout=18):
        self.status, self.items, self.bytes, self.trouble, self.is_whole = 0, 0, 0, None, False
        self.start, self.timeout, self.marker = time.monotonic(), timeout * SLOW, marker
        try:
            with server.connect(self.timeout) as sock:
                sock.sendall((f"GET {path} HTTP/1.1\r\nHost: {server.authority()}\r\nConnection: close\r\n"
                              f"Authorization: {server.basic()}\r\n\r\n").encode())
                if read != 0:
                    self.take(sock, read)
        except (OSError, ValueError) as error:
            self.trouble = short(error)

    def some(self, sock):
        sock.settimeout(max(0.1, self.timeout - (time.monotonic() - self.start)))
        more = sock.recv(1 << 18)
        self.bytes += len(more)
        return more

    def take(self, sock, read):
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.some(sock)
            if not more:
                return
            head += more
        first = Answer(head)
        self.status, more = first.status, first.rest
        chunks = Chunks() if "chunked" in first.headers.get("transfer-encoding", "") else None
        length, body, tail, last = int(first.headers.get("content-length", -1)), 0, b"", b""
        while True:
            part = chunks.feed(more) if chunks else more
            body += len(part)
            text = tail + part
            self.items += text.count(self.marker)
            tail = text[-(len(self.marker) - 1):]
            last = text[-1:] or last
            if read is not None and self.bytes >= read:
                return
            more = self.some(sock)
            if not more:
                break
        self.is_whole = last == b"]" and (chunks.is_over if chunks else body == length)

    def __str__(self):
        return f"{self.status or 'no answer'} with {self.items:,} items" + ("" if self.is_whole else ", cut") + (f" ({self.trouble})" if self.trouble else "")


def whole(world, path=f"{CERTIFLOW}/Cards", marker=b'"cardModelName":', least=LISTED, at_once=1, growth=100):
    """The list, read by this number of clients at once."""
    growth *= SCALE
    server = world.serve("--data", folder(world))
    must(server.state() == "Issued", "another state", "the card is there")
    with Peak(server) as peak:
        lists = together(at_once, lambda _: Listing(server, path, marker))
    for one in lists:
        must(one is not None and one.status == 200 and one.is_whole and one.items >= least, one, f"200 with {least:,} items or more, to the end")
    must(len({one.items for one in lists}) == 1, ", ".join(map(str, lists)), "the same number each time")
    must(peak.growth < growth, f"{peak.growth:.0f} MB more than before", f"less than {growth:.0f} MB more")


def hang_ups(world, path=f"{CERTIFLOW}/Cards", clients=10, read=1 << 16, growth=100):
    """Clients that ask for all, and hang up after the first bytes."""
    growth *= SCALE
    server = world.serve("--data", folder(world))
    server.state()
    slow = None
    with Peak(server) as peak:
        together(clients, lambda _: Listing(server, path, b"\0never", read=read, timeout=8))
        gone = time.monotonic()
        while time.monotonic() - gone < 5:
            answer = server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}", timeout=5)
            if answer.status != 200 or answer.seconds > 2 * SLOW:
                slow = answer
            time.sleep(0.2)
        left = server.rss() - peak.before
    must(slow is None, f"{slow} after {slow.seconds if slow else 0:.1f} s", "one card is answered 200 within 2 s meanwhile")
    must(left < growth, f"{left:.0f} MB more than before, 5 s after all have gone", f"less than {growth:.0f} MB more")
    must(peak.growth < 2 * growth, f"{peak.growth:.0f} MB more meanwhile", f"less than {2 * growth:.0f} MB more")


def does_not_read(world, clients=8, growth=100):
    """Clients that ask for all and read nothing."""
    growth *= SCALE
    server = world.serve("--data", folder(world))
    server.state()
    socks = []
    with Peak(server) as peak:
        for _ in range(clients):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect((server.host, server.port))
            sock.sendall((f"GET {CERTIFLOW}/Cards HTTP/1.1\r\nHost: {server.authority()}\r\nAuthorization: {server.basic()}\r\n\r\n").encode())
            socks.append(sock)
        time.sleep(6)
        answer = server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}")
    for sock in socks:
        sock.close()
    must(answer.status == 200 and answer.seconds < 2 * SLOW, f"{answer} after {answer.seconds:.1f} s", "one card is answered within 2 s meanwhile")
    must(peak.growth < growth, f"{peak.growth:.0f} MB more than before", f"less than {growth:.0f} MB more")
