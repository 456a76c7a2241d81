"""The programs of the book and of examples/python, as a user starts them."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cardwright import CardState, CertiFlow, Server

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/python"


def run(server: Server, program: str, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    user, password = server.auth
    given = {"CARDWRIGHT_URL": server.certiflow_url, "CARDWRIGHT_USER": user, "CARDWRIGHT_PASSWORD": password}
    command = [sys.executable, str(EXAMPLES / program), *arguments]
    return subprocess.run(
        command, env={**os.environ, **given}, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_program_of_readme_revokes_a_lost_card(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    done = run(cardwright_server, "lost_card.py", "02A1B3C4")
    assert done.returncode == 0 and "state=Revoked" in done.stdout, done
    card = cardwright_certiflow.find("02A1B3C4")
    assert card is not None and card.state is CardState.Revoked
    nothing = run(cardwright_server, "lost_card.py", "FFFF")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (1, "", "no such card\n")


# What happens to a request that changes a card, and what else; whether it is carried out then, and how it is known.
PAGE = {"status": 200, "content_type": "text/html", "body": "<html><title>Sign in</title></html>"}
LATER = {"status": 202, "content_type": "application/json", "body": '{"queued":true}'}
NO_LOOK = {"path": "**/cards/*", "method": "GET", "status": 500}
LOST = [
    ({"close": True, "carry_out": True}, [], "done"),
    ({"close": True}, [], "unknown"),
    ({"close": True, "carry_out": True}, [NO_LOOK], "unknown"),
    ({"close": True}, [NO_LOOK], "unknown"),
    ({"status": 500, "carry_out": True}, [], "done"),
    (PAGE | {"carry_out": True}, [], "done"),
    (PAGE, [], "unknown"),
    (LATER, [], "unknown"),
    ({"status": 409}, [], "refused"),
]


@pytest.mark.parametrize(("answer", "others", "ends"), LOST)
def test_a_lost_card_is_revoked_only_where_the_card_shows_it(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, answer: dict[str, Any], others: list[dict[str, Any]], ends: str
) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/revoke", "method": "POST", **answer}, *others]})
    done = run(cardwright_server, "lost_card.py", "02A1B3C4")
    cardwright_server.set_faults({"rules": []})
    card = cardwright_certiflow.find("02A1B3C4")
    assert card is not None
    assert (done.returncode == 0) == (ends == "done"), done
    assert (done.stdout != "") == (ends == "done") == ("state=Revoked" in done.stdout), done
    assert done.stderr.startswith({"done": "", "unknown": "unknown, look again: ", "refused": "not revoked: "}[ends]), done
    assert "Traceback" not in done.stderr
    if ends == "done":
        assert card.state is CardState.Revoked


@pytest.mark.parametrize(
    ("answer", "word"),
    [({"close": True, "carry_out": True}, "unknown"), ({"close": True}, "unknown"), (PAGE, "unknown"), ({"status": 409}, "failed")],
)
def test_a_run_says_what_was_not_seen(cardwright_server: Server, tmp_path: Path, answer: dict[str, Any], word: str) -> None:
    rule = {"path": "**/disable", "method": "POST", **answer}
    cardwright_server.set_faults({"rules": [{"times": 1, **rule}, {"path": "**/cards/*", "method": "GET", "times": 2, "status": 500}]})
    done = run(cardwright_server, "hold.py", "Contractors", folder=tmp_path)
    assert done.returncode == 1 and done.stdout == "" and f"1 {word}" in done.stderr and "Traceback" not in done.stderr, done
    # The next run looks, and ends what is left.
    cardwright_server.set_faults({"rules": []})
    again = run(cardwright_server, "hold.py", "Contractors", folder=tmp_path)
    if word == "unknown":
        assert again.returncode == 0 and re.fullmatch(r"<Counts \d+ done>\n", again.stdout), again


def test_two_records_of_one_number_are_an_error(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    card = cardwright_certiflow.find("02A1B3C4")
    assert card is not None
    record = json.loads(card.json)
    both = json.dumps([record, {**record, "id": 77}])
    listed = {"path": "**/cards", "method": "GET", "status": 200, "content_type": "application/json", "body": both}
    # Nothing may be sent that changes a card: it would be carried out.
    cardwright_server.set_faults({"rules": [listed]})
    done = run(cardwright_server, "lost_card.py", "02A1B3C4")
    cardwright_server.set_faults({"rules": []})
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith("not revoked: "), done
    again = cardwright_certiflow.find("02A1B3C4")
    assert again is not None and again.state is card.state


def test_what_expires_is_a_table(cardwright_server: Server) -> None:
    done = run(cardwright_server, "expiring.py", "30")
    assert done.returncode == 0, done.stderr
    head, *rows = list(csv.reader(done.stdout.splitlines()))
    assert head == ["ends", "user", "card", "certificate"] and rows
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_many_cards_are_read_at_once(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    done = run(cardwright_server, "many_at_once.py", "02A1B3C4", "FFFF")
    card = cardwright_certiflow.find("02A1B3C4")
    held = [f"on hold: {one.id}" for one in cardwright_certiflow.cards(state="Disabled")]
    assert card is not None and held
    assert done.stdout.splitlines() == [f"02A1B3C4 {card.user_name}", "FFFF no such card", *held], done


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARDWRIGHT_URL", raising=False)
    with pytest.raises(ValueError, match="CARDWRIGHT_URL"):
        CertiFlow.from_environment()


@pytest.mark.parametrize("page", ["docs/python.md", "python/README.md"])
def test_the_test_in_the_book_passes(tmp_path: Path, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(r"<!-- run: python-test -->\n```python\n(.*?)```", text, re.S)
    assert found is not None
    (tmp_path / "test_page.py").write_text(found[1], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "1 passed" in done.stdout, done.stdout


def test_the_atr_of_the_packages_page_is_taken_apart(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "python/README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- run: python-atr -->\n```python\n(.*?)```", page, re.S)
    assert found is not None
    exec(found[1], {})
    historical, findings = capsys.readouterr().out.splitlines()
    assert f"# {historical}\n" in found[1] and findings == "()"


def test_every_example_is_run() -> None:
    programs = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".ipynb")}
    tests = "".join(path.read_text(encoding="utf-8") for folder in ("tests", "lab") for path in (ROOT / "python" / folder).glob("*.py"))
    assert programs and {name for name in programs if f'"{name}"' not in tests} == set()
