"""Every Python example in README, in the book and in the docstrings is clean in the strict modes of mypy and pyright."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_docstrings import EXAMPLES, PAGES, ROOT

LEFT_OUT = re.compile(r"<!-- not checked: .+ -->\n$")
"""What stands before a block that is not checked, with the reason."""

STRICT = (
    "# pyright: strict, reportUnusedExpression=false, reportWildcardImportFromLibrary=false, "
    "reportUnknownVariableType=false, reportUnknownMemberType=false\n"
)
"""An example shows a value by itself, and needs not name what it imports; pyarrow has no types."""

AT_HAND = """\
from cardwright import *

url: str = ""
password: str = ""
token: str = ""
secret: str = ""
"""
"""What an example has at hand that imports nothing: the public names, and what the reader knows."""


def examples() -> Iterator[tuple[str, str]]:
    """Each example and where it stands."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
            if not LEFT_OUT.search(text[: found.start()]):
                yield f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 2}", found[1]
    for name, test in EXAMPLES.items():
        yield name, "".join(example.source for example in test.examples)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a module for each example."""
    made = tmp_path_factory.mktemp("examples")
    fences = 0
    for number, (place, text) in enumerate(examples()):
        fences += ".md:" in place
        head = "" if re.search("^from cardwright import", text, re.M) else AT_HAND
        (made / f"example_{number}.py").write_text(f"# {place}\n{STRICT}{head}{text}", encoding="utf-8")
    assert fences > 7 and len(EXAMPLES) > 10
    return made


@pytest.mark.parametrize(
    "checker",
    [["-m", "mypy", "--strict", "."],
     ["-m", "pyright", "--pythonpath", sys.executable, "."]],
    ids=["mypy", "pyright"],
)
def test_every_example_is_clean(folder: Path, checker: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *checker], cwd=folder, env=os.environ, capture_output=True, text=True, timeout=300, check=False
    )
    heads = {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in folder.glob("*.py")}
    said = re.sub(r"\S*?(example_\d+\.py)", lambda found: f"{heads[found[1]]} ({found[1]})", done.stdout)
    assert done.returncode == 0, said + done.stderr


def test_an_example_with_a_fault_is_found(folder: Path) -> None:
    wrong = folder / "wrong.py"
    wrong.write_text(f'# here\n{STRICT}{AT_HAND}CertiFlow(url).find("1").user_name\n', encoding="utf-8")
    try:
        for checker in ("mypy", "pyright"):
            done = subprocess.run(
                [sys.executable, "-m", checker, str(wrong)], cwd=folder, capture_output=True, text=True, timeout=300, check=False
            )
            assert done.returncode == 1 and "user_name" in done.stdout, done.stdout
    finally:
        wrong.unlink()
