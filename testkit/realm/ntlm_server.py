"""An HTTPS server that lets users in by pyspnego's NTLM, with the channel binding of its certificate.

    ntlm_server.py PORT CERTIFICATE KEY

The users stand in the file that NTLM_USER_FILE names. It runs until its standard input ends.
"""

import base64
import hashlib
import http.server
import json
import os
import ssl
import sys
import threading

import spnego
import spnego.channel_bindings

PORT, CERTIFICATE, KEY = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def binding(wrong):
    """What the client must have bound its sign-in to; the certificate is signed with SHA-384."""
    with open(CERTIFICATE, encoding="ascii") as file:
        certificate = ssl.PEM_cert_to_DER_cert(file.read())
    data = b"tls-server-end-point:" + hashlib.sha384(certificate + wrong).digest()
    return spnego.channel_bindings.GssChannelBindings(application_data=data)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.context = None

    def word(self):
        """What the scheme is called: below /negotiate by the name by which Windows takes NTLM too."""
        return "Negotiate" if self.path.startswith("/negotiate") else "NTLM"

    def refuse(self, token):
        self.send_response(401)
        self.send_header("WWW-Authenticate", self.word() + (f" {token}" if token else ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        if self.context is None or not self.context.complete:
            scheme, _, token = self.headers.get("Authorization", "").partition(" ")
            if scheme != self.word():
                return self.refuse(None)
            if self.context is None:
                # Below /elsewhere another channel is expected: that of somebody in between.
                wrong = b"?" if self.path.startswith("/elsewhere") else b""
                self.context = spnego.server(
                    hostname="localhost", service="HTTP", protocol=self.word().lower(), channel_bindings=binding(wrong)
                )
            try:
                answer = self.context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError:
                self.context = None
                return self.refuse(None)
            if not self.context.complete:
                return self.refuse(base64.b64encode(answer).decode())
        body = json.dumps({"id": 7, "state": "Issued", "userName": self.context.client_principal}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
server.daemon_threads = True
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(CERTIFICATE, KEY)
# The handshake is the handler's thread's business.
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
os._exit(0)
