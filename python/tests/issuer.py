"""An issuer of tokens on loopback: its document, its keys, client credentials and device codes."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus

KEY = Path(__file__).parents[2] / "testkit/keys/rsa.pem"
CLIENT, SECRET, AUDIENCE = "cardwright", "s3cret/of+the=issuer", "https://cm.example.com/certiflow"


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True, timeout=60).stdout


class Issuer:
    """Forgets nothing: what it was asked is there to look at."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forms: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self.waits = 0
        """How often a device code is still waited for; -1 for ever."""
        self.asked = threading.Semaphore(0)

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint": f"{self.url}/token",
            "device_authorization_endpoint": f"{self.url}/device",
        }

    def keys(self) -> dict[str, Any]:
        modulus = openssl("rsa", "-in", str(KEY), "-noout", "-modulus").decode().strip().partition("=")[2]
        key = {"kty": "RSA", "kid": "first", "use": "sig", "n": coded(bytes.fromhex(modulus)), "e": "AQAB"}
        return {"keys": [key]}

    def device(self) -> dict[str, Any]:
        return {
            "device_code": "the device code",
            "user_code": "BCDF-GHJK",
            "verification_uri": f"{self.url}/activate",
            "expires_in": 600,
            "interval": 0,
        }

    def token(self, lifetime: int = 3600) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": CLIENT, "roles": ["administrator"], "iat": now,
                  "exp": now + lifetime, "jti": len(self.tokens)}
        head = {"alg": "RS256", "kid": "first", "typ": "at+jwt"}
        signed = ".".join(coded(json.dumps(part).encode()) for part in (head, claims))
        token = f"{signed}.{coded(openssl('dgst', '-sha256', '-sign', str(KEY), given=signed.encode()))}"
        self.tokens.append(token)
        return token

    def grant(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != CLIENT or form.get("client_secret", SECRET) != SECRET:
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "client_credentials" and "client_secret" not in form:
            return 401, {"error": "invalid_client"}
        if form["grant_type"].endswith("device_code"):
            self.asked.release()
            if self.waits:
                self.waits -= 1
                return 400, {"error": "authorization_pending"}
        return 200, {"access_token": self.token(), "token_type": "Bearer", "expires_in": 3600}


@contextmanager
def issuing() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/.well-known/openid-configuration": issuer.document, "/keys": issuer.keys}
            found = known.get(self.path)
            self.answer(*((200, found()) if found else (404, {})))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            scheme, _, given = self.headers.get("Authorization", "").partition(" ")
            if scheme == "Basic":
                id, _, secret = base64.b64decode(given).decode().partition(":")
                form.update(client_id=unquote_plus(id), client_secret=unquote_plus(secret))
            issuer.forms.append(form)
            self.answer(*((200, issuer.device()) if self.path == "/device" else issuer.grant(form)))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
