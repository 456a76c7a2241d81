"""The command that the wheel puts on the path."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import cardwright
import pytest
from cardwright import Server

COMMAND = str(Path(sys.executable).parent / "cardwright")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_is_there_and_tells_its_version() -> None:
    assert shutil.which(COMMAND)
    assert run("--version").stdout.strip() == f"cardwright {cardwright.__version__}"


@pytest.mark.parametrize("words", ["readers", "identify", "watch --json", "apdu 00A40400", "virtual-card gids"])
def test_what_needs_a_reader_says_that_it_is_not_in_this_build(words: str) -> None:
    done = run(*words.split())
    assert done.returncode == 2 and "built without readers" in done.stderr, done
    assert "readers" not in run("--help").stdout


def test_it_lists_cards_and_its_exit_codes_are_its_own(cardwright_server: Server) -> None:
    user, password = cardwright_server.auth
    environment = {"CARDWRIGHT_URL": cardwright_server.certiflow_url, "CARDWRIGHT_USER": user, "HOME": "/nonexistent"}
    found = run("card", "--serial", "02A1B3C4", CARDWRIGHT_PASSWORD=password, **environment)
    assert found.returncode == 0 and "02A1B3C4" in found.stdout
    assert run("card", "--serial", "FFFF", CARDWRIGHT_PASSWORD=password, **environment).returncode == 4
    assert run("card", "--serial", "02A1B3C4", CARDWRIGHT_PASSWORD="wrong", **environment).returncode == 5
    assert run("nonsense").returncode == 2
