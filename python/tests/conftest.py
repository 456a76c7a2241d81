"""Servers to sign in to, started for the modules that ask for them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from issuer import AUDIENCE, Issuer, issuing
from realm import Realm, realm


@pytest.fixture(scope="session")
def lab() -> Iterator[Realm]:
    """The realm; the system's library reads its settings from the environment."""
    # Not below pytest's own folder, which Apache's user may not enter.
    folder = Path(tempfile.gettempdir()) / f"cardwright-python-lab-{os.getpid()}"
    with realm(folder) as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KRB5_CONFIG", str(started.folder / "krb5.conf"))
        patch.setenv("KRB5CCNAME", f"FILE:{started.folder / 'ccache'}")
        patch.delenv("KRB5_CLIENT_KTNAME", raising=False)
        yield started


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer of tokens."""
    with issuing() as started:
        yield started


@pytest.fixture
def believer(issuer: Issuer) -> Iterator[str]:
    """The base of a server that believes the issuer's tokens."""
    command = [str(Path(sys.executable).parent / "cardwright"), "serve", "--listen", "127.0.0.1:0", "--cards", "20"]
    command += ["--bearer-issuer", issuer.url, "--bearer-audience", AUDIENCE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = (line.strip().partition("export CARDWRIGHT_URL=")[2] for line in server.stdout)
        try:
            yield next(filter(None, lines))
        finally:
            server.terminate()
