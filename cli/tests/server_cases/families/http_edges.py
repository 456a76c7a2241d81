"""Requests by hand: for which host, from which page, of which type, and how they are framed.

MIM CM's calls are documented with JSON, and ASP.NET Web API answers 415 to a type for which it has no formatter. The
three types that a browser sends for any page without asking first (text/plain, forms, multipart) are refused. For a
foreign Host 421, 400 and 403 are right; for an unknown Content-Encoding 415 and 400, for a Transfer-Encoding 501 too.
"""

import gzip
import json

from kit import CARD, CERTIFLOW, MIM, must

DISABLE = f"{CERTIFLOW}/Cards/{CARD}/Disable"
ONE = f"{CERTIFLOW}/Cards/{CARD}"
ASK = json.dumps({"type": "Enroll", "profiletemplateuuid": "6a1d3c9f-8e75-4b2a-9d4e-3c7da2f18b65", "comment": "x", "datacollection": []})


def hosts(world, host, right, path="/health", version="HTTP/1.1", target=None, words=(), own=True):
    """The Host header. `host`: its lines' values, with {port}."""
    server = world.serve("--cards", 20, *words)
    lines = [f"GET {target or path} {version}".format(port=server.port), "Connection: close"]
    lines += [f"Host: {one.format(port=server.port)}" for one in host]
    if path != "/health":
        lines.append(f"Authorization: {server.basic()}")
    answer = server.raw(("\r\n".join(lines) + "\r\n\r\n").encode(), 5)
    must(answer.status in right, answer, " or ".join(map(str, right)))


def crosses(world, headers, right, is_done, method="POST", path=DISABLE, body=None):
    """A change that a page of another site sends through somebody's browser; {own} is the server's address."""
    server = world.serve("--cards", 20)
    headers = [one.format(own=server.authority(), port=server.port) for one in headers]
    answer = server.ask(method, path, headers=headers, body=body)
    must(answer.status in right, answer, " or ".join(map(str, right)))
    must(answer.headers.get("access-control-allow-origin") is None, "Access-Control-Allow-Origin in the answer", "none")
    state = server.state()
    must((state == "Disabled") == is_done, f"{answer.status}, the card is {state}", "Disabled" if is_done else "the card stays Issued")


def typed(world, content_type, right, method="POST", path=f"{MIM}/requests", body=ASK):
    """A JSON body under this media type."""
    server = world.serve("--cards", 20)
    answer = server.ask(method, path, headers=[f"Content-Type: {content_type}"], body=body)
    must(answer.status in right, answer, " or ".join(map(str, right)))


def head(world, path=ONE, auth="right", right=(200,), same=True):
    """HEAD is GET without the content (RFC 9110, 9.3.2)."""
    server = world.serve("--cards", 20)
    get = server.ask("GET", path, auth)
    answer = server.ask("HEAD", path, auth)
    must(answer.status in right, answer, " or ".join(map(str, right)))
    must(answer.rest == b"", f"{len(answer.rest)} bytes after the head", "a head alone")
    if same:
        must(answer.headers.get("content-type") == get.headers.get("content-type"), answer.headers.get("content-type"), get.headers.get("content-type"))
        length = answer.headers.get("content-length")
        must(length in (None, get.headers.get("content-length")), f"Content-Length {length}", "that of GET, or none")
    must(server.state() == "Issued", server.state(), "the card as it was")


def framed(world, lines, body, right, seconds=3, path=DISABLE, is_done=False, method="POST", auth=True):
    """A request with these header lines and these bytes after them."""
    server = world.serve("--cards", 20)
    server.state()  # remembered from here on
    head_lines = [f"{method} {path} HTTP/1.1", f"Host: {server.authority()}"] + ([f"Authorization: {server.basic()}"] if auth else []) + list(lines)
    answer = server.raw("\r\n".join(head_lines).encode("latin-1") + b"\r\n\r\n" + body, seconds)
    must(answer.status in right, answer, " or ".join(map(str, right)) + f" within {seconds} s")
    state = server.state()
    must((state == "Disabled") == is_done, f"{answer.status}, the card is {state}", "Disabled" if is_done else "the card stays Issued")


def smuggled(world, lines, body, path=DISABLE):
    """Framing that two readers may take differently: one answer at most, and the second request is not heard."""
    server = world.serve("--cards", 20)
    server.state()
    auth = f"Authorization: {server.basic()}"
    second = f"POST {CERTIFLOW}/Cards/{CARD}/Revoke?reason=CardLost HTTP/1.1\r\nHost: {server.authority()}\r\n{auth}\r\nContent-Length: 0\r\n\r\n"
    first = "\r\n".join([f"GET {ONE} HTTP/1.1", f"Host: {server.authority()}", auth, *lines])
    server.raw(first.encode("latin-1") + b"\r\n\r\n" + body + second.encode(), 2)
    state = server.state()
    must(state == "Issued", f"the card is {state}", "the hidden request is not carried out")


def zipped(text=ASK):
    data = gzip.compress(text.encode(), mtime=0)
    return b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n"
