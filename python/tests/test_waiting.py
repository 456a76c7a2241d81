"""A wait releases the interpreter, and can be interrupted."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cardwright import CardInfo, CertiFlow, Code, Server, errors
from holding import Holding, holding
from list_server import ListServer, card

CARD = CardInfo('{"id":1,"state":"Issued"}')


def test_four_requests_are_under_way_at_once() -> None:
    # The server answers when all four are there. It is Python too: were one of them to keep the interpreter, nobody
    # would answer, and the time limit would end it.
    with holding(4) as server, CertiFlow(server.url, timeout=20, attempts=1) as client:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(client.find, ["0A", "0B", "0C", "0D"])) == [None] * 4


def test_lists_are_under_way_at_once_too() -> None:
    with holding(4) as server, CertiFlow(server.url, timeout=20, attempts=1) as client:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda _: list(client.cards()), range(4))) == [[]] * 4


def test_one_list_may_be_read_by_many_threads(cardwright_server: Server) -> None:
    cards = cardwright_server.certiflow(page_size=7).cards()
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: [card.id for card in cards], range(8)))
    ids = [id for part in read for id in part]
    assert len(ids) == len(set(ids)) == len(list(cardwright_server.certiflow().cards()))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """As in a terminal: a shell that starts something in the background has Ctrl-C ignored there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt(server: Holding) -> None:
    """Ctrl-C, once the request has arrived."""

    def later() -> None:
        assert server.arrived.acquire(timeout=20)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=later, daemon=True).start()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    "wait",
    [
        pytest.param(lambda client: next(client.cards()), id="list"),
        pytest.param(lambda client: client.card(1), id="card"),
        pytest.param(lambda client: client.disable(CARD), id="operation"),
        pytest.param(lambda client: client.raw("GET", "Cards"), id="raw"),
    ],
)
def test_ctrl_c_ends_a_wait_that_would_never_end(wait: Callable[[CertiFlow], object]) -> None:
    with holding() as server, CertiFlow(server.url, timeout=3600, idle_timeout=3600) as client:
        interrupt(server)
        with pytest.raises(KeyboardInterrupt):
            wait(client)


@pytest.mark.usefixtures("interruptible")
def test_a_list_is_read_on_after_ctrl_c() -> None:
    with ListServer([card(n) for n in range(100)]) as server, server.client(page_size=40) as client:
        server.gate.clear()
        cards = client.cards()
        read = [next(cards).id for _ in range(32)]
        threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt):
            for one in cards:
                read.append(one.id)
        server.gate.set()
        read += [one.id for one in cards]
    assert read == list(range(100))


def test_cancel_ends_what_waits_in_another_thread() -> None:
    with holding() as server, CertiFlow(server.url, timeout=3600) as client:
        with ThreadPoolExecutor(1) as pool:
            waits = pool.submit(client.card, 1)
            assert server.arrived.acquire(timeout=20)
            client.cancel()
            with pytest.raises(errors.Canceled) as canceled:
                waits.result(timeout=20)
        assert canceled.value.code is Code.Canceled
        with pytest.raises(errors.Canceled):
            client.find("0A")


def test_a_time_limit_ends_a_wait() -> None:
    with holding() as server, CertiFlow(server.url, timeout=0.2, attempts=1) as client:
        with pytest.raises(errors.NetworkTimeout) as late:
            client.find("0A")
    assert isinstance(late.value, TimeoutError) and late.value.code is Code.Timeout


def test_what_may_be_repeated_is_and_how_often_can_be_set(cardwright_server: Server) -> None:
    rule = {"path": "/certiflow/api/cards", "status": 503, "times": 2, "retry_after": 0}
    cardwright_server.set_faults({"rules": [rule]})
    assert cardwright_server.certiflow(attempts=3).find("02A1B3C4") is not None
    cardwright_server.set_faults({"rules": [rule]})
    with pytest.raises(errors.AnswerError) as busy:
        cardwright_server.certiflow(attempts=1).find("02A1B3C4")
    assert (busy.value.code, busy.value.status, busy.value.attempts) == (Code.Busy, 503, 1)


def test_a_wrong_password_is_a_permission_error_that_does_not_show_it(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.certiflow_url, ("demo", "a secret")) as client:
        with pytest.raises(PermissionError) as refused:
            client.find("0A")
        assert "a secret" not in f"{refused.value!r} {client!r} {vars(client)}"
    assert isinstance(refused.value, errors.SignInFailed) and refused.value.status == 401


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"timeout": 0}, errors.InputError),
        ({"timeout": float("nan")}, errors.InputError),
        ({"check": "sometimes"}, errors.InputError),
        ({"ca": b"no certificate"}, errors.ConfigError),
        ({"system_trust": False}, errors.InputError),
        ({"proxy": "no address"}, errors.ConfigError),
        ({"timeouts": 1}, TypeError),
    ],
)
def test_wrong_settings_are_said_at_once(options: dict[str, Any], wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        CertiFlow("https://cm.example.com/certiflow/api", **options)
    with pytest.raises(errors.ConfigError):
        CertiFlow("cm.example.com")
