"""What a stub says is what `help()` says, and every example in a docstring or in the book runs."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, WrapperDescriptorType

import cardwright
import pytest

ROOT = Path(__file__).parents[2]
STUBS = sorted((ROOT / "python").glob("**/*.pyi"))
PAGES = [ROOT / "README.md", ROOT / "python/README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


def module_of(stub: Path) -> ModuleType:
    return importlib.import_module(f"{stub.parent.name}.{stub.stem}")


def documented(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    """The names that a stub declares, each with its docstring."""
    for statement, after in zip(body, [*body[1:], None]):
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
            yield prefix + statement.name, ast.get_docstring(statement)
            if isinstance(statement, ast.ClassDef):
                yield from documented(statement.body, f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            text = ast.literal_eval(after.value) if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
            yield prefix + statement.target.id, inspect.cleandoc(text) if isinstance(text, str) else None


def at_run_time(module: ModuleType, name: str) -> str | None:
    """The docstring of a class, a function or a member, which is its own and not its base's."""
    of, _, member = name.rpartition(".")
    found = vars(getattr(module, of)).get(member) if of else getattr(module, name)
    text = getattr(getattr(found, "__func__", found), "__doc__", None)
    return inspect.cleandoc(text) if text else None


def is_slot(of: type, member: str) -> bool:
    return isinstance(vars(of).get(member), WrapperDescriptorType)


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: str(stub.stem))
def test_a_stub_says_what_help_says(stub: Path) -> None:
    module, tree = module_of(stub), ast.parse(stub.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) == inspect.getdoc(module)
    looked_at, wrong = 0, []
    for name, text in documented(tree.body):
        of, _, member = name.partition(".")
        if not hasattr(module, of) or isinstance(getattr(module, of), str):
            continue  # a type for annotations, a constant
        if member.startswith("__") and (text is None or is_slot(getattr(module, of), member)):
            continue  # Python says what it does
        there = at_run_time(module, name)
        looked_at += 1
        if text != there:
            wrong.append(f"{name}: {text!r}, and at run time {there!r}")
    assert looked_at > 40
    assert not wrong, "\n".join(wrong)


def modules() -> Iterator[ModuleType]:
    for package in sorted({stub.parent.name for stub in STUBS}):
        home = importlib.import_module(package)
        yield home
        for info in pkgutil.walk_packages(home.__path__, f"{package}."):
            yield importlib.import_module(info.name)


def texts(of: ModuleType | type, name: str) -> Iterator[tuple[str, str]]:
    """The docstrings of a module or class and of all that is defined there."""
    yield name, of.__doc__ or ""
    for inner, member in vars(of).items():
        member = getattr(member, "__func__", member)
        if isinstance(of, ModuleType) and getattr(member, "__module__", of.__name__) not in (of.__name__, None, *PUBLIC):
            continue
        if isinstance(member, type):
            yield from texts(member, f"{name}.{inner}") if isinstance(of, ModuleType) else ()
        elif (inspect.isroutine(member) or inspect.isdatadescriptor(member)) and member.__doc__:
            yield f"{name}.{inner}", member.__doc__


PUBLIC = {"cardwright", "cardwright.readers", "builtins"}
"""Where the extension modules say that their classes are."""


def examples() -> dict[str, doctest.DocTest]:
    """Every example, once, with the public names at hand."""
    parser, found = doctest.DocTestParser(), {}
    names = {name: getattr(cardwright, name) for name in cardwright.__all__}
    docstrings = [one for module in modules() for one in texts(module, module.__name__)]
    pages = [(str(page.relative_to(ROOT)), re.sub(r"^```.*", "", page.read_text(encoding="utf-8"), flags=re.M)) for page in PAGES]
    for name, text in {text: (name, text) for name, text in docstrings + pages}.values():
        test = parser.get_doctest(text, names, name, None, 0)
        if test.examples:
            found[name] = test
    return found


EXAMPLES = examples()


def test_there_are_examples_of_everything() -> None:
    assert {"cardwright._cardwright.Atr", "cardwright._cardwright.parse_atrs", "cardwright._client._Client.doctor"} <= set(EXAMPLES)
    count = sum(len(test.examples) for test in EXAMPLES.values())
    print(len(EXAMPLES), "texts with", count, "examples")
    written = sum(len(re.findall(r"^ *>>> ", path.read_text(encoding="utf-8"), re.M)) for path in SOURCES)
    assert written == count, "an example that is not found"


SOURCES = [path for path in (ROOT / "python").glob("**/*.py*") if path.suffix in (".py", ".pyi") and path.parent.name not in ("tests", "lab")] + PAGES


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs(name: str) -> None:
    said: list[str] = []
    outcome = doctest.DocTestRunner().run(EXAMPLES[name], out=said.append)
    assert outcome.attempted and not outcome.failed, "".join(said)
