#!/usr/bin/env python3
"""Cases about cards: what an ATR says, what a card says of itself, which record is operated on, and who waits how long.

usage: run.py [--only NAME] [--at-once N] [BINARY]        BINARY: the command, else $CARDWRIGHT

The cases are in cases.json and own.json, each with what is right and why; the cards in cards/NAME.json, or among those
that come with the command (reader/cards). A card is JSON as `cardwright virtual-card FILE` reads it: an APDU and its
answer, `*` for all that begin so; an exact line before the longest that fits; what has no line gets 6D00.

Cases with an "atr" need the command alone. All others put a virtual card into a reader of a pcscd of their own, in
namespaces of their own: they need root, unshare, pcscd and vsmartcard's vpcd driver, and are skipped, loudly, where one
of these is missing. Nothing of the machine's own pcscd, network or /run is touched. "peers" are other programs that
know the card: they and `identify` must tell the same serial number.
"""
import fcntl
import http.server
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PORT = 35963
READER = "Virtual PCD 00 00"
INSIDE = "CASES_CARDS_INSIDE"
LIMIT = 10                 # seconds for a command, where a case says nothing else
KEPT = ("CARDWRIGHT_CARD_TIME_LIMIT", "CARDWRIGHT_CARD_APDUS")
LATE = []                  # commands that had to be ended: pcscd may still be busy with the card then


def environment(home):
    env = {k: v for k, v in os.environ.items()
           if not (k.startswith("CARDWRIGHT") and k not in KEPT) and k.lower() not in ("http_proxy", "https_proxy", "all_proxy", "no_proxy")}
    env.update(HOME=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home, XDG_DATA_HOME=home, XDG_STATE_HOME=home, LC_ALL="C.UTF-8")
    return env


def command(binary, arguments, limit, home):
    begin = time.monotonic()
    try:
        done = subprocess.run([binary, *arguments], env=environment(home), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=limit, text=True, errors="replace")
        return done.returncode, done.stdout, done.stderr, time.monotonic() - begin
    except subprocess.TimeoutExpired as late:
        LATE.append(arguments)
        text = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return None, text, "", time.monotonic() - begin


class Card(threading.Thread):
    """A virtual card in the reader that listens on PORT."""

    def __init__(self, lines):
        super().__init__(daemon=True)
        self.atr = bytes.fromhex(lines["atr"])
        self.lines = {k: v for k, v in lines.items() if k not in ("atr", "about")}
        self.commands = []
        self.socket = socket.socket()
        self.start()

    def answer(self, apdu):
        text = apdu.hex().upper()
        if text in self.lines:
            return self.lines[text]
        fits = [k for k in self.lines if k.endswith("*") and text.startswith(k[:-1])]
        return self.lines[max(fits, key=len)] if fits else "6D00"

    def read(self, n):
        got = b""
        while len(got) < n:
            piece = self.socket.recv(n - len(got))
            if not piece:
                raise EOFError
            got += piece
        return got

    def write(self, data):
        self.socket.sendall(struct.pack(">H", len(data)) + data)

    def run(self):
        try:
            for _ in range(100):
                try:
                    self.socket.connect(("127.0.0.1", PORT))
                    break
                except OSError:
                    time.sleep(0.05)
                    self.socket = socket.socket()
            while True:
                message = self.read(struct.unpack(">H", self.read(2))[0])
                if len(message) == 1:
                    if message == b"\x04":
                        self.write(self.atr)
                    continue
                self.commands.append(message.hex().upper())
                answer = self.answer(message)
                if isinstance(answer, dict):
                    time.sleep(answer["after_ms"] / 1000)
                    answer = answer["answer"]
                if answer != "silence":
                    self.write(bytes.fromhex(answer))
        except (OSError, EOFError):
            pass

    def pull(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


class Registry(http.server.ThreadingHTTPServer):
    """CertiFlow's list of cards, its filters and its operations, as far as these cases go."""
    daemon_threads = True

    def __init__(self, records):
        super().__init__(("127.0.0.1", 0), Handler)
        self.records = [dict({"id": 500 + n, "state": "Issued", "userName": "EXAMPLE\\user%d" % (n + 1), "certificates": []}, **r)
                        for n, r in enumerate(records)]
        self.posts = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1                       # one packet an answer
    disable_nagle_algorithm = True

    def reply(self, status, value):
        body = json.dumps(value).encode() if value is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if len(parts) == 3 and parts[2].lower() == "cards":
            query = dict(urllib.parse.parse_qsl(url.query))
            rows = self.server.records
            for name in ("serialNumber", "userName", "state"):
                if name in query:
                    rows = [r for r in rows if str(r.get(name, "")).lower() == query[name].lower()]
            start = int(query.get("offset", 0))
            return self.reply(200, rows[start:start + int(query.get("count", 500))])
        for record in self.server.records:
            if len(parts) == 4 and parts[3] == str(record["id"]):
                return self.reply(200, record)
        self.reply(404, {"message": "not found"})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urllib.parse.urlsplit(self.path).path
        self.server.posts.append(path)
        parts = path.strip("/").split("/")
        for record in self.server.records:
            if len(parts) == 5 and parts[3] == str(record["id"]):
                record["state"] = {"disable": "Disabled", "enable": "Issued", "revoke": "Revoked"}.get(parts[4].lower(), record["state"])
                return self.reply(204, None)
        self.reply(404, {"message": "not found"})

    def log_message(self, *_):
        pass


def texts(name, checks, output, wrong):
    for pattern in checks.get("must", []):
        if not re.search(pattern, output):
            wrong.append("%s has no /%s/: %r" % (name, pattern, output[:300]))
    for pattern in checks.get("must_not", []):
        if re.search(pattern, output):
            wrong.append("%s has /%s/" % (name, pattern))


def plain(text):
    return re.sub(r"[^0-9A-Za-z]", "", text or "").upper()


def turned(text):
    """Hexadecimal digits, from the last byte to the first."""
    return bytes.fromhex(text)[::-1].hex().upper()


def judge(case, said, wrong):
    """Compares what `identify --json` said with what is right."""
    for key, value in case.get("json", {}).items():
        if said.get(key) != value:
            wrong.append("%s is %r, right is %r" % (key, said.get(key), value))
    kinds = said.get("kinds", [])
    identifiers = said.get("identifiers", [])
    guesses = [g["spelling"] for some in said.get("guesses", {}).values() for g in some]
    for pattern in case.get("kinds", []):
        if not any(re.search(pattern, k, re.I) for k in kinds):
            wrong.append("kinds %s, right is one of /%s/" % (kinds, pattern))
    for pattern in case.get("not_kinds", []):
        if any(re.search(pattern, k, re.I) for k in kinds):
            wrong.append("kinds %s, right is none of /%s/" % (kinds, pattern))
    if case.get("no_kind") and kinds:
        wrong.append("kinds %s, right is none" % kinds)
    for want in case.get("identifiers", []):
        values = [plain(v) for v in want["any"]]
        hits = [i for i in identifiers if plain(i.get("bytes")) in values or plain(i.get("text")) in values]
        if not hits:
            wrong.append("identifiers %s, right has %s" % ([i["text"] for i in identifiers], " or ".join(want["any"])))
        elif "trust" in want and not any(i["trust"] == want["trust"] for i in hits):
            wrong.append("%s is %s, right is %s" % (hits[0]["text"], hits[0]["trust"], want["trust"]))
    for value in case.get("not_stable", []):
        for i in identifiers:
            if plain(value) in (plain(i.get("bytes")), plain(i.get("text"))) and i["trust"] == "stable":
                wrong.append("%s %s is stable, right is not stable" % (i["source"], i["text"]))
    for value in case.get("not_identifier", []):
        if any(plain(i.get("text")) == plain(value) for i in identifiers):
            wrong.append("an identifier %s, right is none of that value" % value)
    for value in case.get("guesses", []):
        if plain(value) not in [plain(g) for g in guesses]:
            wrong.append("spellings %s, right has %s" % (guesses, value))
    for value in case.get("not_guesses", []):
        if plain(value) in [plain(g) for g in guesses]:
            wrong.append("spellings have %s, right is without it" % value)
    if case.get("no_guess") and guesses:
        wrong.append("spellings %s, right is none" % guesses)


def atr_case(binary, case, home):
    wrong = []
    if "text" in case:
        code, out, err, _ = command(binary, ["atr", "--color", "never", case["atr"]], LIMIT, home)
        texts("atr", case["text"], out + err, wrong)
    code, out, err, _ = command(binary, ["atr", "--json", case["atr"]], LIMIT, home)
    try:
        said = json.loads(out)
    except ValueError:
        return ["no JSON from atr --json: %r" % (out + err)[:200]]
    for key, value in case.get("json", {}).items():
        if said.get(key) != value:
            wrong.append("%s is %r, right is %r" % (key, said.get(key), value))
    return wrong


def load(name):
    name, of_command = name.removeprefix("command:"), name.startswith("command:")
    for folder in (os.path.join(HERE, "cards"), os.path.join(HERE, "..", "..", "..", "reader", "cards"))[of_command:]:
        path = os.path.join(folder, name + ".json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
    raise FileNotFoundError("there is no card " + name)


def peers(case, said, wrong):
    """Other programs that know the card: each tells the serial number that `identify` tells."""
    told = [plain(i.get("bytes")) for i in said.get("identifiers", [])] + [plain(i.get("text")) for i in said.get("identifiers", [])]
    for peer in case["peers"]:
        words = [word.replace("{reader}", READER) for word in peer["command"]]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=30)
        except subprocess.TimeoutExpired:
            wrong.append("%s does not end" % " ".join(words))
            continue
        found = re.search(peer["serial"], done.stdout)
        if not found:
            wrong.append("%s: no /%s/ in %r" % (" ".join(words), peer["serial"], (done.stdout + done.stderr)[-300:]))
        elif not set(told) & {plain(found[1]), turned(found[1]) if peer.get("reversed") else plain(found[1])}:
            wrong.append("%s tells %s, and identify %s" % (words[0], found[1], told))
        for pattern in peer.get("must", []):
            if not re.search(pattern, done.stdout):
                wrong.append("%s has no /%s/: %r" % (" ".join(words), pattern, done.stdout[:300]))


def card_case(binary, case, home):
    wrong = []
    card = Card(load(case["card"]))
    for name, text in case.get("files", {}).items():
        os.makedirs(os.path.join(home, os.path.dirname(name)), exist_ok=True)
        with open(os.path.join(home, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.environ.update(case.get("env", {}))
    try:
        end = time.monotonic() + 8
        while '"atr":"' not in command(binary, ["readers", "--json"], LIMIT, home)[1].replace(" ", ""):
            if time.monotonic() > end:
                return ["the reader does not show the card"]
            time.sleep(0.05)
        card.commands.clear()
        if "records" in case:
            wrong += operation(binary, case, home)
        elif "arguments" in case:
            limit = case.get("limit", LIMIT)
            code, out, err, took = command(binary, case["arguments"], limit, home)
            if code is None:
                wrong.append("no end after %d s, right is within %d s" % (limit, limit))
            elif "codes" in case and code not in case["codes"]:
                wrong.append("exit code %s, right is one of %s" % (code, case["codes"]))
            texts("the output", case, out + err, wrong)
            if "commands" in case and len(card.commands) > case["commands"]:
                wrong.append("%d commands to the card, right is at most %d" % (len(card.commands), case["commands"]))
        else:
            limit = case.get("limit", LIMIT)
            code, out, err, took = command(binary, ["identify", "--json"], limit, home)
            if code is None:
                return ["no end after %d s, right is within %d s" % (limit, limit)]
            if "codes" in case and code not in case["codes"]:
                wrong.append("exit code %s, right is one of %s" % (code, case["codes"]))
            texts("the errors", case.get("errors", {}), err, wrong)
            try:
                said = json.loads(out)
                judge(case, said, wrong)
                if "peers" in case:
                    peers(case, said, wrong)
            except ValueError:
                wrong.append("no JSON from identify --json: %r" % (out + err)[:200])
            if "commands" in case and len(card.commands) > case["commands"]:
                wrong.append("%d commands to the card, right is at most %d" % (len(card.commands), case["commands"]))
            if "text" in case:
                code, out, err, _ = command(binary, ["identify", "--color", "never"], limit, home)
                texts("identify", case["text"], out + err, wrong)
    finally:
        card.pull()
        for name in case.get("env", {}):
            del os.environ[name]
        end = time.monotonic() + 5
        while not LATE and time.monotonic() < end and '"atr":"' in command(binary, ["readers", "--json"], LIMIT, home)[1].replace(" ", ""):
            time.sleep(0.05)
    return wrong


def operation(binary, case, home):
    wrong = []
    server = Registry(case["records"])
    try:
        url = "http://127.0.0.1:%d/certiflow/api" % server.server_port
        for arguments in case["runs"]:
            limit = case.get("limit", LIMIT)
            code, out, err, _ = command(binary, [*arguments, "--url", url, "--auth", "none", "--color", "never"], limit, home)
            if code is None:
                wrong.append("%s: no end after %d s, right is within %d s" % (" ".join(arguments), limit, limit))
            elif code not in case["codes"]:
                wrong.append("%s: exit code %s, right is one of %s" % (" ".join(arguments), code, case["codes"]))
            texts(" ".join(arguments), case, out + err, wrong)
        paths = [p.split("/api/")[1].lower() for p in server.posts]
        if paths != case.get("posts", []):
            wrong.append("the server was sent %s, right is %s" % (paths or "nothing", case.get("posts") or "nothing"))
        for n, state in enumerate(case.get("states", ["Issued"] * len(server.records))):
            if server.records[n]["state"] != state:
                wrong.append("record %d is %s, right is %s" % (server.records[n]["id"], server.records[n]["state"], state))
    finally:
        server.shutdown()
        server.server_close()
    return wrong


def missing():
    if os.geteuid() != 0:
        return "not root"
    for program in ("unshare", "pcscd", "mount"):
        if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            return program + " is not installed"
    if not os.path.exists(DRIVER):
        return DRIVER + " is not there (Debian: vsmartcard-vpcd)"
    probe = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "true"], capture_output=True)
    return "unshare fails: " + probe.stderr.decode(errors="replace").strip() if probe.returncode else None


def parts(at_once, only, binary):
    """Runs the cases in parts, each with a pcscd of its own; says whether all passed."""
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    words = [*unshare, sys.executable, "-B", os.path.abspath(__file__), *(["--only", only] if only else []), binary]
    at_once = 1 if only else at_once
    running = [subprocess.Popen(words, env=dict(os.environ, **{INSIDE: "%d/%d" % (number, at_once)})) for number in range(at_once)]
    return max(one.wait() for one in running)


def pcscd():
    lo = socket.socket()
    fcntl.ioctl(lo, 0x8914, struct.pack("16sh22x", b"lo", 0x41))       # SIOCSIFFLAGS: UP, RUNNING
    subprocess.check_call(["mount", "-t", "tmpfs", "tmpfs", "/run"])
    os.makedirs("/run/readers")
    with open("/run/readers/vpcd", "w") as file:
        file.write('FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:%d\nLIBPATH %s\nCHANNELID %d\n' % (PORT, DRIVER, PORT))
    return daemon()


def daemon():
    shutil.rmtree("/run/pcscd", ignore_errors=True)
    os.makedirs("/run/pcscd")
    path = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    child = subprocess.Popen([path, "--foreground", "--config", "/run/readers"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 8
    while not os.path.exists("/run/pcscd/pcscd.comm") and time.monotonic() < end:
        time.sleep(0.02)
    return child


def main():
    arguments = sys.argv[1:]
    only = None
    if "--only" in arguments:
        at = arguments.index("--only")
        only = arguments[at + 1]
        del arguments[at:at + 2]
    at_once = 1
    if "--at-once" in arguments:
        at = arguments.index("--at-once")
        at_once = int(arguments[at + 1])
        del arguments[at:at + 2]
    binary = os.path.abspath(arguments[0] if arguments else os.environ.get("CARDWRIGHT", "cardwright"))
    cases = []
    for name in ("cases.json", "own.json"):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            cases += [c for c in json.load(file) if only in (None, c["name"])]
    inside = os.environ.get(INSIDE)
    needs = any("card" in c for c in cases)
    why = None
    if needs and not inside:
        why = missing()
        if why is None:
            return parts(at_once, only, binary)
    if inside:
        number, of = map(int, inside.split("/"))
        cases = [case for n, case in enumerate(cases) if n % of == number]
    child = pcscd() if inside and needs else None
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as home:
        for case in cases:
            without = [peer["command"][0] for peer in case.get("peers", []) if not shutil.which(peer["command"][0])]
            if "card" in case and (why or without):
                skipped += 1
                lacks = "no reader of its own (%s)" % why if why else "%s is not installed" % ", ".join(without)
                print("SKIPPED %s: %s" % (case["name"], lacks), flush=True)
                continue
            try:
                wrong = card_case(binary, case, home) if "card" in case else atr_case(binary, case, home)
            except Exception as error:      # a case that cannot be run has failed
                wrong = ["%s: %s" % (type(error).__name__, error)]
            if LATE and child:
                child.kill()
                child.wait()
                child = daemon()
            LATE.clear()
            if wrong:
                failed += 1
                print("FAILS %s: got %s" % (case["name"], "; ".join(wrong)), flush=True)
            else:
                passed += 1
                print("ok %s" % case["name"], flush=True)
    if child:
        child.kill()
        child.wait()
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
