"""The log of requests, and what is reported when the registry fails.

Whatever the names of the fields: a line has the client's address; that of a failed sign-in has the name that was tried,
and differs from a request without a sign-in by more than time, id, duration and address. A registry that cannot be
written: 500, 503 or 507 for the change, the cause on standard error, and /health 503 until a change succeeds again.
"""

import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import time

from kit import CARD, CERTIFLOW, MIM, SLOW, Refused, Skip, is_root, must, short, together

# The fields that differ between any two lines.
VOLATILE = {"time", "id", "ms"}
WHERE_FROM = r"peer|port|remote|client|from|addr"


def texts(line):
    return " ".join(str(value) for value in line.values())


def hang_ups(world, method="POST", path=f"{CERTIFLOW}/Cards/{CARD}/PreUpdate", count=40, auth="right", half_body=False):
    """Each request that was sent whole has a line, even if its client hung up at once."""
    server = world.serve("--cards", 20, "--log")
    server.ask("GET", "/health")
    head = f"{method} {path} HTTP/1.1\r\nHost: {server.authority()}\r\n"
    if auth == "right":
        head += f"Authorization: {server.basic()}\r\n"
        server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}")  # remembered from here on
    length = 100 if half_body else 0
    sent = (head + f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n" + ("{" if half_body else "")).encode()
    before = len(server.lines())
    for _ in range(count):
        with server.connect() as sock:
            sock.sendall(sent)
        time.sleep(0.01)
    lines = server.lines_when(lambda lines: len(lines) - before >= count)[before:]
    must(len(lines) == count, f"{len(lines)} lines", f"{count}, a line for each request")
    must(all(line["method"] == method for line in lines), "lines of other requests", f"lines of {method}")


def has_peer(world, listen="127.0.0.1:0", address="127.0.0.1", method="GET", path=f"{CERTIFLOW}/Cards/{CARD}", auth="right"):
    """Each line has the address of the client."""
    try:
        server = world.serve("--cards", 20, "--log", "--listen", listen)
    except Refused as refused:
        if ":" in address:
            raise Skip(f"no IPv6 here ({short(refused, 60)})") from refused
        raise
    server.ask(method, path, server.basic("demo", "wrong") if auth == "wrong" else auth)
    lines = server.lines_when(lambda lines: lines)
    must(lines and address in texts(lines[0]), json.dumps(lines[:1]), f"a line with the client's address {address}")


def attempted(world, user, shown=None, password="not-the-right-1"):
    """The line of a failed sign-in has the name that was tried, escaped, and never the password."""
    server = world.serve("--cards", 20, "--log")
    answer = server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}", server.basic(user, password))
    must(answer.status == 401, answer, "401")
    lines = server.lines_when(lambda lines: lines)
    raw = server.err_path.read_bytes()
    must(len(lines) == 1 and raw.count(b"\n") == 1, f"{raw.count(bytes([10]))} lines", "one line of JSON for one request")
    text = raw.decode("utf-8", "replace").rstrip("\n")
    bad = re.findall("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text)
    must(not bad, f"{bad[0]!r} raw in the line" if bad else "", "nothing in the line that a terminal obeys")
    must(len(raw) < 4096, f"a line of {len(raw):,} bytes", "a long name is cut")
    must(password not in text and server.basic(user, password)[6:] not in text, "the password in the line", "no password in the log")
    shown = user if shown is None else shown
    must(shown in texts(lines[0]), text, f"a line with the name {shown!r} that was tried")
    must(lines[0].get("account") != user, text, "`account` stays empty: nobody was let in")


def told_apart(world, auth, path=f"{CERTIFLOW}/Cards/{CARD}"):
    """The line of a failed sign-in differs from that of a request without one, with which every sign-in begins."""
    server = world.serve("--cards", 20, "--log")
    server.ask("GET", path, None)
    server.ask("GET", path, server.basic("demo", "wrong") if auth == "wrong" else auth)
    lines = server.lines_when(lambda lines: len(lines) >= 2)
    must(len(lines) == 2, f"{len(lines)} lines", "two")
    none, failed = ({name: value for name, value in line.items() if name not in VOLATILE and not re.search(WHERE_FROM, name)} for line in lines)
    must(none != failed, f"the same line for both: {json.dumps(none)}", "a line that says that a sign-in failed, and why")


def no_secrets(world):
    """What is never in the log: passwords, values of queries, bodies."""
    server = world.serve("--cards", 20, "--log")
    server.ask("GET", f"{CERTIFLOW}/Cards?userName=EXAMPLE%5Cuser1")
    server.ask("POST", f"{MIM}/requests", body={"type": "Retire", "comment": "a-comment-of-somebody"})
    lines = server.lines_when(lambda lines: len(lines) >= 2)
    text = server.err()
    must(len(lines) == 2 and all(line["account"] == "demo" for line in lines), text, "two lines with the account")
    for secret in (server.password, server.basic()[6:], "user1", "a-comment-of-somebody"):
        must(secret not in text, f"{secret} in the log", "a line says which call, never what was asked")


CAUSE = {
    "full": r"full|no space|space left|too large|disk|i/o|write",
    "locked": r"lock|busy|in use",
}


def failing(world, how, log=True):
    """The registry cannot be written: the answer, the cause on standard error, and /health."""
    words = ["--log"] if log else []
    if how == "locked":
        server, data = world.serve("--data", world.path("data"), "--cards", 20, *words), world.path("data")
        other = sqlite3.connect(data / "registry.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        free = lambda: (other.execute("ROLLBACK"), other.close())
    elif how == "limit":
        # No file of the server may grow beyond this, which is like a full disk.
        data = world.seeded()
        size = os.path.getsize(data / "registry.sqlite")

        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

        server = world.serve("--data", data, *words, preexec_fn=limited, restore_signals=False)
        free = lambda: resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    else:
        data = world.path("small", "data")
        data.parent.mkdir()
        if not is_root() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", data.parent], capture_output=True).returncode:
            raise Skip("a small disk cannot be mounted here")
        try:
            server = world.serve("--data", data, "--cards", 20, *words)
            fill = data.parent / "fill"
            with open(fill, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * 4096)
                except OSError:
                    pass
            free = lambda: fill.unlink()
            judge_failing(server, how, free)
            server.stop()
        finally:
            for one in world.servers:
                one.stop(signal.SIGKILL)
            subprocess.run(["umount", "-l", data.parent], capture_output=True)
        return
    judge_failing(server, how, free)


def judge_failing(server, how, free):
    state, change = "Issued", None
    most = 1 if how == "locked" else 400
    last = None
    for _ in range(most):
        change = server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/{'Disable' if state == 'Issued' else 'Enable'}", timeout=15)
        if change.status != 200:
            break
        last, state = change, "Disabled" if state == "Issued" else "Issued"
    must(change.status in (500, 503, 507), f"{change}; {last}", "the change is answered 500, 503 or 507")
    health = server.ask("GET", "/health", None)
    now = server.state()
    must(now == state, f"{now} after an answer {change.status}", f"the card as it was last answered, {state}")
    said = server.err()
    plain = "\n".join(line for line in said.split("\n") if not line.startswith("{")) + " ".join(
        str(value) for line in server.lines() for name, value in line.items() if name not in ("route", "method"))
    must(re.search(CAUSE["locked" if how == "locked" else "full"], plain, re.I), f"standard error: {short(said[-300:]) or 'nothing'}", "the cause on standard error")
    must(health.status == 503, f"/health {health}", "/health answers 503 while changes fail")
    free()
    end = time.monotonic() + 5 * SLOW
    again = health = None
    while time.monotonic() < end:
        if again is None or again.status != 200:
            again = server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/{'Disable' if state == 'Issued' else 'Enable'}")
        health = server.ask("GET", "/health", None)
        if again.status == 200 and health.status == 200:
            break
        time.sleep(0.2)
    must(again.status == 200, again, "changes are carried out again when the cause is gone")
    must(health.status == 200, f"/health {health}", "/health is well again when changes are")


def healthy(world):
    """A server that is well says so, without a sign-in."""
    server = world.serve("--cards", 20)
    answers = together(4, lambda _: server.ask("GET", "/health", None))
    must(all(answer.status == 200 and json.loads(answer.body)["status"] == "ok" for answer in answers), answers[0], "200 with status ok")
