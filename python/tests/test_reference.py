"""The book describes every public name of the package."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import cardwright
from cardwright import errors, readers

DOCS = Path(__file__).parents[2] / "docs"


def test_every_public_name_is_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    described = [(module, name) for module, names in re.findall(r"^<!-- reference: (\S+) (.+) -->$", pages, re.M) for name in names.split()]
    assert len(described) == len(set(described)) > 100
    for module, name in described:
        assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"
    public = {("cardwright", name) for name in cardwright.__all__ if not isinstance(getattr(cardwright, name), (str, type(errors)))}
    public |= {("cardwright.readers", name) for name in readers.__all__}
    public |= {("cardwright.errors", name) for name, value in vars(errors).items() if isinstance(value, type) and value.__module__ == errors.__name__ and name[0] != "_"}
    # The root of the errors is in both.
    assert public - set(described) == {("cardwright", "CardwrightError")}
