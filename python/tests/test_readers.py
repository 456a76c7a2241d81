"""Readers, in a pcscd of the test's own which nobody else sees.

The tests of the folder `python/lab` run in mount, network and process namespaces of their own (unshare, of util-linux): the
machine's pcscd is neither used nor touched, and nothing outlives them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAB = Path(__file__).parent.parent / "lab"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
NAMESPACES = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
# vpcd writes a length and then a message, and TCP lets the second wait for the first to be acknowledged, unless that
# is done at once.
SET_UP = (
    'export PATH="$PATH:/usr/sbin:/sbin" && ip link set lo up && '
    "ip route replace local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 quickack 1 && "
    'mount -t tmpfs tmpfs /run && mkdir /run/pcscd /run/readers && "$@"; exit $?'
)


def namespaces() -> list[str]:
    if not DRIVER.exists() or shutil.which("pcscd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
        refuse("pcscd or vpcd is not installed (Debian: pcscd, vsmartcard-vpcd)")
    said = ""
    for root in ([], ["--map-root-user"]):
        trial = subprocess.run(["unshare", *root, *NAMESPACES, "true"], capture_output=True, text=True, check=False)
        if trial.returncode == 0:
            return ["unshare", *root, *NAMESPACES]
        said = trial.stderr.strip()
    refuse(f"namespaces are not permitted here: {said}")
    return []


def refuse(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"CI must run this, and {why}")
    pytest.skip(why)


def test_readers_and_cards_in_a_pcscd_of_our_own() -> None:
    inside = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(LAB)]
    command = [*namespaces(), "sh", "-c", SET_UP, "sh", *inside]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0
    assert " passed" in done.stdout and "skipped" not in done.stdout
