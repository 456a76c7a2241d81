"""The programs of the book and of examples/python, as a user starts them."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cardwright import CardState, CertiFlow, Server

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/python"


def run(server: Server, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    user, password = server.auth
    given = {"CARDWRIGHT_URL": server.certiflow_url, "CARDWRIGHT_USER": user, "CARDWRIGHT_PASSWORD": password}
    command = [sys.executable, str(EXAMPLES / program), *arguments]
    return subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_program_of_readme_revokes_a_lost_card(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    done = run(cardwright_server, "lost_card.py", "02A1B3C4")
    assert done.returncode == 0 and "state=Revoked" in done.stdout, done
    card = cardwright_certiflow.find("02A1B3C4")
    assert card is not None and card.state is CardState.Revoked
    assert run(cardwright_server, "lost_card.py", "FFFF").stdout == "no such card\n"


def test_what_expires_is_a_table(cardwright_server: Server) -> None:
    done = run(cardwright_server, "expiring.py", "30")
    assert done.returncode == 0, done.stderr
    head, *rows = list(csv.reader(done.stdout.splitlines()))
    assert head == ["ends", "user", "card", "certificate"] and rows
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARDWRIGHT_URL", raising=False)
    with pytest.raises(ValueError, match="CARDWRIGHT_URL"):
        CertiFlow.from_environment()


def test_the_test_in_the_book_passes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- run: python-test -->\n```python\n(.*?)```", page, re.S)
    assert found is not None
    (tmp_path / "test_page.py").write_text(found[1], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "1 passed" in done.stdout, done.stdout


def test_every_example_is_run() -> None:
    programs = {path.name for path in EXAMPLES.glob("*.py")}
    tests = "".join(path.read_text(encoding="utf-8") for folder in ("tests", "lab") for path in (ROOT / "python" / folder).glob("*.py"))
    assert programs and {name for name in programs if f'"{name}"' not in tests} == set()
