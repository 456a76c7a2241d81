"""Records of `logging`, and recordings."""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cardwright
import pytest
from cardwright import CertiFlow, Oidc, Server, errors
from holding import holding
from issuer import CLIENT, SECRET, Issuer

STORY = "02A1B3C4"
COMMAND = str(Path(sys.executable).parent / "cardwright")


class Keep(logging.Handler):
    """Keeps what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def of(self, name: str, words: str = "") -> list[logging.LogRecord]:
        return [one for one in self.records if one.name == f"cardwright.{name}" and words in one.getMessage()]

    def text(self) -> str:
        """All that the records say, and all that they carry."""
        return "\n".join(f"{one.getMessage()} {one.__dict__!r}" for one in self.records)


@pytest.fixture
def kept() -> Iterator[Keep]:
    """What is logged at any level."""
    logger, handler = logging.getLogger("cardwright"), Keep()
    logger.addHandler(handler)
    logger.setLevel(1)
    # pytest's own handlers write to files: one that a thread has locked at a fork stays so in the child.
    logger.propagate = False
    yield handler
    logger.propagate = True
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(handler)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    given: dict[str, Any] = record.__dict__["cardwright"]
    return given


def faults(server: Server, **rule: Any) -> None:
    server.set_faults({"rules": [rule]})


def test_a_repeated_attempt_says_why_and_how_long(cardwright_server: Server, kept: Keep) -> None:
    faults(cardwright_server, path="**/cards", times=2, status=503, retry_after=0)
    with cardwright_server.certiflow() as client:
        assert client.find(STORY) is not None
    first, second = kept.of("http", "will try again")
    assert first.levelno == logging.WARNING and "the server asks to wait" in first.getMessage(), first.getMessage()
    told = fields(first)
    assert (told["attempt"], told["http.response.status_code"], told["retry_after_s"]) == (1, 503, 0)
    assert fields(second)["attempt"] == 2 and told["http.request.method"] == "GET"
    assert told["url.full"].startswith(client.url) and STORY not in told["url.full"]
    answered = [fields(one)["http.response.status_code"] for one in kept.of("http", "http answered")]
    assert answered[:3] == [503, 503, 200], answered
    (signed_in,) = kept.of("sign_in", "signed in")
    assert fields(signed_in)["scheme"] == "Basic" and signed_in.levelno == logging.INFO


def test_a_dropped_connection_is_told_with_its_number(cardwright_server: Server, kept: Keep) -> None:
    with cardwright_server.certiflow() as client:
        # A password that was never accepted is not sent twice.
        assert client.card("1013") is not None
        faults(cardwright_server, path="**/cards/1013", times=1, close=True)
        assert client.card("1013") is not None
    (again,) = kept.of("http", "will try again")
    assert fields(again)["code"] == cardwright.Code.Broken and "http.response.status_code" not in fields(again)
    assert kept.of("http", "http failed")


def test_the_pages_of_a_list_are_told_and_the_generation_is(kept: Keep) -> None:
    with Server(seed=1, cards=50) as server, server.certiflow(page_size=20) as client:
        assert len(list(client.cards())) == 55
        pages = [fields(one) for one in kept.of("client", "read a page of a list")]
        assert [page["asked"] for page in pages] and sum(page["cards"] for page in pages) >= 55, pages
        assert [page["offset"] for page in pages] == sorted(page["offset"] for page in pages)
        client.probe()
    assert kept.of("client", "G")


def test_outcomes_are_told_with_the_id_of_the_card(kept: Keep) -> None:
    with Server(seed=1, cards=50) as server, server.certiflow(settle=0.1) as client:
        client.operate("1013", "Disable")
        with pytest.raises(errors.AnswerError):
            client.operate(client.card("1013") or "", "Disable")
        faults(server, path="**/enable", close=True)
        with pytest.raises(errors.OutcomeUnknown):
            client.operate("1013", "Enable")
    told = [(one.levelno, fields(one)["card"], fields(one)["result"]) for one in kept.of("client", "an operation ended")]
    assert told == [
        (logging.INFO, "1013", "done"),
        (logging.WARNING, "1013", "refused"),
        (logging.WARNING, "1013", "unknown"),
    ]


def test_a_bulk_run_tells_how_it_goes_and_why_it_stops(kept: Keep) -> None:
    with Server(seed=1, cards=50) as server, server.certiflow(attempts=1) as client:
        cards = [str(card.id) for card in client.cards(state="Disabled")]
        cardwright.bulk(cards, "Enable", client=client, rate=(len(cards) - 1) / 6)
        begun, *went_on, ended = kept.of("bulk", "a bulk run")
        assert fields(begun)["cards"] == len(cards) and went_on and fields(ended)["done"] == len(cards)
        assert {fields(one)["card"] for one in kept.of("bulk", "a card ended")} == set(cards)
        faults(server, path="**/disable", status=400)
        with pytest.raises(errors.BulkStopped):
            cardwright.bulk(cards, "Disable", client=client, canary=1)
    (stopped,) = kept.of("bulk", "a bulk run stopped")
    assert stopped.levelno == logging.WARNING and fields(stopped)["why"] == "canary"


def test_no_secret_is_in_any_record(issuer: Issuer, believer: str, cardwright_server: Server, kept: Keep) -> None:
    with CertiFlow(believer, Oidc(issuer.url, CLIENT, SECRET)) as client:
        assert client.find(STORY) is not None
    (got,) = kept.of("sign_in", "got a token")
    assert fields(got)["lifetime_s"] == 3600
    user, password = cardwright_server.auth
    with cardwright_server.certiflow() as client:
        card = client.find(STORY)
        assert card is not None and list(client.cards(user=card.user_name))
    with CertiFlow(cardwright_server.certiflow_url, (user, "a wrong pa55word")) as client:
        with pytest.raises(errors.SignInFailed):
            client.find(STORY)
    assert kept.of("sign_in", "the sign-in is refused")
    text = kept.text()
    assert len(kept.records) > 15
    proof = base64.b64encode(f"{user}:{password}".encode()).decode()
    for secret in [SECRET, password, proof, "a wrong pa55word", "Bearer", STORY, card.user_name, *issuer.tokens]:
        assert secret and secret not in text, secret


def test_eight_threads_have_their_own_records(cardwright_server: Server, kept: Keep) -> None:
    def ask(client: CertiFlow) -> bool:
        before = [one for one in kept.records if one.thread == threading.get_ident()]
        assert client.find(STORY) is not None
        after = [one for one in kept.records if one.thread == threading.get_ident()]
        words = [one.name for one in after[len(before) :]]
        return bool(words) and sorted(one.created for one in after) == [one.created for one in after]

    with cardwright_server.certiflow() as client, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, [client] * 200))
    assert len(kept.of("http", "http answered")) >= 200


def test_a_wait_is_told_while_it_lasts(cardwright_server: Server, kept: Keep) -> None:
    faults(cardwright_server, path="**/cards/1013", times=1, status=503, retry_after=2)
    with cardwright_server.certiflow() as client:
        for run in (client.card, lambda id: threading_card(client, id)):
            kept.records.clear()
            faults(cardwright_server, path="**/cards/1013", times=1, status=503, retry_after=2)
            told: list[float] = []
            kept.emit = lambda record: told.append(time.monotonic())  # type: ignore[method-assign]
            begin = time.monotonic()
            assert run("1013") is not None
            assert told and told[0] - begin < 1.5, (told[0] - begin)


def threading_card(client: CertiFlow, id: str) -> object:
    """The same on another thread than the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(client.card, id).result(30)


def test_a_handler_that_raises_ends_nothing(cardwright_server: Server, kept: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", raised.append)

    def wrong(record: logging.LogRecord) -> None:
        raise ValueError(record.getMessage())

    monkeypatch.setattr(kept, "emit", wrong)
    with cardwright_server.certiflow() as client:
        assert client.find(STORY) is not None and len(list(client.cards())) > 50
    assert len(raised) > 3 and all(one.exc_type is ValueError for one in raised)


def test_what_a_handler_raises_to_end_the_program_does(cardwright_server: Server, kept: Keep) -> None:
    def end(record: logging.LogRecord) -> None:
        raise KeyboardInterrupt

    emit, kept.emit = kept.emit, end  # type: ignore[method-assign]
    with cardwright_server.certiflow() as client:
        cards = client.cards()
        with pytest.raises(KeyboardInterrupt):
            next(cards)
        kept.emit = emit  # type: ignore[method-assign]
        # Nothing is lost: neither a card nor a record.
        assert len({one.id for one in cards}) == len(list(client.cards()))
    assert kept.of("http", "http answered")


def test_a_handler_may_call_the_client(cardwright_server: Server, kept: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    client, found = cardwright_server.certiflow(), []
    emit = kept.emit

    def ask(record: logging.LogRecord) -> None:
        emit(record)
        found.append(client.find(STORY))
        found.append(next(client.cards()))

    monkeypatch.setattr(kept, "emit", ask)
    assert client.card("1013") is not None
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(client.card, ["1013"] * 8))
    # What the handler's own calls report is left out.
    assert len(found) == 2 * len(kept.records) and all(found)
    assert len(kept.of("http", "http answered")) == 9
    client.cancel()


def test_a_child_logs_its_own(cardwright_server: Server, kept: Keep) -> None:
    client = cardwright_server.certiflow()
    started = client.cards()
    next(started)
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            client.card("1013")

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(busy)
        try:
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    code = 1
                    try:
                        kept.records.clear()
                        same = client.find(STORY) is not None
                        told = [fields(one).get("http.response.status_code") for one in kept.of("http", "http answered")]
                        code = 0 if same and told and set(told) <= {200, 401} and len(told) < 5 else 2
                    finally:
                        os._exit(code)
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        finally:
            stop.set()
    client.cancel()


SCRIPT = """
import atexit, logging, sys, threading, cardwright
logging.basicConfig(level=logging.DEBUG, format="%(name)s %(message)s", stream=sys.stdout)
client = cardwright.CertiFlow({url!r}, {auth!r}, attempts=50)
atexit.register(lambda: print(f"at exit: {{client.card('1013').id}}"))
class Late:
    def __del__(self):
        try:
            client.cancel()
        except Exception:
            pass
late = Late()
cards = client.cards()
next(cards)
def busy():
    while True:
        try:
            list(client.cards())
        except Exception:
            return
for _ in range(4):
    threading.Thread(target=busy, daemon=True).start()
client.card("1013")
print("the end")
"""


def test_a_program_ends_with_requests_under_way(cardwright_server: Server) -> None:
    script = SCRIPT.format(url=cardwright_server.certiflow_url, auth=cardwright_server.auth)
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0 and "the end" in done.stdout and "at exit: 1013" in done.stdout, done
        assert "panicked" not in done.stderr and "Fatal" not in done.stderr, done.stderr


QUIET = """
import logging, cardwright
from cardwright import Server
with Server(seed=1, cards=5) as server, server.certiflow() as client:
    server.set_faults({"rules": [{"path": "**/cards/1013", "times": 1, "status": 503, "retry_after": 0}]})
    client.card("1013")
    print("by default nothing")
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s")
    server.set_faults({"rules": [{"path": "**/cards/1013", "times": 1, "status": 503, "retry_after": 0}]})
    client.card("1013")
    logging.getLogger("cardwright.http").setLevel(logging.ERROR)
    server.set_faults({"rules": [{"path": "**/cards/1013", "times": 1, "status": 503, "retry_after": 0}]})
    client.card("1013")
    logging.getLogger("cardwright.http").setLevel(logging.NOTSET)
    logging.disable()
    server.set_faults({"rules": [{"path": "**/cards/1013", "times": 1, "status": 503, "retry_after": 0}]})
    client.card("1013")
"""


def test_a_program_hears_what_it_asks_for(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and done.stdout == "by default nothing\n", done
    assert done.stderr == "WARNING cardwright.http\n", done.stderr


def lines(path: Path) -> list[dict[str, Any]]:
    """A recording, without times."""
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in read:
        line.pop("ms", None)
        line.pop("date", None)
        line["headers"] = [pair for pair in line.get("headers", []) if pair[0] not in ("date", "server-timing")]
    return read


def shape(value: object) -> object:
    """The same with one letter for all: each recording has stand-ins of its own, of the values' shape."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return re.sub(r"[^\W_]", "x", str(value))


def test_a_recording_is_that_of_the_command(cardwright_server: Server, tmp_path: Path) -> None:
    user, password = cardwright_server.auth
    environment = {
        "CARDWRIGHT_URL": cardwright_server.certiflow_url, "CARDWRIGHT_USER": user, "CARDWRIGHT_PASSWORD": password,
        "HOME": str(tmp_path), "CARDWRIGHT_DIALECT": "G7",
    }
    by_command = tmp_path / "command.ndjson"
    done = subprocess.run(
        [COMMAND, "--record", str(by_command), "card", "1013"], env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )
    assert done.returncode == 0, done
    by_package = tmp_path / "package.ndjson"
    with CertiFlow(cardwright_server.certiflow_url, (user, password), dialect="G7") as client:
        with client.record(by_package) as recording:
            assert client.card("1013") is not None
        assert recording.path == by_package
    ours, theirs = lines(by_package), lines(by_command)
    assert shape(ours) == shape(theirs) and len(ours) > 1
    for kept in ("method", "attempt", "status", "headers", "body_bytes", "cut", "error"):
        assert [line.get(kept) for line in ours] == [line.get(kept) for line in theirs]
    assert [ours[0][name] for name in ("recording", "version", "system", "dialect")] == ["cardwright", cardwright.__version__, "CertiFlow", "G7"]
    assert by_package.stat().st_mode & 0o777 == 0o600
    assert password not in by_package.read_text(encoding="utf-8")


def test_a_recording_begins_and_ends_while_the_client_is_used(cardwright_server: Server, tmp_path: Path) -> None:
    client = cardwright_server.certiflow()
    assert client.card("1013") is not None
    first, second = tmp_path / "first.ndjson", tmp_path / "second.ndjson"
    recording = client.record(str(first))
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(client.card, ["1013"] * 40))
        with client.record(second):
            assert client.card("1013") is not None
    child = os.fork()
    if child == 0:
        code = 1
        try:
            found = client.card("1013") is not None
            recording.close()
            code = 0 if found else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    work = cardwright.bulk(["1013"], "Disable", client=client)
    assert work.counts.done == 1
    recording.close()
    recording.close()
    assert client.card("1013") is not None
    gets = [line for line in lines(first)[1:] if line["method"] == "GET" and line["status"] == 200]
    assert len(gets) >= 41 and [line for line in lines(first) if line.get("method") == "POST"]
    assert len([line for line in lines(second)[1:] if line["status"] == 200]) == 1
    client.cancel()


def test_a_recording_replaces_nothing_and_says_where_it_is_not_whole(cardwright_server: Server, tmp_path: Path) -> None:
    with cardwright_server.certiflow() as client:
        there = tmp_path / "there.ndjson"
        there.write_text("kept")
        with pytest.raises(FileExistsError, match="there.ndjson"):
            client.record(there)
        assert there.read_text() == "kept"
        with pytest.raises(FileNotFoundError, match="nowhere"):
            client.record(tmp_path / "nowhere" / "x.ndjson")
        with pytest.raises(TypeError):
            client.record(7)  # type: ignore[arg-type]
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        cut = client.record(tmp_path / "cut.ndjson")
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
        try:
            assert client.card("1013") is not None
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        with pytest.raises(OSError, match="cut.ndjson"):
            cut.close()


def test_a_canceled_call_is_told_to_who_calls_next(kept: Keep) -> None:
    with holding() as server:
        client = CertiFlow(server.url)
        threading.Timer(0.3, client.cancel).start()
        with pytest.raises(errors.Canceled):
            client.card("1")
    assert kept.of("http", "http ")
