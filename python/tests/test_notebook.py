"""The notebook runs from its first cell to its last, and shows what it is about."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples/python" / "cards.ipynb"


@pytest.fixture(scope="module")
def written() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def shown(written: Any) -> dict[str, dict[str, Any]]:
    """What each cell shows, by its first line: by the kinds of its outputs."""
    NotebookClient(written, timeout=120, kernel_name="python3").execute()
    found: dict[str, dict[str, Any]] = {}
    for cell in written.cells:
        if cell.cell_type == "code":
            kinds = found.setdefault(cell.source.partition("\n")[0], {})
            for output in cell.outputs:
                kinds.update(output.get("data", {output.get("name", ""): output.get("text", "")}))
    return found


def test_it_is_kept_without_outputs() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in kept.cells)


def test_it_shows_cards_tables_and_the_chart(shown: dict[str, dict[str, Any]]) -> None:
    assert "02A1B3C4" in shown['card = cm.find("02A1B3C4")']["text/html"]
    assert "<table" in shown['cards = cm.cards().to_pandas(["serial_number", "user_name", "policy_name", "state", "expiration_date"])']["text/html"]
    image = b64decode(shown['issued = cards[cards["state"] == "Issued"]']["image/png"])
    assert image.startswith(b"\x89PNG") and len(image) > 4000
    assert "Revoke?reason=CardLost" in shown["assert card is not None"]["text/plain"]
    assert "done" in shown['outcome = cm.revoke(card, reason="CardLost")']["text/plain"]
    assert "Revoked" in shown["outcome.card"]["text/html"]
    run = shown["def show(progress: cardwright.Progress) -> None:"]
    assert "done" in run["stdout"] and "<table" in run["text/html"]


def test_its_code_is_clean_in_the_strict_modes(written: Any, tmp_path: Path) -> None:
    code = "\n\n".join(cell.source for cell in written.cells if cell.cell_type == "code")
    (tmp_path / "notebook.py").write_text(code + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "notebook.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
