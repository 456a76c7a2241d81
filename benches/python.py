"""The Python package beside what scripts use today. Each side is a process of its own, by turns; medians.

In a Python that has the package, built for release, and its peers (`wrk` is a program of its own):

    pip install ./python pandas pyarrow requests pyscard
    python benches/python.py

It prints what it also writes to benches/results/python.txt. A word (`atr`, `frame` or `bulk`) asks one question alone, and
writes nothing.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULT = HERE / "results/python.txt"
PAIRS = HERE.parent / "server/examples/figures/pairs.lua"
COMMAND = "python benches/python.py"

CARDS = 100_000
PAGE = 5_000
FRAME_ROUNDS = 5
CHANGED = 10_000
CONNECTIONS = 64
BULK_ROUNDS = 5
WRK_SECONDS = 3
ATR_ROUNDS = 31
ATRS = (
    "3B8D0180FBA000000397425446590301C8",
    "3B7F96000080318065B0855956FB120FFE829000",
    "3BDF18FF81F1FE43003F03834D494641524520506C75732053414D3B",
    "3B8F8001804F0CA000000306030001000000006A",
    "3BFD1800008031FE4553434536302D43443038312D6E46A9",
    "3F2F008069AF0307015900000A0E833E9F16",
)


# The sides. Each is called as `python benches/python.py side NAME ...`, and prints its figures as JSON.


def server(cards: str) -> None:
    """The server of this project, embedded, in memory. It ends with its standard input."""
    from cardwright import Server

    with Server(seed=1, cards=int(cards)) as running:
        print(json.dumps([running.certiflow_url, *running.auth]), flush=True)
        sys.stdin.read()


def from_memory(url: str, user: str, password: str) -> None:
    """A server that answers at once with the same cards, whole or in pages. It ends with its standard input."""
    import socketserver
    import threading

    import requests

    body = requests.get(f"{url}/Cards?count={CARDS}", auth=(user, password), timeout=300).content
    cards = [json.dumps(card, separators=(",", ":"), ensure_ascii=False).encode() for card in json.loads(body)]

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while (line := self.rfile.readline()) and line.strip():
                while self.rfile.readline().strip():
                    pass
                asked = re.search(rb"offset=(\d+)&count=(\d+)", line)
                offset, count = map(int, asked.groups()) if asked else (0, 0)
                page = b"[%s]" % b",".join(cards[offset : offset + count]) if asked else body
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(page)}\r\n\r\n"
                self.wfile.write(head.encode())
                self.wfile.write(page)

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threads(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        print(json.dumps([f"http://127.0.0.1:{running.server_address[1]}", user, password]), flush=True)
        sys.stdin.read()


def status(field: str) -> int:
    """A line of /proc/self/status, in KiB."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field + ":")]
    return int(line.split()[1])


def measured(make: Callable[[], Any]) -> None:
    """Prints rows, seconds, and the most MiB above the interpreter with pandas imported."""
    import pandas  # noqa: F401

    before = status("VmRSS")
    # The peak begins anew.
    Path("/proc/self/clear_refs").write_text("5")
    started = time.perf_counter()
    frame = make()
    seconds = time.perf_counter() - started
    print(json.dumps([len(frame), seconds, (status("VmHWM") - before) / 1024]))


def frame_ours(url: str, user: str, password: str) -> None:
    def make() -> Any:
        from cardwright import CertiFlow

        return CertiFlow(url, (user, password), page_size=PAGE).cards(count=CARDS).to_pandas()

    measured(make)


def frame_requests(url: str, user: str, password: str) -> None:
    def make() -> Any:
        import pandas
        import requests

        answer = requests.get(f"{url}/Cards?count={CARDS}", auth=(user, password), timeout=300)
        answer.raise_for_status()
        return pandas.DataFrame(json.loads(answer.content))

    measured(make)


def bulk_ours(url: str, user: str, password: str, word: str, ids: str, journal: str) -> None:
    from cardwright import CertiFlow, plan

    wanted = set(Path(ids).read_text().split())
    client = CertiFlow(url, (user, password), page_size=PAGE)
    work = plan((card for card in client.cards() if str(card.id) in wanted), word, client=client)
    started = time.perf_counter()
    if journal:
        work.keep(journal)
    work.run()
    print(json.dumps([work.counts.done, time.perf_counter() - started]))


def bulk_requests(url: str, user: str, password: str, word: str, ids: str) -> None:
    import threading
    from concurrent.futures import ThreadPoolExecutor

    import requests

    here = threading.local()

    def one(card: str) -> None:
        if not hasattr(here, "session"):
            here.session = requests.Session()
            here.session.auth = (user, password)
        here.session.post(f"{url}/Cards/{card}/{word}", timeout=60).raise_for_status()

    cards = Path(ids).read_text().split()
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        done = sum(1 for _ in pool.map(one, cards))
    print(json.dumps([done, time.perf_counter() - started]))


def timed(make: Callable[[str], object]) -> float:
    """Microseconds for an ATR: the least of 5 runs over all of them, many times."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter_ns()
        for _ in range(500):
            for text in ATRS:
                make(text)
        best = min(best, (time.perf_counter_ns() - started) / 500 / len(ATRS) / 1000)
    return best


def atr_ours() -> None:
    from cardwright import Atr

    def asked(text: str) -> object:
        atr = Atr(text)
        return atr.protocols, atr.historical_bytes

    print(json.dumps([timed(Atr), timed(asked)]))


def atr_pyscard() -> None:
    from smartcard.ATR import ATR  # type: ignore[import-untyped]
    from smartcard.util import toBytes  # type: ignore[import-untyped]

    def asked(text: str) -> object:
        atr = ATR(toBytes(text))
        return atr.getSupportedProtocols(), atr.getHistoricalBytes()

    print(json.dumps([timed(lambda text: ATR(toBytes(text))), timed(asked)]))


SIDES: dict[str, Callable[..., None]] = {
    side.__name__: side
    for side in (
        server,
        from_memory,
        frame_ours,
        frame_requests,
        bulk_ours,
        bulk_requests,
        atr_ours,
        atr_pyscard,
    )
}


def command(side: Callable[..., None], *arguments: object) -> list[str]:
    return [sys.executable, __file__, "side", side.__name__, *map(str, arguments)]


def figures(side: Callable[..., None], *arguments: object) -> list[float]:
    done = subprocess.run(command(side, *arguments), stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    numbers: list[float] = json.loads(done.stdout)
    return numbers


@contextmanager
def running(side: Callable[..., None], *arguments: object) -> Iterator[list[str]]:
    with subprocess.Popen(command(side, *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        yield json.loads(child.stdout.readline())
        child.stdin.close()


def by_turns(rounds: int, sides: dict[str, Callable[[], list[float]]]) -> dict[str, list[float]]:
    """The median of each figure of each side; the first figure must be the same each time."""
    seen: dict[str, list[list[float]]] = {name: [] for name in sides}
    for n in range(rounds):
        for name, side in sides.items():
            seen[name].append(side())
            print(f"round {n + 1} of {rounds}: {name}: {seen[name][-1]}", file=sys.stderr)
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}


# The questions.


def atr() -> Iterator[str]:
    yield f"An ATR in hexadecimal, {len(ATRS)} of them by turns; medians of {ATR_ROUNDS} processes each"
    yield f"{'':44} {'µs made':>9} {'ratio':>7} {'and asked':>10} {'ratio':>7}"
    seen = by_turns(ATR_ROUNDS, {"ours": lambda: figures(atr_ours), "pyscard": lambda: figures(atr_pyscard)})
    names = {"ours": "cardwright.Atr(text)", "pyscard": f"pyscard {version('pyscard')}, ATR(toBytes(text))"}
    for side, (made, asked) in seen.items():
        first, second = seen["ours"]
        yield f"{names[side]:44} {made:9.2f} {made / first:7.1f} {asked:10.2f} {asked / second:7.1f}"


def frame() -> Iterator[str]:
    with running(server, CARDS * 11 // 10) as live, running(from_memory, *live) as memory:
        for title, where in (("from memory", memory), ("from the server of this project", live)):
            sides = {
                "ours": lambda where=where: figures(frame_ours, *where),
                "requests": lambda where=where: figures(frame_requests, *where),
            }
            seen = by_turns(FRAME_ROUNDS, sides)
            yield f"{CARDS} cards to a pandas frame, {title}; medians of {FRAME_ROUNDS} rounds"
            yield f"{'':44} {'seconds':>9} {'ratio':>7} {'MiB':>10} {'ratio':>7}"
            names = {
                "ours": f"cards().to_pandas(), pages of {PAGE}",
                "requests": f"requests {version('requests')}, json, DataFrame(list)",
            }
            for side, (rows, seconds, peak) in seen.items():
                assert rows == CARDS
                _, first, second = seen["ours"]
                yield f"{names[side]:44} {seconds:9.2f} {seconds / first:7.1f} {peak:10.0f} {peak / second:7.1f}"
            yield ""


def wrk(url: str, user: str, password: str, ids: Path) -> list[float]:
    """The same requests as fast as they go, without looking at what comes back."""
    import base64

    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    base = url.removesuffix("/certiflow/api")
    words = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{WRK_SECONDS}s", "-s", str(PAIRS)]
    words += ["-H", f"Authorization: Basic {credentials}", base, "--", str(ids), "2"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    [rate] = re.findall(r"Requests/sec:\s*([\d.]+)", said)
    return [float(rate)]


def bulk() -> Iterator[str]:
    with running(server, 40_000) as live, tempfile.TemporaryDirectory(dir=HERE) as home:
        from cardwright import CertiFlow

        client = CertiFlow(live[0], (live[1], live[2]), page_size=PAGE)
        issued = [str(card.id) for card in client.cards(state="Issued", count=2 * CHANGED)]
        assert len(issued) == 2 * CHANGED
        # wrk ends in the middle of a pair, so it has cards of its own.
        ours, theirs = Path(home, "ours.txt"), Path(home, "theirs.txt")
        ours.write_text("\n".join(issued[:CHANGED]) + "\n")
        theirs.write_text("\n".join(issued[CHANGED:]) + "\n")
        journals = iter(range(1000))

        def pair(side: Callable[..., None], with_journal: bool | None = None) -> list[float]:
            """Disable, which is measured, and Enable, which takes it back."""
            more: list[object] = [] if with_journal is None else [""]
            if with_journal:
                more = [Path(home, f"{next(journals)}.ndjson")]
            done, seconds = figures(side, *live, "Disable", ours, *more)
            assert done == CHANGED
            figures(side, *live, "Enable", ours, *([] if with_journal is None else [""]))
            return [done / seconds]

        def by_wrk() -> list[float]:
            rate = wrk(live[0], live[1], live[2], theirs)
            cards = [card for card in client.cards(state="Disabled") if str(card.id) in set(issued[CHANGED:])]
            from cardwright import plan

            plan(cards, "Enable", client=client).run(concurrency=CONNECTIONS)
            return rate

        seen = by_turns(
            BULK_ROUNDS,
            {
                f"wrk, 2 threads, {CONNECTIONS} connections, {WRK_SECONDS} s": by_wrk,
                "bulk().run(), without a journal": lambda: pair(bulk_ours, False),
                "bulk().run(), with a journal": lambda: pair(bulk_ours, True),
                f"requests {version('requests')}, {CONNECTIONS} threads": lambda: pair(bulk_requests),
            },
        )
        yield f"Disable of {CHANGED} cards (CertiFlow), the others with {CONNECTIONS} connections; medians of {BULK_ROUNDS} rounds"
        yield f"{'':44} {'a second':>9} {'ratio':>7}"
        [best] = next(iter(seen.values()))
        for name, (rate,) in seen.items():
            yield f"{name:44} {rate:9.0f} {rate / best:7.2f}"


def main(words: list[str]) -> None:
    if words[:1] == ["side"]:
        return SIDES[words[1]](*words[2:])
    questions = {"atr": atr, "frame": frame, "bulk": bulk}
    load = os.getloadavg()[0]
    lines = [
        f"$ {COMMAND}",
        f"Python {platform.python_version()}, pandas {version('pandas')}, pyarrow {version('pyarrow')}; "
        f"{os.cpu_count()} cores, load {load:.0f} at the start",
    ]
    for name, question in questions.items():
        if words and name not in words:
            continue
        lines += ["", *question()]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    text = re.sub(r"\n{3,}", "\n\n", text)
    print(text, end="")
    if not words:
        RESULT.write_text(text, encoding="utf-8")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
