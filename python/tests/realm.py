"""A Kerberos realm and an Apache of the tests' own, in front of the real server: see testkit/realm."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from cardwright import Server

SCRIPT = Path(__file__).parents[2] / "testkit/realm/realm.sh"
NEEDED = {
    "/usr/sbin/krb5kdc": "krb5-kdc",
    "/usr/sbin/kadmin.local": "krb5-admin-server",
    "/usr/bin/kinit": "krb5-user",
    "/usr/sbin/apache2": "apache2",
    "/usr/lib/apache2/modules/mod_auth_gssapi.so": "libapache2-mod-auth-gssapi",
    "/etc/gss/mech.d/mech.ntlmssp.conf": "gss-ntlmssp",
}


class Realm:
    """Where everything is."""

    def __init__(self, folder: Path, http: int, tls: int) -> None:
        self.folder, self.http, self.tls = folder, http, tls

    def url(self, way: str) -> str:
        """The API's base behind a way to sign in: `kerberos`, `bound`, `ntlm` or `basic`."""
        return f"http://localhost:{self.http}/{way}/certiflow/api"

    def tls_url(self, way: str) -> str:
        return f"https://localhost:{self.tls}/{way}/certiflow/api"

    def seen(self, client: str, count: int) -> list[tuple[str, int]]:
        """User and status of each request of a client with this name, as soon as there are `count`: Apache writes its log
        after the answer."""
        seen: list[tuple[str, int]] = []
        for _ in range(250):
            lines = [line.split() for line in (self.folder / "access.log").read_text(encoding="utf-8").splitlines()]
            seen = [(words[2], int(words[3])) for words in lines if words[5] == client]
            if len(seen) >= count:
                return seen
            time.sleep(0.02)
        raise AssertionError(f"{seen} of {count} requests")


@contextmanager
def realm(folder: Path) -> Iterator[Realm]:
    missing = {path: package for path, package in NEEDED.items() if not Path(path).exists()}
    if missing:
        assert not os.environ.get("CI"), missing
        pytest.skip(f"missing (Debian packages): {missing}")
    with ExitStack() as stack:
        server = stack.enter_context(Server(cards=20))
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
        kdc, http, tls = (listener.getsockname()[1] for listener in listeners)
        for listener in listeners:
            listener.close()
        arguments = ["sh", str(SCRIPT), str(folder), *map(str, (kdc, http, tls)), server.url.rpartition(":")[2]]
        environment = {**os.environ, "BACKEND_ACCOUNT": ":".join(server.auth)}
        with open(folder.with_suffix(".log"), "w+", encoding="utf-8") as log:
            script = subprocess.Popen(
                arguments, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
            # With its standard input it ends.
            stack.enter_context(script)
            assert script.stdout is not None
            ready = any(line.rstrip().endswith("ready") for line in script.stdout)
            assert ready, Path(log.name).read_text(encoding="utf-8")
        yield Realm(folder, http, tls)
