"""A registry with damaged pages, and one that is empty where one was used: no record is missing without a warning, and
made-up cards never stand in for real ones.

Of damage three outcomes are right: no start and the reason; 500, and /health 503 with the cause on standard error; or
the answer as it was, where the damage did not touch it. A shorter list under 200 is right only with a warning on
standard error and /health 503.
"""

import os
import re
import shutil
import sqlite3

from kit import CARD, CERTIFLOW, Refused, must, short

SAYS = r"damage|corrupt|malformed|not a database|integrity|broken|not a card registry|no registry|cannot be read|i/o"


def leaves(path, table):
    """The leaf pages of a table or an index, by SQLite's file format: https://www.sqlite.org/fileformat2.html"""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    connection.close()
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    found, todo = [], [root]
    while todo:
        page = todo.pop(0)
        start = (page - 1) * size
        head = start + (100 if page == 1 else 0)
        if data[head] in (0x0D, 0x0A):
            found.append(page)
            continue
        cells = int.from_bytes(data[head + 3:head + 5], "big")
        for cell in range(cells):
            at = head + 12 + 2 * cell
            at = start + int.from_bytes(data[at:at + 2], "big")
            todo.append(int.from_bytes(data[at:at + 4], "big"))
        todo.append(int.from_bytes(data[head + 8:head + 12], "big"))
    return size, found


def hurt(path, how, table=None, which=0.5):
    """Damages a file."""
    if how == "cut":
        os.truncate(path, int(os.path.getsize(path) * which) // 4096 * 4096)
        return
    if how == "text":
        path.write_text("this is no registry\n" * 500)
        return
    if how == "head":
        with open(path, "r+b") as file:
            file.write(bytes(100))
        return
    size, found = leaves(path, table)
    start = (found[int(len(found) * which)] - 1) * size
    with open(path, "r+b") as file:
        if how == "zero":
            file.seek(start)
            file.write(bytes(size))
        elif how == "fewer cells":
            file.seek(start + 3)
            cells = int.from_bytes(file.read(2), "big")
            file.seek(start + 3)
            file.write((cells // 2).to_bytes(2, "big"))
        elif how == "noise":
            file.seek(start + 8)
            file.write(bytes((7 * n + 13) % 251 for n in range(96)))
        elif how == "cell pointers":
            file.seek(start + 8)
            first = file.read(2)
            file.seek(start + 8)
            file.write(first * 4)


def asked(server, paths):
    return [server.ask("GET", path, timeout=5) for path in paths]


def damaged(world, paths=(f"{CERTIFLOW}/Cards",), cards=1500, **how):
    """Start and answers, before and after the damage."""
    data = world.seeded(cards)
    server = world.serve("--data", data)
    before = asked(server, paths)
    server.stop()
    hurt(data / "registry.sqlite", **how)
    try:
        server = world.serve("--data", data)
    except Refused as refused:
        must(refused.result.code and re.search(SAYS, refused.result.err, re.I), refused.result, "no start, and the reason")
        must("panicked" not in refused.result.err, refused.result, "a reason, and no panic")
        return
    answers = asked(server, paths)
    health = server.ask("GET", "/health", None)
    warned = re.search(SAYS, server.err(), re.I)
    for path, was, now in zip(paths, before, answers):
        if now.status == was.status and now.body != was.body or (now.status != was.status and now.status < 500 and now.status):
            got = f"{now.status} with {len(now.body):,} bytes where {was.status} with {len(was.body):,} were; /health {health.status}; standard error: {short(server.err()) or 'nothing'}"
            must(warned and health.status == 503, got, "no start and the reason, or 500 and /health 503, never fewer records as if all were well")
    failed = [now for was, now in zip(before, answers) if now.body != was.body]
    if failed:
        must(health.status == 503, f"{failed[0].status or 'no whole answer'}, and /health {health.status}", "/health 503 where the registry cannot be read")
        must(re.search(SAYS, server.err(), re.I), f"{failed[0].status or 'no whole answer'}; standard error: {short(server.err()) or 'nothing'}", "the cause on standard error")


def found_by_serial(world, **how):
    """Damage in the index of serial numbers: no card that is there is answered as if it were not."""
    data = world.seeded(1500)
    connection = sqlite3.connect(f"file:{data}/registry.sqlite?mode=ro", uri=True)
    serials = [row[0] for row in connection.execute("SELECT serial_number FROM card ORDER BY serial_number")]
    connection.close()
    paths = [f"{CERTIFLOW}/Cards?serialNumber={serial}" for serial in serials[::12] if serial.isalnum()]
    shutil.rmtree(data)
    damaged(world, paths=paths, **how)


def damaged_backup(world, **how):
    """A copy of a damaged registry is refused."""
    data = world.seeded(1500)
    hurt(data / "registry.sqlite", **how)
    result = world.run("backup", "--data", data, world.path("copy.sqlite"))
    must(result.code not in (0, None) and result.err, result, "an error, with the reason")


def emptied(world, leave):
    """A folder that was used, with its registry empty or gone; `leave` names the files that stay."""
    data = world.seeded(30)
    server = world.serve("--data", data)
    must(server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/Disable").status == 200, "no change", "a change")
    if "registry.sqlite-wal" in leave:
        for name in ("registry.sqlite-wal", "registry.sqlite-shm"):
            shutil.copyfile(data / name, world.path(name))
    server.stop()
    if "registry.sqlite-wal" in leave:
        shutil.copyfile(world.path("registry.sqlite-wal"), data / "registry.sqlite-wal")
    if "registry.sqlite" in leave:
        os.truncate(data / "registry.sqlite", 0)
    else:
        os.unlink(data / "registry.sqlite")
    if "registry.lock" not in leave:
        os.unlink(data / "registry.lock")
    try:
        server = world.serve("--data", data)
    except Refused as refused:
        must(refused.result.code and refused.result.err, refused.result, "no start, and the reason")
        return
    cards = server.ask("GET", f"{CERTIFLOW}/Cards?count=100")
    said = server.err()
    must(cards.body.strip() == b"[]" and said, f"a start with {cards.body.count(b'cardModelName')} made-up cards or more, standard error: {short(said) or 'nothing'}",
         "no start and the reason, or an empty registry and a warning; never made-up cards")


def no_cards(world):
    """A registry without cards is not filled: its operator may have emptied it."""
    data = world.seeded(0)
    connection = sqlite3.connect(data / "registry.sqlite")
    connection.execute("PRAGMA foreign_keys = OFF")
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
        if table not in ("role", "account", "profile_template", "template_policy"):
            connection.execute(f'DELETE FROM "{table}"')
    connection.commit()
    connection.close()
    server = world.serve("--data", data, "--cards", 25)
    cards = server.ask("GET", f"{CERTIFLOW}/Cards?count=100")
    must(cards.body.strip() == b"[]", f"{cards.body.count(b'cardModelName')} made-up cards", "the registry as it is, without cards")


def cards_in(server):
    return server.ask("GET", f"{CERTIFLOW}/Cards").body.count(b'"cardModelName"')


def not_topped_up(world, first, second):
    """A registry with cards stays as it is, whatever --cards says."""
    data = world.path("data")
    server = world.serve("--data", data, "--cards", first)
    was = cards_in(server)
    server.stop()
    now = cards_in(world.serve("--data", data, "--cards", second))
    must(was == now == first + 6, f"{was} cards, then {now}", f"{first + 6} both times")


def seed_refuses(world):
    data = world.seeded(10)
    result = world.run("seed", "--data", data, "--cards", 10)
    must(result.code == 3 and "already" in result.err, result, "exit code 3, and that there are cards already")


def fresh(world, as_file=False):
    """A folder that was never used gets made-up cards."""
    data = world.path("data")
    data.mkdir(mode=0o700)
    server = world.serve("--data", data, "--cards", 12)
    must(cards_in(server) == 18, f"{cards_in(server)} cards", "18")


def newer(world):
    """A registry of a later version is left alone."""
    data = world.seeded(10)
    connection = sqlite3.connect(data / "registry.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    was = (data / "registry.sqlite").read_bytes()
    try:
        world.serve("--data", data)
    except Refused as refused:
        must(refused.result.code == 1 and refused.result.err, refused.result, "no start, and the reason")
        must((data / "registry.sqlite").read_bytes() == was, "another file", "the file as it was")
        return
    must(False, "a start", "no start")
