"""The reference of the Python package, made of the docstrings of its sources and stubs: nothing is imported.

In a page, `<!-- reference: cardwright CertiFlow MimCm -->` stands for the descriptions of these names of a module.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "python"
MARK = re.compile(r"^<!-- reference: (\S+) (.+) -->$", re.M)
"""A line of a page: the module, and its names."""

Described = ast.ClassDef | ast.FunctionDef


def sources() -> dict[str, tuple[ast.Module, str]]:
    """Every module of the package and of its extension modules, with its text."""
    files = [path for path in PACKAGE.glob("**/*.py*") if path.suffix in (".py", ".pyi") and (path.parent / "py.typed").exists()]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(files, key=lambda path: path.parent.name)}
    return {name: (ast.parse(text), text) for name, text in texts.items()}


class Reference:
    """What is declared, by its name; types that are private are written out."""

    def __init__(self) -> None:
        self.classes: dict[str, tuple[Described, str]] = {}
        self.aliases: dict[str, str] = {}
        self.words: dict[str, tuple[str, str]] = {}
        """Public types of words: what they stand for, and what they are said to be."""
        for module, (tree, _) in sources().items():
            for node, after in zip(tree.body, [*tree.body[1:], None]):
                if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                    # A class of Python takes the place of the one of the same name in the extension that it wraps.
                    if node.name not in self.classes or not module.startswith(("_cardwright", "_reader")):
                        self.classes[node.name] = (node, module)
                elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for target in targets:
                        if isinstance(target, ast.Name) and target.id.startswith("_"):
                            self.alias(target.id, node.value)
                        elif isinstance(target, ast.Name) and target.id.endswith("Word"):
                            said = after.value if isinstance(after, ast.Expr) else None
                            text = said.value if isinstance(said, ast.Constant) else ""
                            self.words[target.id] = (ast.unparse(node.value), str(text))

    def alias(self, name: str, value: ast.expr) -> None:
        """Keeps what a private type stands for: of a variable its bound, of others themselves."""
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "TypeVar":
            bound = [keyword.value for keyword in value.keywords if keyword.arg == "bound"]
            self.aliases[name] = ast.unparse(bound[0]).strip("'") if bound else "Any"
        elif isinstance(value, ast.Subscript) and getattr(value.value, "id", "") == "Union" and isinstance(value.slice, ast.Tuple):
            self.aliases[name] = " | ".join(ast.unparse(one) for one in value.slice.elts)
        elif isinstance(value, ast.BinOp):
            self.aliases[name] = ast.unparse(value)

    def kind(self, annotation: ast.expr | None) -> str:
        """A type as a reader should see it."""
        text = "" if annotation is None else ast.unparse(annotation).strip("'")
        for _ in range(2):
            text = re.sub(r"\b_\w+", lambda found: self.aliases.get(found[0], found[0]), text)
        found = re.fullmatch(r"Final\[(.*)\]", text)
        return found[1] if found else text

    def signature(self, node: ast.FunctionDef, *, is_method: bool) -> str:
        """The arguments and what is returned."""
        given = ast.parse(ast.unparse(node)).body[0]
        assert isinstance(given, ast.FunctionDef)
        arguments = given.args
        if is_method and not any(getattr(one, "id", "") == "staticmethod" for one in node.decorator_list):
            (arguments.posonlyargs or arguments.args)[:1] = []
        for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            if one.annotation is not None:
                one.annotation = ast.Name(self.kind(one.annotation))
        if arguments.kwarg is not None:
            arguments.kwarg.annotation = None
        returns = self.kind(given.returns)
        return f"({ast.unparse(arguments)})" + (f" -> {returns}" if returns and node.name not in ("__init__", "__new__") else "")

    def page(self, text: str) -> str:
        """A page with its marks filled in."""
        return MARK.sub(lambda found: "\n".join(self.described(found[1], name) for name in found[2].split()), text)

    def described(self, module: str, name: str) -> str:
        head = f"{{py:currentmodule}} {module}"
        if name in self.words:
            stands_for, text = self.words[name]
            body = fenced(4, f"{{py:data}} {name}", f"\n{prose(text)}\n\n`{stands_for}`")
        else:
            node, _ = self.classes[name]
            body = self.function(node, "py:function", "") if isinstance(node, ast.FunctionDef) else self.of_class(node)
        return f"```{head}\n```\n\n{body}\n"

    def function(self, node: ast.FunctionDef, directive: str, of: str) -> str:
        marks = {getattr(one, "id", "") for one in node.decorator_list}
        options = "".join(f":{mark}:\n" for mark in ("classmethod", "staticmethod") if mark in marks)
        signature = self.signature(node, is_method=bool(of))
        return fenced(4, f"{{{directive}}} {node.name}{signature}", options + "\n" + prose(ast.get_docstring(node) or ""))

    def of_class(self, node: ast.ClassDef) -> str:
        made = [one for one in self.members(node) if isinstance(one, ast.FunctionDef) and one.name in ("__init__", "__new__")]
        arguments = self.signature(made[0], is_method=True) if made else ""
        bases = [ast.unparse(base).partition("[")[0] for base in node.bases]
        bases = [base for base in bases if base not in ("Generic", "TypedDict", "_Client", "Enum", "str")]
        kind = "py:exception" if node.name == "CardwrightError" or any(base.endswith(("Error", "Refused")) for base in bases) else "py:class"
        parts = [prose(ast.get_docstring(node) or "")]
        if bases := [base for base in bases if base in self.classes and not self.is_hidden(base)]:
            parts.append("Is a " + ", ".join(f"`{base}`" for base in bases) + ".")
        parts += self.parts(node)
        return fenced(5, f"{{{kind}}} {node.name}{arguments}", "\n" + "\n\n".join(parts))

    def members(self, node: ast.ClassDef) -> Iterator[ast.stmt]:
        """What a class declares, and what its private bases do."""
        yield from node.body
        for base in node.bases:
            of = self.classes.get(ast.unparse(base).partition("[")[0])
            if of is not None and self.is_hidden(of[0].name) and isinstance(of[0], ast.ClassDef):
                yield from self.members(of[0])

    def is_hidden(self, name: str) -> bool:
        """Whether users know a class by those that are made of it alone."""
        return name.startswith("_") or self.classes[name][1] == "_named"

    def parts(self, node: ast.ClassDef) -> Iterator[str]:
        body, seen = list(self.members(node)), set()
        for one, after in zip(body, [*body[1:], None]):
            if isinstance(one, ast.FunctionDef) and any(isinstance(mark, ast.Call) for mark in one.decorator_list):
                # The coroutine of a method that is described with its own class.
                continue
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_") and one.name not in seen:
                seen.add(one.name)
                is_read = any(getattr(mark, "id", "") == "property" for mark in one.decorator_list)
                if is_read:
                    yield attribute(one.name, self.kind(one.returns), ast.get_docstring(one) or "")
                else:
                    yield self.function(one, "py:method", node.name)
                continue
            target = one.target if isinstance(one, ast.AnnAssign) else one.targets[0] if isinstance(one, ast.Assign) else None
            if not isinstance(target, ast.Name) or target.id.startswith("_") or target.id in seen:
                continue
            seen.add(target.id)
            text = ast.literal_eval(after.value) if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            yield attribute(target.id, self.kind(getattr(one, "annotation", None)), str(text))


def attribute(name: str, kind: str, text: str) -> str:
    return fenced(4, f"{{py:attribute}} {name}", (f":type: {kind}\n" if kind else "") + "\n" + prose(text))


def fenced(ticks: int, head: str, body: str) -> str:
    return f"{'`' * ticks}{head}\n{body.rstrip()}\n{'`' * ticks}\n"


SECTION = re.compile(r"^(Raises|Options):$")


def prose(docstring: str) -> str:
    """A docstring as Markdown: examples in fences, its sections as lists."""
    out: list[str] = []
    in_section = in_example = False
    example_indent = ""
    for line in inspect.cleandoc(docstring).splitlines():
        if in_example and (not line.strip() or not line.startswith(example_indent)):
            out.append("```")
            in_example = False
        if line.lstrip().startswith(">>>") and not in_example:
            example_indent = line[: len(line) - len(line.lstrip())]
            out += ["", "```pycon"]
            in_example, in_section = True, False
        if in_example:
            out.append(line[len(example_indent) :])
        elif SECTION.match(line):
            out += ["", f"**{line[:-1]}**", ""]
            in_section = True
        elif in_section and re.match(r"    \S", line):
            name, _, text = line.strip().partition(": ")
            out.append(f"- {', '.join(f'`{one}`' for one in name.split(', '))}: {text}")
        elif in_section and line.strip():
            out.append(f"  {line.strip()}")
        else:
            in_section = in_section and not line
            out.append(line)
    return "\n".join([*out, "```"] if in_example else out)
