#!/usr/bin/env python3
"""Runs the rows: run.py [--only NAME] [--list] [--show] [--curl] BINARY; without BINARY, $CARDWRIGHT is it. As root."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import lab as labs  # noqa: E402
from capture import Capture, times  # noqa: E402
import rows  # noqa: E402
import more  # noqa: E402, F401  adds to the rows
import hints  # noqa: E402
import pages  # noqa: E402
import world as w  # noqa: E402

SECONDS = 10


def environment(lab, row):
    kept = {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", "LANG": "C.UTF-8"}
    home = lab.folder / "home"
    cache = lab.ticket(row.ticket) if row.ticket else f"FILE:{lab.folder}/cc-none"
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "TMPDIR": str(lab.folder / "home"),
            "KRB5CCNAME": cache, **{k: fill(lab, v) for k, v in row.env.items()}}


def fill(lab, text):
    text = text.replace("{ca}", str(lab.ca)).replace("{folder}", str(lab.folder))
    text = re.sub(r"\{pw:(\w+)\}", lambda m: lab.secret(w.USERS[m[1]]["password"]), text)
    return re.sub(r"\{secret:([^}]*)\}", lambda m: lab.secret(m[1]), text)


def execute(lab, row, command, env):
    began = time.monotonic()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS, env=env, cwd=lab.folder / "home")
        return rows.Got(done.returncode, done.stdout.decode(errors="replace"), time.monotonic() - began)
    except subprocess.TimeoutExpired as late:
        return rows.Got(-1, f"no end in {SECONDS} s: " + (late.stdout or b"").decode(errors="replace"), SECONDS)


def lacking(lab, row):
    for need in row.needs:
        if need in lab.lacks:
            return f"{need}: {lab.lacks[need]}"
    return None


def attempt(lab, row, command, env, judge):
    before = {name: len(lab.log(name)) for name in row.logs}
    bad = {user: lab.bad_passwords(user) for user in row.counted}
    capture = Capture() if row.wire else None
    got = execute(lab, row, command, env)
    frames = capture.end() if capture else []
    end = time.monotonic() + 2.5
    time.sleep(0.15 if not row.logs else 0.35)
    while True:  # a log may come late
        got.seen = {name: lab.log(name)[before[name]:] for name in row.logs}
        wrong = judge(got)
        if not wrong or not row.logs or time.monotonic() > end:
            break
        time.sleep(0.25)
    for words, right in row.wire.items():
        if not wrong and (count := times(frames, words.encode())) != right:
            wrong = (f"{words!r} goes over the wire {count} times", str(right))
    if not wrong and row.counted:
        for user in row.counted:
            count = lab.bad_passwords(user) - bad[user]
            if count != 1:
                wrong = (f"{count} wrong passwords counted for {user}", "1")
    return got, wrong


def judge_row(lab, row, env):
    if row.file:
        name, text = row.file
        (lab.folder / "home" / name).write_text(fill(lab, text))
    command = [lab.binary, *[fill(lab, a) for a in row.command]]
    got, wrong = attempt(lab, row, command, env, row.judge)
    if row.gap and got.code != 0 and "--tls " in lab.help:
        more = [lab.binary, row.command[0], "--tls", "system", *[fill(lab, a) for a in row.command[1:]]]
        second, second_wrong = attempt(lab, row, more, env, row.right[0].wrong)
        if second_wrong:
            return got, (f"with --tls system: {second_wrong[0]}", "what curl gets")
    return got, wrong


def judge_hint(lab, hint):
    """The command fails and gives the hint; what the hint says is done; then the command succeeds."""
    if not hint.then:
        hint.then = hint.command
    failed, _ = attempt(lab, hint, command_of(lab, hint.command), environment(lab, hint), lambda got: None)
    step = [line for line in failed.text.splitlines() if hint.line in line]
    if failed.code not in hint.codes or not any(re.search(hint.step, line) for line in step):
        return failed, (f"{failed.short} {step}", f"exit code {hint.codes}, and a next step like /{hint.step}/")
    if hint.change:
        hint.change(lab)
    hint.env, hint.ticket = hint.then_env, hint.then_ticket
    got, wrong = attempt(lab, hint, command_of(lab, hint.then), environment(lab, hint), rows.DONE.wrong)
    return got, wrong and (f"after {step}: {wrong[0]}", "the step helps")


def command_of(lab, words):
    return [lab.binary, *[fill(lab, word) for word in words]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="the rows whose name holds this")
    parser.add_argument("--list", action="store_true", help="print names and why, and run nothing")
    parser.add_argument("--show", action="store_true", help="print what the command said, too")
    parser.add_argument("--curl", action="store_true", help="run curl instead where a row has a twin: whether the lab is right")
    parser.add_argument("binary", nargs="?", default=os.environ.get("CARDWRIGHT"))
    given = parser.parse_args()
    chosen = [row for row in [*rows.ROWS, *hints.HINTS, *pages.EXAMPLES] if not given.only or given.only in row.name]
    if given.list:
        for row in chosen:
            print(f"{row.name}: {row.why}")
        return 0
    if not given.binary:
        parser.error("name the binary, or set CARDWRIGHT")
    binary = str(Path(given.binary).resolve())
    for name in [n for n in os.environ if n.startswith("CARDWRIGHT_") or n.lower().endswith("_proxy") or n.startswith(("SSL_CERT", "KRB5"))]:
        del os.environ[name]
    if not labs.enter():
        for row in chosen:
            print(f"skipped {row.name} (namespaces need root)")
        print(f"0 passed, 0 failed, {len(chosen)} skipped")
        return 0
    began = time.monotonic()
    lab = labs.Lab(binary)
    lab.start()
    lab.help = subprocess.run([binary, "cards", "--help"], capture_output=True, text=True).stdout
    print(f"the lab stands after {time.monotonic() - began:.0f} s" + "".join(f"\nwithout {k}: {v}" for k, v in lab.lacks.items()), flush=True)
    passed = failed = skipped = 0
    for row in chosen:
        if given.curl and row.curl is None:
            continue
        if why := lacking(lab, row):
            print(f"skipped {row.name} ({why})", flush=True)
            skipped += 1
            continue
        try:
            env = environment(lab, row)
            if given.curl:
                command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", *[fill(lab, a) for a in row.curl]]
                got, wrong = attempt(lab, row, command, env, row.judge_curl)
            elif isinstance(row, hints.Hint):
                got, wrong = judge_hint(lab, row)
            elif isinstance(row, pages.Example):
                env["PATH"] = f"{Path(lab.binary).parent}:{env['PATH']}"
                got, wrong = attempt(lab, row, ["/bin/sh", "-c", row.line], env, rows.Done(()).wrong)
            else:
                got, wrong = judge_row(lab, row, env)
        except (labs.Missing, OSError, subprocess.TimeoutExpired) as error:
            got, wrong = rows.Got(-1, "", 0), (f"{error!r}", "a world that stands")
        if wrong:
            failed += 1
            print(f"FAILS {row.name}: got {wrong[0]}, right is {wrong[1]}", flush=True)
        else:
            passed += 1
            print(f"ok {row.name}", flush=True)
        if given.show:
            print(f"    {got.seconds:.1f} s, exit code {got.code}\n" + "".join(f"    | {line[:400]}\n" for line in got.text.splitlines())
                  + "".join(f"    {n}: {line[:200]}\n" for n, lines in got.seen.items() for line in lines), flush=True)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code) if os.getpid() == 1 else sys.exit(code)
