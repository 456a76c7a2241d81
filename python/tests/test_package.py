"""What is installed: metadata, licences, and the second extension module, with and without PC/SC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import cardwright
import pytest
from cardwright import _reader

ROOT = Path(__file__).parents[2]
PACKAGE = Path(cardwright.__file__).parent
PCSCLITE = b"libpcsclite.so.1"

SCRIPT = """
import cardwright
assert cardwright.Atr("3B 65 00 00 9C 02 02 07 02").historical
from cardwright import readers
assert "connect" in dir(readers)
try:
    readers.connect()
except ImportError as error:
    print(error.name, error)
"""


def test_the_metadata_says_what_the_package_is() -> None:
    about = distribution("cardwright")
    assert about.version == cardwright.__version__
    found = about.metadata
    assert found["License-Expression"] == "MIT OR Apache-2.0"
    licences = {Path(str(path)).name: path for path in about.files or () if "licenses" in Path(str(path)).parts}
    assert sorted(licences) == sorted(found.get_all("License-File") or ()) == ["LICENSE-APACHE", "LICENSE-MIT"]
    for name, path in licences.items():
        assert Path(str(path.locate())).read_bytes() == (ROOT / name).read_bytes()
    classifiers = found.get_all("Classifier") or []
    for wanted in ("Python :: 3.9", "Python :: 3.13", "Typing :: Typed", "Implementation :: CPython"):
        assert any(wanted in classifier for classifier in classifiers), wanted
    assert found["Requires-Python"] == ">=3.9"
    # The page is the one of the folder, and no library is needed.
    assert "\n\n# cardwright\n" in (about.read_text("METADATA") or "")
    assert all("extra ==" in needed for needed in about.requires or ())


def test_no_extra_names_a_library_of_ours() -> None:
    needed = distribution("cardwright").requires or []
    assert needed and not [name for name in needed if name.startswith("cardwright")]


def test_only_the_second_module_needs_pcsclite_and_it_is_not_in_the_package() -> None:
    libraries = sorted(path.name for path in PACKAGE.rglob("*.so*"))
    assert libraries == ["_cardwright.abi3.so", "_reader.abi3.so"]
    assert [PCSCLITE in (PACKAGE / name).read_bytes() for name in libraries] == [False, True]
    assert not list(PACKAGE.parent.glob("cardwright.libs"))


def without(folder: Path, change: Callable[[bytes], bytes | None]) -> str:
    """What a copy of the package says whose second module is another one, or none."""
    copy = folder / "cardwright"
    copy.mkdir()
    second = Path(_reader.__file__ or "").name
    for path in PACKAGE.iterdir():
        if path.name == second:
            changed = change(path.read_bytes())
            if changed is not None:
                (copy / second).write_bytes(changed)
        elif path.name != "__pycache__":
            (copy / path.name).symlink_to(path)
    command = [sys.executable, "-c", SCRIPT]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system has PC/SC")
def test_without_pcsclite_the_package_works_and_readers_say_what_to_install(tmp_path: Path) -> None:
    said = without(tmp_path, lambda module: module.replace(PCSCLITE, b"libpcsclite.so.0"))
    assert said.startswith("cardwright._reader PC/SC cannot be loaded (libpcsclite.so.0: cannot open shared object file"), said
    assert "libpcsclite1" in said and "pcscd" in said


def test_a_package_that_was_built_without_readers_says_so(tmp_path: Path) -> None:
    said = without(tmp_path, lambda module: None)
    assert said.startswith("cardwright._reader ") and "built without readers" in said and "pip install -v" in said
