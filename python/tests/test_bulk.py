"""Bulk operations, against the embedded server and its faults."""

from __future__ import annotations

import builtins
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from test_examples import run

import cardwright
from cardwright import Bulk, CertiFlow, Code, Counts, MimCm, Operation, OperationWord, Progress, Server
from cardwright.errors import BulkStopped, InputError, JournalError, NotFound, NotSupported

CARDS = 400


def disabled_once(server: Server, work: Bulk) -> None:
    """The audit log has each card that is done once, and no other."""
    log = Counter(entry.card for entry in server.audit() if entry.done and entry.operation == work.operation.word)
    done = [row["id"] for row in work.to_arrow().to_pylist() if row["fate"] == "done"]
    assert len(done) > 10
    assert log == Counter(int(card) for card in done)


def test_a_plan_says_what_would_happen_and_sends_nothing(
    cardwright_server: Server, cardwright_certiflow: CertiFlow
) -> None:
    before = len(list(cardwright_server.audit()))
    work = cardwright.plan(cardwright_certiflow.cards(), Operation.Suspend)
    assert len(list(cardwright_server.audit())) == before
    cards = list(cardwright_certiflow.cards())
    assert len(work) == work.counts.total == sum(group.cards for group in work.groups) == len(cards)
    assert (work.operation, work.word, work.journal) == (Operation.Suspend, "Disable", None)
    [issued] = [group for group in work.groups if group.state == "Issued"]
    assert issued.verdict is not None and issued.verdict.to == cardwright.CardState.Disabled
    rows = work.to_arrow().to_pylist()
    assert [row["id"] for row in rows] == [str(card.id) for card in cards]
    assert {row["fate"] for row in rows} <= {"planned", "skipped"}
    assert {(row["state"], row["to"]) for row in rows if row["to"]} == {("Issued", "Disabled")}


def test_cards_that_were_read_before_are_done_by_the_client_that_is_named(
    cardwright_server: Server, cardwright_certiflow: CertiFlow
) -> None:
    cards = list(cardwright_certiflow.cards(state="Issued", count=20))
    with pytest.raises(InputError, match="client="):
        cardwright.bulk(cards, "Disable")
    work = cardwright.bulk((card for card in [*cards, *cards]), "Disable", client=cardwright_certiflow)
    assert work.counts.done == len(work) == 20
    assert work.to_polars()["fate"].to_list() == work.to_pandas()["fate"].tolist() == ["done"] * 20
    disabled_once(cardwright_server, work)


def test_what_the_system_lacks_is_said_before_anything_is_sent(
    cardwright_certiflow: CertiFlow, cardwright_mim: MimCm
) -> None:
    with pytest.raises(NotSupported):
        cardwright.plan(cardwright_mim.cards(), "Disable")
    with pytest.raises(NotSupported):
        cardwright.plan(cardwright_certiflow.cards(), "Reinstate")
    with pytest.raises(cardwright.CardwrightError) as raised:
        cardwright.plan(cardwright_certiflow.cards(), "Revoke")
    assert raised.value.code is Code.ReasonNeeded
    assert cardwright.plan(cardwright_certiflow.cards(), "Revoke", reason="CardLost").counts.planned > 0


def test_many_cards_must_be_confirmed(cardwright_certiflow: CertiFlow, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = len(list(cardwright_certiflow.cards(state="Issued")))
    asked: list[str] = []

    def typed(text: str) -> builtins.object:
        def answer(question: str = "") -> str:
            asked.append(question)
            return text

        return answer

    def disable(**options: Any) -> Bulk:
        return cardwright.bulk(cardwright_certiflow.cards(state="Issued"), "Disable", confirm_above=10, **options)

    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115
    with pytest.raises(InputError, match=f"expect={issued} does it without asking"):
        disable()
    with pytest.raises(InputError, match=f"5 cards were expected, and it would disable {issued}"):
        disable(expect=5)

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(builtins, "input", typed("yes"))
    with pytest.raises(InputError, match="not confirmed"):
        disable()
    assert asked == [f"Type {issued} to disable {issued} cards: "]
    assert len(list(cardwright_certiflow.cards(state="Issued"))) == issued
    monkeypatch.setattr(builtins, "input", typed(str(issued)))
    assert disable().counts.done == issued
    assert disable(expect=0).counts.total == 0
    assert not list(cardwright_certiflow.cards(state="Issued"))


def test_a_run_with_faults_does_each_card_once() -> None:
    with Server(cards=CARDS) as server, server.certiflow() as client:
        server.set_faults(
            {
                "seed": 11,
                "rules": [
                    {"path": "**/disable", "every": 50, "times": 2, "status": 429, "retry_after": 1},
                    {"path": "**/disable", "probability": 0.025, "status": 500},
                    {"path": "**/disable", "probability": 0.025, "status": 500, "carry_out": True},
                    {"path": "**/disable", "probability": 0.02, "close": True, "carry_out": True},
                ],
            }
        )
        told: list[Progress] = []
        issued = client.cards(state="Issued")
        work = cardwright.bulk(issued, "Disable", progress=told.append, confirm_above=CARDS)
        # What was not seen to be carried out is unknown; the next run reads it, and sends what did not arrive.
        assert work.counts.unknown > 0 == work.counts.failed
        server.set_faults({"rules": []})
        work.run(progress=told.append)
        assert work.counts.done == work.counts.total == len(work) > 200
        assert max(row["attempts"] for row in work.to_arrow().to_pylist()) > 1
        assert told[0].counts.done < told[-1].counts.done == len(work)
        assert told[-1].per_second > 0 and told[-1].elapsed > 0 and not told[-1].waits
        disabled_once(server, work)


KILLED = """
import cardwright, sys
client = cardwright.CertiFlow(sys.argv[1], (sys.argv[2], sys.argv[3]))
def told(now):
    print(now.counts.done, flush=True)
cardwright.bulk(client.cards(state="Issued"), "Disable", journal=sys.argv[4], resume=True, rate=300, progress=told,
                confirm_above=10_000)
print("ended", flush=True)
"""


def started(server: Server, journal: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", KILLED, server.certiflow_url, *server.auth, str(journal)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_run_that_is_killed_is_resumed_and_does_nothing_twice(tmp_path: Path) -> None:
    journal = tmp_path / "disable.ndjson"
    with Server(cards=CARDS) as server, server.certiflow() as client:
        issued = len(list(client.cards(state="Issued")))
        for n in range(1, 4):
            with started(server, journal) as child:
                assert child.stdout is not None
                while int(child.stdout.readline()) < issued * n // 5:
                    pass
                child.kill()
        left = cardwright.resume(client, journal)
        assert 0 < left.counts.done < issued
        del left
        with started(server, journal) as child:
            assert child.communicate(timeout=60)[0].splitlines()[-1] == "ended"
        work = cardwright.resume(client, journal)
        assert work.journal == journal
        assert work.counts.done == len(work) == issued
        disabled_once(server, work)


def test_ctrl_c_ends_what_is_under_way_and_the_journal_goes_on(tmp_path: Path) -> None:
    journal = tmp_path / "disable.ndjson"
    with Server(cards=CARDS) as server, server.certiflow() as client:
        with started(server, journal) as child:
            assert child.stdout is not None
            while int(child.stdout.readline()) < 20:
                pass
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=60)
            # The code of Python, and of the shell, for KeyboardInterrupt.
            assert child.returncode in (130, -signal.SIGINT)
        left = cardwright.resume(client, journal)
        # Nothing is in doubt.
        assert left.counts.done + left.counts.planned == len(left)
        assert 20 <= left.counts.done < len(left)
        left.run()
        assert left.counts.done == len(left)
        disabled_once(server, left)


def test_a_second_ctrl_c_ends_a_wait_for_the_server(tmp_path: Path) -> None:
    with Server(cards=50) as server:
        server.set_faults({"rules": [{"path": "**/disable", "latency_ms": 600_000}]})
        with started(server, tmp_path / "disable.ndjson") as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=60)
            assert child.returncode in (130, -signal.SIGINT)


def test_a_journal_is_not_overwritten_nor_taken_for_another(cardwright_certiflow: CertiFlow, tmp_path: Path) -> None:
    journal = tmp_path / "a.ndjson"
    cards = list(cardwright_certiflow.cards(state="Issued", count=5))

    def disable(some: Any, word: OperationWord = "Disable", **options: Any) -> Bulk:
        return cardwright.bulk(some, word, client=cardwright_certiflow, journal=journal, **options)

    assert disable(cards, resume=True).counts.done == 5
    with pytest.raises(JournalError, match="it is there already"):
        disable(cards)
    with pytest.raises(JournalError, match="it is of Disable, and not of Enable"):
        disable(cards, "Enable", resume=True)
    with pytest.raises(JournalError, match="it is of other cards"):
        disable(list(cardwright_certiflow.cards(state="Issued", count=4)), resume=True)
    assert disable(cards, resume=True).note == "nothing was left to do"
    assert cardwright.resume(cardwright_certiflow, journal).counts.done == 5 and isinstance(pickle.loads(pickle.dumps(JournalError("x"))), OSError)


def test_a_journal_is_not_taken_for_that_of_another_list(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, tmp_path: Path
) -> None:
    journal = tmp_path / "a.ndjson"

    def disable(policy: str) -> Bulk:
        cards = cardwright_certiflow.cards(state="Issued", policy=policy)
        return cardwright.bulk(cards, "Disable", journal=journal, resume=True, canary=3)

    cardwright_server.set_faults({"rules": [{"path": "**/disable", "skip": 2, "times": 1, "status": 403}]})
    with pytest.raises(BulkStopped, match="one of the first cards"):
        disable("Contractors")
    with pytest.raises(JournalError, match="it is of other cards"):
        disable("Default")
    with pytest.raises(JournalError, match="it is of other cards: 0 of the 0 given"):
        disable("Nobody")
    assert disable("Contractors").counts.done > 10
    note = disable("Contractors").note
    assert note is not None and "the card that failed is tried again only where that is asked for" in note


def test_a_second_exception_ends_the_run_and_not_the_client(
    cardwright_server: Server, cardwright_certiflow: CertiFlow
) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "latency_ms": 600_000}]})
    work = cardwright.plan(cardwright_certiflow.cards(state="Issued"), "Disable")

    def told(now: Progress) -> None:
        if now.elapsed < 0.3:
            return
        # It is not asked again after it raised, but signals are looked for.
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        raise ZeroDivisionError

    def again(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, again)
    try:
        with pytest.raises(KeyboardInterrupt):
            work.run(progress=told)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert cardwright_certiflow.find("02A1B3C4") is not None
    cardwright_server.set_faults({"rules": []})
    work.run()
    assert work.counts.planned == 0


def test_a_client_that_is_stopped_stops_its_run(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "latency_ms": 600_000}]})
    work = cardwright.plan(cardwright_certiflow.cards(state="Issued"), "Disable")
    with pytest.raises(BulkStopped) as stopped:
        work.run(progress=lambda _: cardwright_certiflow.cancel())
    assert stopped.value.why == "canceled"


@pytest.mark.parametrize("name", ["concurrency", "canary", "max_failures", "attempts"])
def test_a_count_below_0_is_named(cardwright_certiflow: CertiFlow, name: str) -> None:
    options: dict[str, Any] = {name: -1}
    with pytest.raises(InputError, match=f"{name} must be a count, not -1"):
        cardwright.bulk(cardwright_certiflow.cards(state="Issued", count=1), "Disable", **options)


def test_a_canary_that_fails_stops_the_run(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "skip": 2, "status": 403}]})
    with pytest.raises(BulkStopped, match="one of the first cards was not done") as raised:
        cardwright.bulk(cardwright_certiflow.cards(state="Issued"), "Disable", canary=5)
    stopped = raised.value
    assert stopped.why == "canary" and stopped.bulk is not None
    assert (stopped.bulk.counts.done, stopped.bulk.counts.failed) == (2, 1)
    [failed] = [row for row in stopped.bulk.to_arrow().to_pylist() if row["fate"] == "failed"]
    assert (failed["code"], failed["status"]) == (Code.Forbidden, 403) and failed["message"]
    copy = pickle.loads(pickle.dumps(stopped))
    assert (str(copy), copy.why, copy.code, copy.bulk) == (str(stopped), "canary", stopped.code, None)
    cardwright_server.set_faults({"rules": []})
    stopped.bulk.retry_failed()
    stopped.bulk.run()
    assert stopped.bulk.counts.done == len(stopped.bulk)
    disabled_once(cardwright_server, stopped.bulk)


def test_too_many_failures_stop_the_run(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "status": 403}]})
    with pytest.raises(BulkStopped) as raised:
        cardwright.bulk(cardwright_certiflow.cards(state="Issued"), "Disable", max_failures=3, concurrency=1)
    assert raised.value.why == "failures" and raised.value.bulk is not None
    assert raised.value.bulk.counts.failed == 4


def test_an_exception_of_the_progress_ends_the_run_and_is_raised(cardwright_certiflow: CertiFlow) -> None:
    work = cardwright.plan(cardwright_certiflow.cards(state="Issued"), "Disable")

    def told(_: Progress) -> None:
        with pytest.raises(InputError, match="it runs"):
            print(work.counts)
        with pytest.raises(InputError, match="it runs"):
            work.run()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work.run(progress=told)
    assert work.counts.planned > 0
    work.run()
    assert work.counts.done == len(work)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"concurrency": 0}, "1 to 1,024"),
        ({"rate": -1.0}, "above 0"),
        ({"longest_wait": -1.0}, "longest_wait must be seconds"),
        ({"progress": "bar"}, 'True, "tqdm" or "rich", not \'bar\''),
    ],
)
def test_a_setting_that_cannot_be_is_named(cardwright_certiflow: CertiFlow, options: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cardwright.bulk(cardwright_certiflow.cards(state="Issued"), "Disable", **options)


@pytest.mark.parametrize("progress", ["tqdm", "rich", True])
def test_a_bar_shows_how_far_it_is(
    cardwright_certiflow: CertiFlow, progress: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    cards = cardwright_certiflow.cards(state="Issued", count=20)
    cardwright.bulk(cards, "Disable", progress=progress)
    out, err = capfd.readouterr()
    assert "100%" in out + err and "0 failed" in out + err


def test_without_a_bar_a_line_shows_it(
    cardwright_certiflow: CertiFlow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    monkeypatch.setitem(sys.modules, "rich", None)
    cards = cardwright_certiflow.cards(state="Issued", count=20)
    cardwright.bulk(cards, "Disable", progress=True)
    assert capsys.readouterr().err.endswith("20 of 20 cards, 0 failed, 0 unknown \n")
    with pytest.raises(ImportError):
        cardwright.bulk(cardwright_certiflow.cards(), "Disable", progress="tqdm", expect=None, confirm_above=10_000)


def test_a_request_that_waits_for_approval_is_an_outcome(cardwright_mim: MimCm) -> None:
    work = cardwright.plan(cardwright_mim.cards(), "Retire", comment="the end")
    work.run()
    rows = work.to_arrow().to_pylist()
    waiting = [row for row in rows if row["fate"] == "awaiting approval"]
    assert len(waiting) == work.counts.awaiting_approval
    assert all(row["request"] for row in waiting)
    assert work.counts.done > 0


def test_counts_compare_and_say_what_they_count(cardwright_certiflow: CertiFlow) -> None:
    one, two = (cardwright.plan(cardwright_certiflow.cards(), "Disable").counts for _ in range(2))
    assert one == two and hash(one) == hash(two) and isinstance(one, Counts)
    assert repr(one) == f"<Counts {one.planned} planned>"


def test_cards_of_a_policy_are_held_and_held_once(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    issued = cardwright_certiflow.cards(state="Issued", policy="Contractors").to_arrow().num_rows
    done = run(cardwright_server, "hold.py", "Contractors")
    assert (done.returncode, done.stdout) == (0, f"<Counts {issued} done>\n"), done.stderr
    again = run(cardwright_server, "hold.py", "Contractors")
    assert (again.returncode, again.stdout) == (0, done.stdout), again.stderr
    assert "nothing was left to do" in again.stderr
    others = cardwright_certiflow.cards(state="Issued", policy="Default").to_arrow().num_rows
    done = run(cardwright_server, "hold.py", "Default")
    assert others > 0 and (done.returncode, done.stdout) == (0, f"<Counts {others} done>\n"), done.stderr
    assert len(list(cardwright_certiflow.cards(state="Disabled", policy="Contractors"))) >= issued > 10


def test_cards_may_be_ids(cardwright_certiflow: CertiFlow, tmp_path: Path) -> None:
    ids = [str(card.id) for card in cardwright_certiflow.cards(state="Issued", count=3)]
    journal = tmp_path / "ids.ndjson"
    work = cardwright.bulk(ids, "Disable", client=cardwright_certiflow, journal=journal)
    assert work.counts.done == len(ids) == 3
    # The journal is of these cards.
    again = cardwright.bulk(ids, "Disable", client=cardwright_certiflow, journal=journal, resume=True)
    assert (again.counts, again.note) == (work.counts, "nothing was left to do")
    with pytest.raises(NotFound, match="no card 999999"):
        cardwright.plan([ids[0], "999999"], "Enable", client=cardwright_certiflow)
    card = cardwright_certiflow.card(ids[0])
    assert card is not None
    assert cardwright.plan([card, ids[1]], "Enable", client=cardwright_certiflow).counts.planned == 2
