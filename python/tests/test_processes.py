"""Fork, spawn, pickle, and what is left behind."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.context import BaseContext
from pathlib import Path

import cardwright
import pytest
from cardwright import Atr, CardInfo, CardState, CertiFlow, Lifecycle, Operation, Server, errors

STORY = "02A1B3C4"


def find(url: str, auth: tuple[str, str], card: CardInfo) -> bool:
    """What a child of a pool does: a client of its own."""
    with CertiFlow(url, auth) as client:
        return client.find(STORY) == card


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_have_clients_of_their_own(cardwright_server: Server, method: str) -> None:
    context: BaseContext = multiprocessing.get_context(method)
    client = cardwright_server.certiflow()
    card = client.find(STORY)
    assert card is not None
    with context.Pool(2) as pool:
        done = pool.starmap_async(find, [(client.url, cardwright_server.auth, card)] * 8)
        assert done.get(timeout=60) == [True] * 8
    assert client.find(STORY) == card


def test_a_client_from_before_a_fork_makes_connections_of_its_own(cardwright_server: Server) -> None:
    client = cardwright_server.certiflow()
    card = client.find(STORY)
    started = client.cards()
    next(started)
    child = os.fork()
    if child == 0:
        # Nothing here may come back to pytest.
        code = 1
        try:
            same = all(client.find(STORY) == card for _ in range(20))
            try:
                next(started)
            except errors.InputError:
                code = 0 if same else 2
        finally:
            os._exit(code)
    # The parent's connection is used meanwhile.
    assert all(client.find(STORY) == card for _ in range(20))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(list(started)) > 10


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "tls"])
def test_nobody_is_told_what_another_process_came_to(encrypted: bool, tmp_path: Path) -> None:
    with Serve(tmp_path, encrypted) as serve:
        client = serve.client()
        held, revoked = client.card(1065), client.find(STORY)
        assert held is not None and revoked is not None
        client.revoke(revoked, "CardLost")
        for _ in range(100):
            client = serve.client()
            # It has a connection, which the child must not use.
            assert client.card(1065) is not None

            def child(client: CertiFlow = client) -> None:
                # Nothing refuses it here, and the server does.
                with pytest.raises(errors.CardwrightError) as error:
                    client.enable(revoked)
                assert error.value.outcome == "refused" and error.value.status == 409

            pid = forked(child)
            assert client.disable(held).done
            assert client.enable(held).done
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


class Serve:
    """The command's server, in plain HTTP or with a certificate of its own."""

    def __init__(self, folder: Path, encrypted: bool) -> None:
        self.certificate = folder / "server.pem" if encrypted else None
        self.command = [str(Path(sys.executable).with_name("cardwright")), "serve", "--cards", "0"]
        self.command += ["--tls-self-signed", str(self.certificate)] if encrypted else []

    def __enter__(self) -> Serve:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.told: dict[str, str] = {}
        for line in self.process.stdout:
            if line.strip().startswith("export "):
                for name, _, value in (word.partition("=") for word in line.split()[1:]):
                    self.told[name] = value
            if "CARDWRIGHT_PASSWORD" in self.told:
                break
        return self

    def client(self) -> CertiFlow:
        account = (self.told["CARDWRIGHT_USER"], self.told["CARDWRIGHT_PASSWORD"])
        return CertiFlow(self.told["CARDWRIGHT_URL"], account, ca=self.certificate, check="off")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()


def forked(work: Callable[[], object]) -> int:
    """The id of a forked process that does this."""
    child = os.fork()
    if child == 0:
        # Nothing here may come back to pytest.
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def in_child(work: Callable[[], object]) -> int:
    """The exit code of a forked process that does this."""
    return os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])


def refused(work: Callable[[], object]) -> None:
    with pytest.raises(errors.InputError, match="after a fork"):
        work()


def test_a_list_from_before_a_fork_is_not_read_nor_operated_in_the_child(cardwright_certiflow: CertiFlow) -> None:
    cards, started = cardwright_certiflow.cards(), cardwright_certiflow.cards()
    next(started)

    def child() -> None:
        for _ in range(2):
            refused(lambda: next(started))
            refused(lambda: list(cards))
            refused(cards.to_arrow)
            refused(lambda: cardwright.plan(cards, "Disable"))

    assert in_child(child) == 0
    assert len(cardwright.plan(cards, "Disable")) == len(list(started)) + 1


def test_a_child_that_leaves_a_server_leaves_it_to_the_parent() -> None:
    with Server(cards=1) as server:

        def child() -> None:
            refused(lambda: list(server.audit()))
            server.stop()

        assert in_child(child) == 0
        with server.certiflow() as client:
            assert client.find(STORY) is not None


def test_what_an_operation_gives_is_pickled(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    card = cardwright_certiflow.find(STORY)
    assert card is not None
    planned = cardwright_certiflow.plan(card, "Disable")
    outcome = cardwright_certiflow.disable(card)
    entry = list(cardwright_server.audit())[-1]
    lacks = Lifecycle(CardState.Issued).verdict(Operation.Resume)
    assert planned and outcome.verdict and entry.account
    assert pickle.loads(pickle.dumps((planned, outcome.verdict, lacks))) == (planned, outcome.verdict, lacks)
    for one in (outcome, entry):
        again = pickle.loads(pickle.dumps(one))
        names = [name for name in dir(one) if not name.startswith("_")]
        assert len(names) > 4 and type(again) is type(one)
        assert [getattr(again, name) for name in names] == [getattr(one, name) for name in names]


def test_a_client_is_not_pickled_and_says_what_to_do(cardwright_certiflow: CertiFlow) -> None:
    with pytest.raises(TypeError, match="make a client of its own in each process"):
        pickle.dumps(cardwright_certiflow)


def test_nothing_is_lost_over_ten_thousand_rounds(cardwright_certiflow: CertiFlow) -> None:
    card = cardwright_certiflow.find(STORY)
    assert card is not None
    json = card.json

    def rounds(count: int) -> None:
        for _ in range(count):
            record = CardInfo(json)
            assert record.certificates and record.tags is not None and str(record.state) == record["state"]
            assert record.time_issued and dict(record) and hash(record) and repr(record)
            assert pickle.loads(pickle.dumps(record)) == record
            assert Atr(record.atr or "3B00").findings is not None
            try:
                Atr("3B 02")
            except errors.InputError:
                pass
            try:
                CardInfo("{}")
            except errors.JSONError:
                pass

    assert_nothing_is_kept(rounds, 10_000)


def test_requests_lose_nothing(cardwright_certiflow: CertiFlow) -> None:
    def rounds(count: int) -> None:
        for _ in range(count):
            assert cardwright_certiflow.find(STORY) is not None
            assert next(cardwright_certiflow.cards(count=1)) is not None
            assert cardwright_certiflow.card(0) is None

    assert_nothing_is_kept(rounds, 300)
    assert len(list(Path("/proc/self/fd").iterdir())) < 200


def assert_nothing_is_kept(rounds: Callable[[int], None], count: int) -> None:
    """Were a round to keep one object, as many blocks would be held as there were rounds; and a record is 1,000 bytes.

    What an allocator takes from the system once, for good, is taken in one of three runs; what leaks, in each.
    """
    rounds(count // 10)
    grown = []
    for _ in range(3):
        gc.collect()
        blocks, memory = sys.getallocatedblocks(), resident()
        rounds(count)
        gc.collect()
        assert sys.getallocatedblocks() - blocks < max(count // 10, 200)
        grown.append(resident() - memory)
        if grown[-1] < 4 << 20:
            return
    raise AssertionError(f"each run keeps memory, in bytes: {grown}")


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_it_ends_while_something_is_under_way(cardwright_server: Server) -> None:
    program = (
        "import sys, cardwright\n"
        "client = cardwright.CertiFlow(sys.argv[1], (sys.argv[2], sys.argv[3]))\n"
        "cards = client.cards()\n"
        "next(cards)\n"
        "server = cardwright.Server(cards=1)\n"
    )
    arguments = [cardwright_server.certiflow_url, *cardwright_server.auth]
    done = subprocess.run([sys.executable, "-c", program, *arguments], timeout=60, check=False, capture_output=True)
    assert done.returncode == 0 and not done.stderr
