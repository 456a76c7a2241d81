"""What the cases share: a world of its own for each case, servers in it, and HTTP by hand.

A server listens on 127.0.0.1, port 0, and is ended with its case, by its process id. Python 3.9 or newer, standard
library only; Linux (/proc) where memory is measured.
"""

import base64
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

CARD = 1013  # a made-up registry always has it: Issued, of DEMO\ipetrov
CERTIFLOW = "/certiflow/api"
MIM = "/CertificateManagement/api/v1.0"
ICMAPI = "/icmapi"

# By what every limit of time is multiplied: above 1 for a build that is not optimized, or a busy computer.
SLOW = float(os.environ.get("CASES_SLOW", "1"))


class Wrong(Exception):
    """The outcome is not the right one."""

    def __init__(self, got, right):
        super().__init__(got, right)
        self.got, self.right = got, right


class Skip(Exception):
    """The case cannot be tried here."""


def must(condition, got, right):
    if not condition:
        raise Wrong(got, right)


def short(text, most=160):
    text = " ".join(str(text).split())
    return text if len(text) <= most else text[:most] + "…"


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __str__(self):
        return f"exit code {self.code}, {short(self.err or self.out) or 'no output'}"


class Refused(Exception):
    """A server that did not start."""

    def __init__(self, result):
        super().__init__(str(result))
        self.result = result


class World:
    """A case's own folder, environment and processes."""

    def __init__(self, binary):
        self.binary = binary
        self.dir = Path(tempfile.mkdtemp(prefix="cases-"))
        for name in ("home", "config", "cache", "tmp"):
            (self.dir / name).mkdir(mode=0o700)
        proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("CARDWRIGHT_") and k.lower() not in proxies}
        self.env.update(
            HOME=str(self.dir / "home"),
            XDG_CONFIG_HOME=str(self.dir / "config"),
            XDG_CACHE_HOME=str(self.dir / "cache"),
            TMPDIR=str(self.dir / "tmp"),
            LC_ALL="C.UTF-8",
            TZ="UTC",
        )
        self.servers = []
        self.count = 0

    def path(self, *parts):
        return self.dir.joinpath(*parts)

    def run(self, *words, timeout=10, env=None, **options):
        """Runs the command to its end."""
        try:
            done = subprocess.run(
                [self.binary, *map(str, words)], env={**self.env, **(env or {})}, cwd=self.dir, timeout=timeout * SLOW,
                stdin=subprocess.DEVNULL, capture_output=True, **options)
        except subprocess.TimeoutExpired:
            return Result(None, "", f"still running after {timeout * SLOW:.0f} s")
        return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def serve(self, *words, timeout=10, **options):
        """Starts a server; raises Refused if it ends instead."""
        server = Server(self, words, timeout, options)
        self.servers.append(server)
        server.wait(timeout)
        return server

    def seeded(self, cards=40, name="data"):
        """A data folder with made-up cards, in use by no server."""
        data = self.path(name)
        result = self.run("seed", "--data", data, "--cards", cards, timeout=20)
        must(result.code == 0, result, "cards are seeded")
        return data

    def close(self):
        for server in self.servers:
            server.stop(signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


class Server:
    def __init__(self, world, words, timeout, options):
        world.count += 1
        self.out_path, self.err_path = world.path(f"out{world.count}"), world.path(f"err{world.count}")
        env = {**world.env, **options.pop("env", {})}
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen(
                [world.binary, "serve", *map(str, words)], env=env, cwd=world.dir, stdin=subprocess.DEVNULL,
                stdout=out, stderr=err, **options)
        self.pid = self.process.pid
        self.host = self.port = self.password = None

    def wait(self, timeout):
        end = time.monotonic() + timeout * SLOW
        while time.monotonic() < end:
            out = self.out_path.read_text("utf-8", "replace")
            found = re.search(r"https?://([^/\s]+):(\d+)/certiflow", out)
            password = re.search(r"CARDWRIGHT_PASSWORD=(\S+)", out)
            if found and password:
                self.host, self.port, self.password = found[1].strip("[]"), int(found[2]), password[1]
                return
            if self.process.poll() is not None:
                raise Refused(Result(self.process.returncode, out, self.err()))
            time.sleep(0.02)
        raise Wrong(f"no address after {timeout * SLOW:.0f} s; {short(self.err())}", "the server starts")

    def err(self):
        return self.err_path.read_text("utf-8", "replace")

    def authority(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def basic(self, user="demo", password=None, scheme="Basic"):
        pair = f"{user}:{self.password if password is None else password}".encode()
        return f"{scheme} {base64.b64encode(pair).decode()}"

    def ask(self, method, path, auth="right", headers=(), body=None, timeout=10):
        """One request on a connection of its own. `auth`: "right", None, or the header's value."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.authority()}", "Connection: close"]
        if auth is not None:
            lines.append("Authorization: " + (self.basic() if auth == "right" else auth))
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers = [*headers, "Content-Type: application/json"]
        body = body.encode() if isinstance(body, str) else body
        if body is not None or method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body or b'')}")
        head = "\r\n".join([*lines, *headers]) + "\r\n\r\n"
        return self.raw(head.encode("utf-8", "surrogateescape") + (body or b""), timeout)

    def connect(self, timeout=10):
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def raw(self, sent, timeout=10):
        """Sends these bytes, and reads one answer."""
        start, timeout = time.monotonic(), timeout * SLOW
        taken = b""
        try:
            with self.connect(timeout) as sock:
                sock.sendall(sent)
                is_head = sent.startswith(b"HEAD ")
                while True:
                    left = timeout - (time.monotonic() - start)
                    if left <= 0:
                        raise socket.timeout()
                    sock.settimeout(left)
                    more = sock.recv(1 << 16)
                    taken += more
                    if not more or (Answer(taken).is_whole and not is_head):
                        break
        except socket.timeout:
            return Answer(taken, time.monotonic() - start, f"no whole answer in {timeout:.0f} s")
        except OSError as error:
            return Answer(taken, time.monotonic() - start, type(error).__name__)
        return Answer(taken, time.monotonic() - start)

    def state(self, card=CARD):
        """The state of a card, by the server."""
        answer = self.ask("GET", f"{CERTIFLOW}/Cards/{card}")
        must(answer.status == 200, answer, "the card is answered with 200")
        return json.loads(answer.body)["state"]

    def rss(self):
        """Resident memory in MB."""
        try:
            return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())[1]) / 1024
        except (OSError, TypeError):
            raise Skip("no /proc to read memory from")

    def lines(self):
        """The lines of --log, as objects, without the other lines of standard error."""
        found = []
        for line in self.err_path.read_bytes().split(b"\n"):
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict) and "method" in value:
                found.append(value)
        return found

    def lines_when(self, enough, timeout=4):
        """The lines, as soon as there are enough of them."""
        end = time.monotonic() + timeout * SLOW
        while True:
            found = self.lines()
            if enough(found) or time.monotonic() > end:
                return found
            time.sleep(0.05)

    def stop(self, sig=signal.SIGTERM, timeout=10):
        if self.process.poll() is None:
            self.process.send_signal(sig)
            try:
                self.process.wait(timeout * SLOW)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout * SLOW)
        return self.process.returncode


class Answer:
    def __init__(self, taken, seconds=0.0, trouble=None):
        self.seconds, self.trouble = seconds, trouble
        head, _, rest = taken.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        found = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
        self.status = int(found[1]) if found else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name, value = name.strip().lower(), value.strip()
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value
        self.rest = rest
        length = self.headers.get("content-length")
        if "chunked" in self.headers.get("transfer-encoding", ""):
            self.body, self.is_whole = unchunked(rest)
        else:
            self.body = rest
            self.is_whole = bool(found) and length is not None and len(rest) >= int(length)

    def __str__(self):
        said = f"{self.status}" if self.status else "no answer"
        if self.trouble:
            said += f" ({self.trouble})"
        return f"{said} {short(self.body[:200].decode('utf-8', 'replace'), 80)}".strip()


class Chunks:
    """Takes a chunked body apart while it arrives (RFC 9112, 7.1)."""

    def __init__(self):
        self.kept, self.left, self.is_over = b"", 0, False

    def feed(self, more):
        """The part of the body that these bytes hold."""
        data, at, body = self.kept + more, 0, []
        while not self.is_over:
            if self.left:
                part = data[at:at + self.left]
                # Of a chunk's last two bytes, the end of its line, nothing belongs to the body.
                body.append(part[:max(0, self.left - 2)])
                at, self.left = at + len(part), self.left - len(part)
                if self.left:
                    break
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                break
            size = int(data[at:end].split(b";")[0], 16)
            at, self.left, self.is_over = end + 2, size and size + 2, size == 0
        self.kept = data[at:]
        return b"".join(body)


def unchunked(rest):
    """The body of chunks, and whether it is whole."""
    chunks = Chunks()
    return chunks.feed(rest), chunks.is_over


class Peak:
    """Watches the memory of a server, inside a `with`."""

    def __init__(self, server):
        self.server, self.most, self.before = server, 0, server.rss()
        self.over = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self):
        while not self.over.wait(0.02):
            try:
                self.most = max(self.most, self.server.rss())
            except Skip:
                return

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(2)

    @property
    def growth(self):
        return self.most - self.before


def together(count, work):
    """Does work(0) … work(count - 1) at once, and returns what they return."""
    results = [None] * count

    def one(number):
        results[number] = work(number)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 18 * SLOW
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    return results


def rows(data, sql, values=()):
    """Rows of a registry, whose file is opened for reading only."""
    connection = sqlite3.connect(f"file:{data}/registry.sqlite?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def bits(path):
    return oct(os.stat(path).st_mode & 0o7777)


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0
