"""A client's certificate, shown to a server that asks for one, and the book's examples of signing in."""

from __future__ import annotations

import re
import subprocess
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cardwright
import pytest
from cardwright import CertiFlow, ClientCertificate, errors
from issuer import AUDIENCE, CLIENT, SECRET, Issuer, openssl
from realm import Realm

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


class Asking:
    """An HTTPS server that accepts the one certificate, with a folder of all files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[str] = []
        for name in ("localhost", "client", "other"):
            arguments = ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "30", "-subj", f"/CN={name}"]
            arguments += ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
            openssl(*arguments, "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))
        asking = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert isinstance(self.connection, ssl.SSLSocket)
                peer = self.connection.getpeercert() or {}
                asking.shown.append(str(peer["subject"][0][0][1]))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"[]")

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Who shows no certificate is not let in."""

        self.server = Server(("127.0.0.1", 0), Handler)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "localhost.pem", folder / "localhost.key")
        tls.load_verify_locations(folder / "client.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self.server.server_port}/certiflow/api"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    started = Asking(tmp_path)
    yield started
    started.server.shutdown()
    started.server.server_close()


def test_a_certificate_is_shown_where_the_server_asks(asking: Asking) -> None:
    folder = asking.folder
    certificate, key = (folder / "client.pem").read_bytes(), (folder / "client.key").read_bytes()
    (folder / "both.pem").write_bytes(key + certificate)
    ways = [
        ClientCertificate(folder / "client.pem", folder / "client.key"),
        ClientCertificate(certificate, key),
        ClientCertificate(str(folder / "both.pem")),
    ]
    for way in ways:
        with CertiFlow(asking.url, ca=folder / "localhost.pem", certificate=way) as client:
            assert client.find("0A") is None
    # A serial number that is not found is asked for in its other spellings.
    assert set(asking.shown) == {"client"} and len(asking.shown) >= len(ways)


def test_without_one_the_server_lets_nobody_in(asking: Asking) -> None:
    with CertiFlow(asking.url, ca=asking.folder / "localhost.pem", attempts=1) as client:
        with pytest.raises(ConnectionError) as refused:
            client.find("0A")
    assert isinstance(refused.value, errors.CardwrightError) and asking.shown == []


def test_a_key_that_is_not_the_certificates_is_said_at_once(asking: Asking) -> None:
    for key in (asking.folder / "other.key", b"\xff", b"no key"):
        with pytest.raises(ValueError, match="key"):
            CertiFlow(asking.url, certificate=ClientCertificate(asking.folder / "client.pem", key))


def test_the_examples_in_the_book_sign_in(
    lab: Realm, issuer: Issuer, believer: str, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = re.search(r"<!-- run: python-sign-in -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found is not None
    (asking.folder / "batch.keytab").write_bytes((lab.folder / "batch.keytab").read_bytes())
    monkeypatch.chdir(asking.folder)
    export = ["openssl", "pkcs12", "-export", "-in", "client.pem", "-inkey", "client.key", "-passout", "pass:Anna-Passw0rd"]
    subprocess.run([*export, "-out", "client.p12"], check=True, capture_output=True, timeout=60)
    names = {name: getattr(cardwright, name) for name in cardwright.__all__}
    examples = [line for line in found[1].splitlines() if line.startswith("CertiFlow(")]
    for example in examples:
        # The reader's own realm, domain, issuer and servers have their stand-ins.
        line = example.replace("EXAMPLE.COM", "EXAMPLE.TEST").replace("https://adfs.example.com/adfs", issuer.url)
        line = line.replace("EXAMPLE\\operator", "anna" if "Basic" in line else "CORP\\anna")
        password = "operator-password" if "Negotiate" in line else "Anna-Passw0rd"
        ways = {"Negotiate": "kerberos", "Ntlm": "ntlm", "SignIn": "ntlm", "Basic": "basic"}
        (kind,) = re.findall(r"(?:auth|certificate)=(\w+)", line)
        url = asking.url if kind == "ClientCertificate" else lab.url(ways[kind]) if kind in ways else believer
        if kind == "ClientCertificate":
            line = line.replace("url,", "url, ca='localhost.pem',")
        given = {**names, "url": url, "password": password, "token": issuer.token(), "secret": SECRET}
        client = eval(line, given)
        assert isinstance(client, CertiFlow)
        card = client.find("02A1B3C4")
        assert (card is None) == (kind == "ClientCertificate"), example
        if kind == "SignIn":
            assert client.explain().chosen == "ntlm"
    kinds = {kind.__name__ for kind in cardwright.Auth.__subclasses__()} | {"ClientCertificate"}
    assert {kind for kind in kinds if kind in "".join(examples)} == kinds
    assert CLIENT in "".join(examples) and AUDIENCE in "".join(examples)
