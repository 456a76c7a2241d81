"""How Sphinx builds the book: `cargo xtask docs`."""

import re
import sys
from pathlib import Path

from pygments.lexers.rust import RustLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from reference import Reference

project = "Cardwright"
author = "The Cardwright developers"
html_title = project
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False

extensions = ["myst_parser"]
# The headings that a link `page.md#heading` reaches, by the names that other readers of Markdown give them.
myst_heading_anchors = 3
# Words in code keep their quotes and dashes; prose is written as it should appear.
smartquotes = False
# Of a signature in Python only what the book describes is a link.
nitpick_ignore_regex = [("py:.*", ".*")]
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100


# Markdown that a page links to, outside the book; a reader downloads it, as any other file of the repository.
OUTSIDE = re.compile(r"\]\((\.\./[^)#]+\.md)(#[^)]*)?\)")


def link_outside(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Says to MyST that such a link is to a file and not to a page."""
    source[0] = OUTSIDE.sub(r"](path:\1)", source[0])


def describe(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Fills in the reference of the Python package."""
    if "<!-- reference: " in source[0]:
        source[0] = Reference().page(source[0])


def setup(app: Sphinx) -> None:
    """Registers the above, and highlights as Rust the fences that carry a word for rustdoc."""
    app.connect("source-read", link_outside)
    app.connect("source-read", describe)
    for word in ("no_run", "ignore"):
        app.add_lexer(f"rust,{word}", RustLexer)
