"""The examples of the book's pages about networks, run here: names of the book are names of this world."""

from pathlib import Path

import world as w

DOCS = Path(__file__).resolve().parents[3] / "docs"
PROXY = f"{w.PROXY}"
USER, PASSWORD = next(iter(w.PROXY_USERS.items()))
ACCOUNT = next(iter(w.USERS))
NAMES = {"EXAMPLE%5Coperator:SECRET@": f"{w.DOMAIN}%5C{ACCOUNT}:{w.USERS[ACCOUNT]['password']}@", "USER:PASSWORD@": f"{USER}:{PASSWORD}@", "proxy.example.com": PROXY}
# page: the mark of its examples, the server's port, and what it needs
PAGES = {"proxies": ("network proxies", 8445, ("squid", "nginx", "socks", "ad")), "old-tls": ("old-tls", 8461, ("nginx",))}


class Example:
    """A line of a page, for a shell."""

    curl = None
    logs = counted = ()
    wire = {}

    def __init__(self, page, line, port, needs):
        self.name, self.why, self.needs = f"page-{page}: {line.split('  #')[0].strip()}", "The book's examples work.", needs
        self.line, self.port, self.ticket = line, port, ACCOUNT
        self.env = {"CARDWRIGHT_URL": f"https://{w.TLS}:{port}/certiflow/api", "CARDWRIGHT_CA": "{ca}/ca.pem", "CARDWRIGHT_AUTH": "none"}
        for old, new in NAMES.items():
            self.line = self.line.replace(old, new)


def examples():
    for page, (mark, port, needs) in PAGES.items():
        text = (DOCS / f"{page}.md").read_text()
        block = text.split(f"<!-- run: {mark} -->\n```sh\n")[1].split("```")[0]
        yield from (Example(page, line, port, needs) for line in block.splitlines())


EXAMPLES = list(examples())
