"""What was answered is kept, however the server ends."""

import json
import signal
import sqlite3
import threading
import time

from kit import CERTIFLOW, SLOW, must

OTHER = {"Issued": ("Disable", "Disabled"), "Disabled": ("Enable", "Issued")}


def ended(world, by, writers=4, after=1.0, rounds=2, cards=60):
    """Writers change one card each until the server is ended; each card is as answered, or one change further."""
    data = world.seeded(cards)
    total = 0
    for _ in range(rounds):
        server = world.serve("--data", data)
        listed = server.ask("GET", f"{CERTIFLOW}/Cards?state=Issued&count={writers}")
        ids = [card["id"] for card in json.loads(listed.body)]
        must(len(ids) == writers, f"{len(ids)} cards", f"{writers} cards that can be changed")
        known, next_states, strange, stop, counts = {}, {}, [], threading.Event(), []

        def write(card):
            state, count = server.state(card), 0
            known[card] = state
            while not stop.is_set():
                operation, then = OTHER[state]
                next_states[card] = then
                answer = server.ask("POST", f"{CERTIFLOW}/Cards/{card}/{operation}", timeout=5)
                if answer.status == 200 and answer.is_whole:
                    known[card] = state = then
                    next_states[card] = then
                    count += 1
                else:
                    if answer.status not in (0, 503):
                        strange.append(str(answer))
                    break
            counts.append(count)

        threads = [threading.Thread(target=write, args=(card,), daemon=True) for card in ids]
        for thread in threads:
            thread.start()
        time.sleep(after)
        start = time.monotonic()
        code = server.stop(by)
        took = time.monotonic() - start
        stop.set()
        for thread in threads:
            thread.join(6 * SLOW)
        must(not strange, strange[:1], "200, or no answer")
        if by == signal.SIGTERM:
            must(code == 0 and took < 8 * SLOW, f"exit code {code} after {took:.1f} s", "exit code 0 within 8 s")
        connection = sqlite3.connect(data / "registry.sqlite")
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
        must(whole == "ok", whole, "a whole file")
        server = world.serve("--data", data)
        for card in ids:
            now = server.state(card)
            must(now in (known[card], next_states[card]), f"card {card} is {now}", f"{known[card]}, as answered, or {next_states[card]}, as asked last")
        server.stop()
        total += sum(counts)
    must(total > 20, f"{total} changes", "changes under way when it ended")
