"""Nothing grows: each kind of public call, many times, against a real server, which is a process of its own.

`CARDWRIGHT_LONG` does each 10,000 times; else each is done as often as a few seconds allow.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow  # type: ignore[import-untyped]
import pytest

import cardwright
from cardwright import Atr, CardState, CertiFlow, MimCm, Operation, RevocationReason
from cardwright.errors import CardwrightError

LONG = bool(os.environ.get("CARDWRIGHT_LONG"))
PROC = Path("/proc/self")
ATR = "3B8D0180FBA000000397425446590301C8"
# What the allocator keeps although it is asked for it is no growth of the package. A leak of a hundred bytes in each of 10,000
# calls is 1 MB; a card, a page or a connection each time is more than ten times that.
MOST_RESIDENT = 12 << 20
# Python's own objects: what one round leaves behind in a cache, such as that of `re`, and no more for each call.
MOST_TRACED = 64 << 10


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What is logged is kept, and would be growth."""
    caplog.set_level(logging.ERROR, "cardwright")


def settled() -> tuple[int, int]:
    """File descriptors and threads, when those that are about to end have ended."""
    seen = (-1, -1)
    for _ in range(500):
        now = (len(os.listdir(PROC / "fd")), len(os.listdir(PROC / "task")))
        if now == seen:
            return now
        seen = now
        time.sleep(0.02)
    return seen


def resident() -> int:
    """Bytes, without what allocators keep of what was freed."""
    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int((PROC / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


SERVER = """
import cardwright, json, sys
with cardwright.Server(seed=1, cards=60) as server:
    print(json.dumps([server.certiflow_url, server.mim_url, server.auth]), flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def server_apart() -> Iterator[tuple[str, str, tuple[str, str]]]:
    """A server in a process of its own: the bases of its CertiFlow and its MIM CM, and an account."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        certiflow, mim, (user, password) = json.loads(child.stdout.readline())
        yield certiflow, mim, (user, password)
        child.stdin.close()


def raises(call: Callable[[], object]) -> None:
    try:
        call()
    except (CardwrightError, TypeError, ValueError):
        return
    raise AssertionError("no error")


def half(client: CertiFlow) -> None:
    cards = client.cards(count=40)
    for _ in zip(range(20), cards):
        pass


def hold(client: CertiFlow, folder: Path) -> None:
    """Two cards, there and back, with a journal that is taken up when it is done."""
    journal = folder / "hold.ndjson"
    for word in ("Disable", "Enable"):
        assert cardwright.bulk([1013, 1065], word, client=client, journal=journal).counts.done == 2
        assert client.bulk([1013, 1065], word, journal=journal, resume=True).note
        journal.unlink()


def changed(client: CertiFlow) -> None:
    for word in ("Disable", "Enable"):
        assert client.operate("1013", word).done


def calls(client: CertiFlow, mim: MimCm, auth: tuple[str, str], folder: Path) -> Iterator[tuple[str, int, Callable[[], object]]]:
    """A name, how many times a short run does it, and the call."""
    record = client.card("1013")
    assert record is not None
    smartcard = next(mim.cards())
    closed = cardwright.CertiFlow("http://127.0.0.1:9/certiflow/api", ("a", "b"), attempts=1)
    unknown: str = "Nowhere"

    def made() -> None:
        with CertiFlow(client.url, auth) as own:
            assert own.card("1013") is not None

    def got() -> None:
        for name in dir(type(record)):
            if not name.startswith("_") and not callable(getattr(type(record), name)):
                getattr(record, name)
        assert record.certificates is not None and repr(record)

    yield "Atr", 5_000, lambda: (Atr(ATR).protocols, Atr(ATR).findings, Atr(ATR).historical)
    yield "Atr that is none", 5_000, lambda: raises(lambda: Atr("3B"))
    yield "enumerations", 10_000, lambda: (CardState.of("issued"), RevocationReason.of("CardLost"), Operation.of("Suspend"))
    yield "an unknown word", 2_000, lambda: raises(lambda: CardState.of(unknown))
    yield "the tables", 5_000, lambda: cardwright.parse_atrs([ATR, None])
    yield "getters", 1_000, got
    yield "dict", 2_000, lambda: dict(record)
    yield "pickle", 1_000, lambda: pickle.loads(pickle.dumps(record))
    yield "an error of the network", 100, lambda: raises(lambda: closed.card("1"))
    yield "an argument that is wrong", 1_000, lambda: raises(lambda: client.bulk([True], "Disable"))
    yield "a client and its close", 40, made
    yield "card", 200, lambda: client.card("1013")
    yield "a card that is missing", 200, lambda: client.card("999999")
    yield "find", 100, lambda: client.find("02A1B3C4")
    yield "MIM CM's card", 200, lambda: mim.card(str(smartcard.id))
    yield "cards, whole", 50, lambda: list(client.cards(count=40))
    yield "cards, dropped half-way", 40, lambda: half(client)
    yield "a table", 50, lambda: client.cards(count=40).to_arrow()
    yield "a plan of one operation", 500, lambda: client.plan("1013", "Disable")
    yield "an operation", 20, lambda: changed(client)
    yield "an operation that is refused", 50, lambda: raises(lambda: client.operate("1013", "Enable"))
    yield "a plan for many", 50, lambda: cardwright.plan(client.cards(count=20), "Disable")
    yield "bulk", 10, lambda: hold(client, folder)
    yield "bulk of what is missing", 50, lambda: raises(lambda: client.bulk([1013, 999999], "Disable"))


def times(call: Callable[[], object], n: int) -> None:
    for _ in range(n):
        call()


@pytest.mark.skipif(not PROC.is_dir(), reason="the figures are those of Linux")
def test_nothing_grows(tmp_path: Path) -> None:
    grown = []
    with server_apart() as (base, mim, auth), CertiFlow(base, auth) as client, MimCm(mim, auth) as other:
        for name, short, call in calls(client, other, auth, tmp_path):
            n = 10_000 if LONG else short
            times(call, max(n // 10, 10))
            # Two halves: what the first leaves warm, the second has.
            times(call, n // 2)
            before, kept = settled(), resident()
            times(call, n // 2)
            after, resides = settled(), resident()
            if resides - kept > MOST_RESIDENT:
                # An allocator takes another arena once; a leak grows by as much again.
                kept = resides
                times(call, n // 2)
                after, resides = settled(), resident()
            tracemalloc.start()
            try:
                times(call, 20)
                gc.collect()
                first, _ = tracemalloc.get_traced_memory()
                times(call, min(n // 4, 100))
                gc.collect()
                second, _ = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            print(f"{name}: {n} times, {before} {after}, {(resides - kept) >> 10} KiB, {second - first} bytes of Python")
            if after != before or resides - kept > MOST_RESIDENT or second - first > MOST_TRACED:
                grown.append((name, before, after, resides - kept, second - first))
    assert not grown, f"name, (descriptors, threads) before and after, bytes resident, bytes of Python: {grown}"


STARTED = """
import cardwright, os, sys
def figures():
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/proc/self/fd"))
for n in range(int(sys.argv[1]) + 5):
    if n == 5:
        before = figures()
    with cardwright.Server(seed=1, cards=20) as server, server.certiflow() as client:
        assert len(list(client.cards())) >= 20
after = figures()
print(after[0] - before[0], after[1] - before[1])
"""


@pytest.mark.skipif(not PROC.is_dir(), reason="the figures are those of Linux")
def test_a_server_that_is_started_and_stopped_leaves_nothing() -> None:
    # A sign-in takes 19 MiB for a moment, which glibc otherwise keeps for each of its arenas.
    environment = {**os.environ, "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "1048576"}
    command = [sys.executable, "-c", STARTED, "500" if LONG else "15"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    grown, descriptors = map(int, done.stdout.split())
    assert (grown <= MOST_RESIDENT, descriptors) == (True, 0), grown


@pytest.mark.skipif(not PROC.is_dir(), reason="the figures are those of Linux")
def test_a_failure_of_the_measure_would_be_seen(tmp_path: Path) -> None:
    """The figures see a descriptor, a thread, and memory that stay."""
    before, kept = settled(), resident()
    held = bytearray(2 * MOST_RESIDENT)
    held[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(held[:: os.sysconf("SC_PAGE_SIZE")])
    end = threading.Event()
    waits = threading.Thread(target=end.wait)
    with contextlib.ExitStack() as stack:
        stack.enter_context((tmp_path / "x").open("w", encoding="utf-8"))
        waits.start()
        try:
            assert settled() == (before[0] + 1, before[1] + 1)
            assert resident() - kept > MOST_RESIDENT
        finally:
            end.set()
            waits.join()
