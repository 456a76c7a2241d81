"""A pcscd of the tests' own, with two virtual readers."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cardwright import readers

DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PORT = 40123
READERS = ("Test PCD 00 00", "Test PCD 00 01")
ADDRESS = f"127.0.0.1:{PORT}"


def until(what: str, is_so: Callable[[], bool]) -> None:
    """Waits for something, 20 seconds at most."""
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.02)


def answers() -> bool:
    try:
        return len(readers.readers()) == len(READERS)
    except OSError:
        return False


@pytest.fixture(scope="session", autouse=True)
def pcscd() -> Iterator[None]:
    config = f'FRIENDLYNAME "Test PCD"\nDEVICENAME /dev/null:{PORT}\nLIBPATH {DRIVER}\nCHANNELID {PORT}\n'
    Path("/run/readers/vpcd").write_text(config, encoding="ascii")
    with open("/run/pcscd.log", "wb") as log:
        service = subprocess.Popen(
            ["pcscd", "--foreground", "--config", "/run/readers"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        until("pcscd has its readers", answers)
        yield
    finally:
        service.kill()
        service.wait()


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """As in a terminal: a shell that starts something in the background has Ctrl-C ignored there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def gids() -> Iterator[readers.VirtualCard]:
    """A card in the first reader."""
    with readers.VirtualCard("gids", ADDRESS) as card:
        until("pcscd sees the card", lambda: readers.readers()[0].slot == "card")
        yield card
    until("pcscd sees that it is gone", lambda: readers.readers()[0].slot == "empty")
