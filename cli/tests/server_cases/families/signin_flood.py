"""Wrong passwords in a flood: memory stays bounded, and the right password still signs in.

300 wrong passwords, 60 at a time, each answered 401, 429 or 503. Meanwhile the right password is answered 200, 429 or
503, never 401; an account that signed in shortly before is answered within 2 seconds throughout. Five seconds after the
flood the right password is answered 200, also where clients went without waiting.
"""

import threading
import time
from collections import Counter

from kit import CARD, CERTIFLOW, SLOW, Peak, Wrong, must, together

ALONE = True
MOST_MB = 300
AT_ONCE = 60
IN_ALL = 300


def flood(world, user="demo", path=f"{CERTIFLOW}/Cards/{CARD}", hang_up=False, users=None):
    """IN_ALL requests with a wrong password, AT_ONCE at a time, and what others are answered meanwhile."""
    server = world.serve("--cards", 20)
    right = server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}")
    must(right.status == 200, right, "the right password is let in before the flood")
    statuses, over, known, fresh = Counter(), threading.Event(), [], []
    lock = threading.Lock()

    def wrong(number):
        for turn in range(IN_ALL // AT_ONCE):
            name = f"{user}{number}" if users == "other" else user
            auth = server.basic(name, f"wrong{number}.{turn}")
            if hang_up:
                try:
                    with server.connect() as sock:
                        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.authority()}\r\nAuthorization: {auth}\r\n\r\n".encode())
                        time.sleep(0.005)
                except OSError:
                    pass
            else:
                answer = server.ask("GET", path, auth, timeout=15)
                with lock:
                    statuses[answer.status] += 1

    def remembered():
        while not over.wait(0.1):
            known.append(server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}", timeout=5))

    def not_remembered():
        # Another spelling of the scheme's name: the same password, in a header that is new to the server.
        for scheme in ("basic", "BASIC", "bASIC", "baSIC"):
            if over.wait(0.3):
                return
            fresh.append(server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}", server.basic(scheme=scheme), timeout=15))

    watchers = [threading.Thread(target=work, daemon=True) for work in (remembered, not_remembered)]
    with Peak(server) as peak:
        for watcher in watchers:
            watcher.start()
        together(AT_ONCE, wrong)
        over.set()
        for watcher in watchers:
            watcher.join(16 * SLOW)
        end = time.monotonic() + 5 * SLOW
        while True:
            after = server.ask("GET", f"{CERTIFLOW}/Cards/{CARD}", server.basic(scheme="BAsic"), timeout=5)
            if after.status == 200 or time.monotonic() > end:
                break
            time.sleep(0.2)
    must(after.status == 200, f"{after} 5 s after the flood", "200 for the right password, within 5 s after the flood")
    must(not statuses or set(statuses) <= {401, 429, 503}, dict(statuses), "each wrong password is answered 401, 429 or 503")
    late = [answer for answer in known if answer.status != 200 or answer.seconds > 2 * SLOW]
    if late:
        raise Wrong(f"{len(late)} of {len(known)} not 200 within 2 s, such as {late[0]} after {late[0].seconds:.1f} s",
                    "an account that signed in shortly before is answered 200 within 2 s throughout")
    bad = [answer for answer in fresh if answer.status not in (200, 429, 503)]
    must(not bad, f"{bad and bad[0]} for the right password during the flood", "200, 429 or 503, never 401")
    must(peak.most < MOST_MB, f"{peak.most:.0f} MB resident", f"less than {MOST_MB} MB")
