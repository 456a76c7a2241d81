"""The asynchronous clients, under asyncio and trio: the same calls, and what is left of them when a task is canceled."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import inspect
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import cardwright
import pytest
import trio
from cardwright import (
    AsyncCards, AsyncCertiFlow, AsyncMimCm, AsyncOwnServer, CardInfo, CertiFlow, Code, MimCm, OwnServer, Progress,
    Server, errors,
)
from cardwright._bulk import BulkOptions
from holding import Holding, holding
from list_server import ListServer, card
from test_processes import Serve

STORY = "02A1B3C4"
CARD = CardInfo('{"id":1,"state":"Issued"}')
LONG: dict[str, Any] = {"timeout": 3600.0, "idle_timeout": 3600.0}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    backend: str = request.param
    return backend


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(seed=1, cards=50) as started:
        yield started


def client(server: Server, **options: Any) -> AsyncCertiFlow:
    return AsyncCertiFlow(server.certiflow_url, server.auth, **options)


def told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the asynchronous clients themselves log."""
    return [record for record in caplog.records if record.filename in ("_async.py", "_threads.py")]


# What is there.


def calls(of: type) -> dict[str, Any]:
    return {name: getattr(of, name) for name in dir(of) if not name.startswith("_")}


@pytest.mark.parametrize(
    ("sync", "other", "lists", "own"),
    [
        (CertiFlow, AsyncCertiFlow, {"cards": "AsyncCards[CardInfo]", "skzi": "AsyncList[dict[str, Any]]"}, {"aclose"}),
        (MimCm, AsyncMimCm, {"cards": "AsyncCards[Smartcard]"}, {"aclose"}),
        (OwnServer, AsyncOwnServer, {"audit": "AsyncList[AuditRow]"}, set()),
    ],
)
def test_every_call_has_its_coroutine(sync: type, other: type, lists: dict[str, str], own: set[str]) -> None:
    ours, theirs = calls(other), calls(sync)
    assert set(ours) - set(theirs) == own and set(theirs) - set(ours) == set()
    coroutines = 0
    for name, method in theirs.items():
        if isinstance(method, property) or name in ("cancel", "own_server", "record"):
            assert inspect.getdoc(ours[name]), name
            continue
        given, asked = inspect.signature(ours[name]), inspect.signature(method)
        if inspect.ismethod(method):
            parameters = [one for one in given.parameters.values() if one.name != "concurrency"]
            assert parameters == list(asked.parameters.values()), name
            continue
        if name == "bulk":
            # Its cards may be an asynchronous list too.
            assert list(given.parameters) == list(asked.parameters)
            continue
        assert given.parameters == asked.parameters and inspect.getdoc(ours[name]) == inspect.getdoc(method), name
        assert given.return_annotation == lists.get(name, asked.return_annotation), name
        assert inspect.iscoroutinefunction(ours[name]) == (name not in lists), name
        coroutines += name not in lists
    assert coroutines >= 8


@pytest.mark.parametrize(("sync", "other"), [(CertiFlow, AsyncCertiFlow), (MimCm, AsyncMimCm)])
def test_a_client_takes_what_its_twin_takes(sync: type, other: type) -> None:
    given = dict(inspect.signature(other).parameters)
    assert given.pop("concurrency").default == 16
    assert given == dict(inspect.signature(sync).parameters)


def test_the_options_of_bulk_are_its_parameters() -> None:
    options = set(inspect.signature(cardwright.bulk).parameters) - {"cards", "operation", "client"}
    assert options == set(BulkOptions.__annotations__)


@pytest.mark.parametrize(
    ("most", "wrong"), [(0, errors.InputError), (1025, errors.InputError), (True, TypeError), ("8", TypeError)]
)
def test_a_wrong_number_of_threads_is_said_at_once(most: Any, wrong: type[Exception]) -> None:
    with pytest.raises(wrong, match="concurrency"):
        AsyncCertiFlow("https://cm.example.com/certiflow/api", concurrency=most)


# What the calls do.


@pytest.mark.anyio
async def test_certiflow_answers_as_for_threads(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = server.certiflow()
    async with client(server) as cm:
        assert cm.url == sync.url and cm.dialect == sync.dialect
        found = await cm.find(STORY)
        assert found is not None and found == sync.find(STORY) == await cm.card(found.id)
        assert await cm.find("FFFF") is None and await cm.card_of("nobody", STORY) is None
        assert [one.id async for one in cm.cards(state="Issued")] == [one.id for one in sync.cards(state="Issued")]
        assert [one.word for one in await cm.operations(found)] == [one.word for one in sync.operations(found)]
        assert await cm.plan(found, "Disable") == sync.plan(found, "Disable")
        held = await cm.disable(found)
        assert held.done and isinstance(held.card, CardInfo) and (await cm.enable(held.card)).done
        with pytest.raises(errors.AnswerError) as refused:
            await cm.enable(found)
        assert refused.value.legal
        assert (await cm.raw("GET", f"cards/{found.id}")).status == 200
        assert {check.level for check in await cm.doctor()} <= {"ok", "warn"}
        assert (await cm.probe()).dialect is not None and "basic" in str(await cm.explain()).lower()
        own = cm.own_server()
        rows = [row async for row in own.audit(card=str(found.id))]
        assert rows == await own.history(str(found.id)) and len(rows) >= 2
        assert [account["name"] for account in await own.accounts()]
    monkeypatch.setenv("CARDWRIGHT_URL", server.certiflow_url)
    monkeypatch.setenv("CARDWRIGHT_USER", server.auth[0])
    monkeypatch.setenv("CARDWRIGHT_PASSWORD", server.auth[1])
    async with AsyncCertiFlow.from_environment(concurrency=2) as cm:
        assert await cm.find(STORY) is not None


@pytest.mark.anyio
async def test_mim_answers_as_for_threads(server: Server) -> None:
    async with AsyncMimCm(server.mim_url, server.auth) as mim:
        first = await mim.cards().first()
        assert first is not None
        asked = await mim.retire("d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32", comment="left")
        assert asked.request is not None
        followed = await mim.follow(asked.request)
        assert followed.step == "awaiting approval"
        assert asked.request in [one.uuid for one in await mim.requests(open=True)]
        server.approve(asked.request)
        assert (await mim.go_on(asked.request)).done


@pytest.mark.anyio
async def test_a_list_is_a_table_too(server: Server) -> None:
    async with client(server, page_size=7) as cm:
        ids = [one.id async for one in cm.cards()]
        assert len(ids) == 55
        assert (await cm.cards().to_arrow(["id"])).column("id").to_pylist() == ids
        assert list((await cm.cards().to_pandas(["id"]))["id"]) == ids
        assert (await cm.cards().to_polars(["id"]))["id"].to_list() == ids
        begun = cm.cards()
        await begun.__anext__()
        with pytest.raises(errors.InputError):
            await begun.to_arrow()


@pytest.mark.anyio
async def test_a_card_that_cannot_be_read_is_passed_by() -> None:
    with ListServer([card(1), "no card", card(2)]) as lists:
        async with AsyncCertiFlow(lists.url) as cm:
            cards, read, failed = cm.cards(), [], 0
            while True:
                try:
                    read.append((await cards.__anext__()).id)
                except StopAsyncIteration:
                    break
                except errors.CardwrightError:
                    failed += 1
    assert (read, failed) == (["1", "2"], 1) or (read, failed) == ([1, 2], 1)


@pytest.mark.anyio
async def test_cards_are_taken_a_page_at_a_time_by_many_tasks() -> None:
    with ListServer([card(n) for n in range(3000)]) as lists:
        async with AsyncCertiFlow(lists.url, concurrency=3) as cm:
            cards: AsyncCards[CardInfo] = cm.cards()
            read: list[Any] = []

            async def take() -> None:
                async for one in cards:
                    read.append(one.id)

            async with anyio.create_task_group() as tasks:
                for _ in range(5):
                    tasks.start_soon(take)
    assert sorted(read) == list(range(3000))


@pytest.mark.anyio
async def test_the_context_of_a_task_goes_with_its_call(server: Server) -> None:
    request: contextvars.ContextVar[str] = contextvars.ContextVar("request")
    seen: set[str] = set()

    class Told(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            seen.add(request.get("none"))
            return True

    class InAReader:
        atr = b"\x3b\x00"

        def guesses(self, _: object) -> list[Any]:
            seen.add(f"{request.get('none')} {threading.current_thread() is threading.main_thread()}")
            return []

    async with client(server) as cm:
        request.set("42")
        assert await cm.find(InAReader()) is None  # type: ignore[arg-type]
    assert seen == {"42 False"}


def test_a_client_is_used_by_one_loop_after_the_other(server: Server) -> None:
    cm = client(server)

    async def find() -> bool:
        return await cm.find(STORY) is not None

    assert asyncio.run(find()) and trio.run(find) and asyncio.run(find())
    asyncio.run(cm.aclose())

    async def closed() -> None:
        with pytest.raises(errors.Canceled):
            await cm.find(STORY)
        await cm.aclose()

    trio.run(closed)


# How many at a time.


@contextmanager
def counting() -> Iterator[tuple[str, dict[str, int]]]:
    """A server that takes its time for an empty list, and counts how many requests are there at once."""
    seen = {"now": 0, "most": 0, "all": 0}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            with lock:
                seen["now"] += 1
                seen["all"] += 1
                seen["most"] = max(seen["most"], seen["now"])
            time.sleep(0.02)
            with lock:
                seen["now"] -= 1
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, format: str, *args: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.server_address[1]}/certiflow/api", seen
    finally:
        listener.shutdown()
        listener.server_close()


@pytest.mark.anyio
async def test_200_calls_run_a_few_at_a_time() -> None:
    with counting() as (url, seen):
        async with AsyncCertiFlow(url, concurrency=6, dialect="G7") as cm, anyio.create_task_group() as tasks:
            for n in range(200):
                tasks.start_soon(cm.raw, "GET", f"cards/{n}")
    assert seen == {"most": 6, "all": 200, "now": 0}


def native() -> int:
    return len(os.listdir("/proc/self/task"))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_threads_and_descriptors_are_given_back(tmp_path: Path, anyio_backend: str) -> None:
    # A server in another process, whose threads are not counted.
    with Serve(tmp_path, encrypted=False) as serve:
        given_back(serve, anyio_backend)


def given_back(serve: Serve, anyio_backend: str) -> None:
    account = serve.told["CARDWRIGHT_USER"], serve.told["CARDWRIGHT_PASSWORD"]

    async def much() -> None:
        cm = AsyncCertiFlow(serve.told["CARDWRIGHT_URL"], account, concurrency=8)
        async with cm, anyio.create_task_group() as tasks:
            for _ in range(16):
                tasks.start_soon(cm.find, STORY)
            async with cm.cards(count=40) as cards:
                await cards.__anext__()

    anyio.run(much, backend=anyio_backend)
    gc.collect()
    before = native(), descriptors()
    for _ in range(5):
        anyio.run(much, backend=anyio_backend)
    gc.collect()
    ends = time.monotonic() + 10
    while (native() > before[0] or descriptors() > before[1]) and time.monotonic() < ends:
        time.sleep(0.05)
    assert native() <= before[0] and descriptors() <= before[1]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("cardwright")]


# Canceled reads.


async def arrived(server: Holding) -> None:
    assert await anyio.to_thread.run_sync(lambda: server.arrived.acquire(timeout=20))


async def hung_up(server: Holding) -> None:
    """Waits until the client has closed the newest connection."""

    def wait() -> None:
        server.held[-1].settimeout(10)
        try:
            while server.held[-1].recv(4096):
                pass
        except ConnectionResetError:
            pass

    await anyio.to_thread.run_sync(wait)


READS: list[Any] = [
    pytest.param(lambda cm: cm.find("0A"), id="find"),
    pytest.param(lambda cm: cm.card(1), id="card"),
    pytest.param(lambda cm: cm.cards().first(), id="first"),
    pytest.param(lambda cm: cm.cards().to_arrow(), id="table"),
    pytest.param(lambda cm: cm.raw("GET", "cards"), id="raw"),
    pytest.param(lambda cm: cm.probe(), id="probe"),
    pytest.param(lambda cm: cm.doctor(), id="doctor"),
    pytest.param(lambda cm: cm.own_server().accounts(), id="own server"),
    pytest.param(lambda cm: cm.operate("1", "Disable"), id="operation that reads its card"),
    pytest.param(lambda cm: cm.bulk(["1"], "Disable"), id="plan of a run"),
]


@pytest.mark.anyio
@pytest.mark.parametrize("read", READS)
async def test_a_canceled_read_ends_its_request(
    read: Callable[[AsyncCertiFlow], Awaitable[object]], caplog: pytest.LogCaptureFixture
) -> None:
    with holding() as slow:
        async with AsyncCertiFlow(slow.url, dialect="G7", **LONG) as cm:
            began = time.monotonic()
            with anyio.CancelScope() as scope:

                async def stop() -> None:
                    await arrived(slow)
                    scope.cancel()

                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(stop)
                    await read(cm)
            assert scope.cancelled_caught and time.monotonic() - began < 10
            await hung_up(slow)
            # The client itself goes on.
            with anyio.move_on_after(0.2) as again:
                await cm.find("0B")
            assert again.cancelled_caught and slow.arrived.acquire(timeout=10)
    assert not told(caplog)


@pytest.mark.anyio
async def test_a_call_that_waits_for_a_thread_is_never_made() -> None:
    with holding() as slow:
        async with AsyncCertiFlow(slow.url, concurrency=1, dialect="G7", **LONG) as cm:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(cm.find, "0A")
                await arrived(slow)
                with anyio.move_on_after(0.1) as waited:
                    await cm.disable(CARD)
                assert waited.cancelled_caught
                tasks.cancel_scope.cancel()
            assert not slow.arrived.acquire(blocking=False)


def test_time_limits_of_asyncio() -> None:
    async def main(cm: AsyncCertiFlow) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(cm.find("0A"), 0.2)
        if sys.version_info >= (3, 11):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await cm.find("0A")
        task = asyncio.ensure_future(cm.find("0A"))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()
        await cm.aclose()

    with holding() as slow:
        asyncio.run(main(AsyncCertiFlow(slow.url, dialect="G7", **LONG)))


@pytest.mark.anyio
async def test_a_list_that_is_left_ends_its_request() -> None:
    cards = [card(n, comment="x" * 100) for n in range(2000)]
    for leave in ("break", "aclose", "with", "cancel"):
        with ListServer(cards, stop_after=100_000) as lists:
            async with AsyncCertiFlow(lists.url, page_size=2000, **LONG) as cm:
                if leave == "break":
                    async for one in cm.cards():
                        if one.id == 20:
                            break
                elif leave == "aclose":
                    listed = cm.cards()
                    assert (await listed.__anext__()).id == 0
                    await listed.aclose()
                    assert [one async for one in listed] == []
                elif leave == "with":
                    async with cm.cards() as listed:
                        assert (await listed.__anext__()).id == 0
                else:
                    read = 0
                    with anyio.move_on_after(0.5) as waited:
                        async for _ in cm.cards():
                            read += 1
                    assert waited.cancelled_caught and read > 100
                assert await anyio.to_thread.run_sync(lambda: lists.closed.wait(10)), leave


@pytest.mark.anyio
async def test_closing_the_client_ends_what_others_wait_for() -> None:
    with holding() as slow:
        cm = AsyncCertiFlow(slow.url, dialect="G7", **LONG)

        async def wait() -> None:
            with pytest.raises(errors.Canceled):
                await cm.find("0A")
            ended.append(time.monotonic())

        ended: list[float] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await arrived(slow)
            await cm.aclose()
    assert ended


# Canceled operations.


def unknown_of(group: BaseException) -> list[errors.OutcomeUnknown]:
    """Those in a group, or in the groups in it."""
    inner = getattr(group, "exceptions", None)
    if inner is None:
        return [group] if isinstance(group, errors.OutcomeUnknown) else []
    return [found for one in inner for found in unknown_of(one)]


OPERATIONS: list[Any] = [
    pytest.param(lambda cm: cm.disable(CARD), "card 1:", id="operation"),
    pytest.param(lambda cm: cm.raw("PUT", "cards/1", "{}"), "a request:", id="raw"),
    pytest.param(lambda cm: cm.own_server().approve("a request"), "a request:", id="own server"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("operate", "about"), OPERATIONS)
async def test_a_canceled_operation_is_unknown_in_the_group_and_in_the_log(
    operate: Callable[[AsyncCertiFlow], Coroutine[Any, Any, object]], about: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Other(Exception):
        pass

    with holding(read=CARD.json.encode()) as slow:
        async with AsyncCertiFlow(slow.url, dialect="G7", **LONG) as cm:
            with pytest.raises(Exception) as raised:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(operate, cm)
                    await arrived(slow)
                    raise Other
            (unknown,) = unknown_of(raised.value)
            assert unknown.outcome == "unknown" and unknown.code is Code.Canceled
            await hung_up(slow)
    (record,) = told(caplog)
    assert (record.name, record.levelno) == ("cardwright.client", logging.WARNING)
    assert record.getMessage().startswith(about)


def test_a_canceled_operation_is_in_the_groups_of_the_libraries() -> None:
    async def for_trio(slow: Holding, cm: AsyncCertiFlow) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(cm.disable, CARD)
            await trio.to_thread.run_sync(lambda: slow.arrived.acquire(timeout=20))
            nursery.cancel_scope.cancel()

    async def for_asyncio(slow: Holding, cm: AsyncCertiFlow) -> None:
        if sys.version_info >= (3, 11):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(cm.disable(CARD))
                await asyncio.get_running_loop().run_in_executor(None, lambda: slow.arrived.acquire(timeout=20))
                task.cancel()

    def by_asyncio(slow: Holding, cm: AsyncCertiFlow) -> None:
        asyncio.run(for_asyncio(slow, cm))

    def by_trio(slow: Holding, cm: AsyncCertiFlow) -> None:
        trio.run(for_trio, slow, cm)

    for run in (by_trio, by_asyncio) if sys.version_info >= (3, 11) else (by_trio,):
        with holding(read=CARD.json.encode()) as slow, pytest.raises(Exception) as raised:
            run(slow, AsyncCertiFlow(slow.url, dialect="G7", **LONG))
        assert len(unknown_of(raised.value)) == 1 and type(raised.value).__name__ == "ExceptionGroup"


def test_a_time_limit_of_asyncio_does_not_hide_an_unknown_outcome() -> None:
    async def main(cm: AsyncCertiFlow) -> None:
        with pytest.raises(errors.OutcomeUnknown):
            await asyncio.wait_for(cm.disable(CARD), 0.3)
        if sys.version_info >= (3, 11):
            with pytest.raises(errors.OutcomeUnknown):
                async with asyncio.timeout(0.3):
                    await cm.disable(CARD)
            task = asyncio.current_task()
            assert task is not None and task.cancelling() == 0
        task = asyncio.ensure_future(cm.disable(CARD))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(errors.OutcomeUnknown) as unknown:
            await task
        assert isinstance(unknown.value.__cause__, asyncio.CancelledError) and not task.cancelled()

    with holding(read=CARD.json.encode()) as slow:
        asyncio.run(main(AsyncCertiFlow(slow.url, dialect="G7", **LONG)))


@pytest.mark.anyio
async def test_an_operation_whose_end_was_seen_is_in_the_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    # It is over on its thread when its task is canceled, and the task does not know yet.
    async with client(server) as cm:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(cm.disable, "1065")
                await anyio.lowlevel.checkpoint()
                await anyio.lowlevel.checkpoint()
                call = next(iter(cm._threads._calls))
                while not call.done():
                    time.sleep(0.01)
                scope.cancel()
    (record,) = told(caplog)
    assert record.getMessage() == "card 1065: its task was canceled, and the operation is done"


CTRL_C = """
import asyncio, sys, threading, os, signal, logging
import trio
from cardwright import AsyncCertiFlow, CardInfo
logging.basicConfig(format="%(name)s %(message)s")
signal.signal(signal.SIGINT, signal.default_int_handler)
async def main():
    async with AsyncCertiFlow(sys.argv[1], dialect="G7", timeout=3600, idle_timeout=3600) as cm:
        await (cm.disable(CardInfo('{"id":1,"state":"Issued"}')) if sys.argv[3] == "operation" else cm.find("0A"))
try:
    asyncio.run(main()) if sys.argv[2] == "asyncio" else trio.run(main)
except KeyboardInterrupt:
    print("KeyboardInterrupt")
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("kind", ["read", "operation"])
def test_ctrl_c(anyio_backend: str, kind: str) -> None:
    import signal
    import subprocess

    with holding(read=None if kind == "read" else CARD.json.encode()) as slow:
        command = [sys.executable, "-c", CTRL_C, slow.url, anyio_backend, kind]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            assert slow.arrived.acquire(timeout=30)
            program.send_signal(signal.SIGINT)
            out, err = program.communicate(timeout=20)
    is_unknown = kind == "operation" and anyio_backend == "asyncio" and sys.version_info >= (3, 11)
    assert out == ("OutcomeUnknown\n" if is_unknown else "KeyboardInterrupt\n"), (out, err)
    assert ("cardwright.client card 1: its task was canceled" in err) == (kind == "operation"), (out, err)


# Many cards.


@pytest.mark.anyio
async def test_a_run_tells_the_loop_how_far_it_is(server: Server) -> None:
    told: list[Progress] = []
    loop = threading.get_ident()

    def progress(now: Progress) -> None:
        assert threading.get_ident() == loop
        told.append(now)

    async with client(server) as cm:
        work = await cm.bulk(cm.cards(state="Issued"), "Disable", progress=progress)
        assert work.counts.done == work.counts.total > 3
        assert told and told[-1].counts == work.counts
        again = await cm.bulk(work.to_arrow().column("id").to_pylist(), "Enable", progress=False)
        assert again.counts.done == work.counts.done
        with pytest.raises(errors.InputError, match="expect"):
            await cm.bulk(cm.cards(state="Issued"), "Disable", confirm_above=2)

        def fails(_: Progress) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await cm.bulk(cm.cards(state="Issued"), "Disable", progress=fails)


@pytest.mark.anyio
async def test_a_canceled_run_lets_cards_under_way_end(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.set_faults({"rules": [{"path": "**/disable", "latency_ms": 700}]})
    journal = tmp_path / "run.ndjson"
    async with client(server) as cm:
        with anyio.move_on_after(0.5) as waited:
            await cm.bulk(cm.cards(state="Issued"), "Disable", concurrency=3, journal=journal)
        assert waited.cancelled_caught and not told(caplog)
        server.set_faults({"rules": []})
        before = cardwright.resume(server.certiflow(), journal).counts
        assert (before.done, before.unknown) == (3, 0) and before.planned > 3
        after = await cm.bulk(cm.cards(state="Issued"), "Disable", journal=journal, resume=True)
        assert after.counts.done == before.done + before.planned


def test_a_run_that_is_canceled_twice_ends_at_once(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        server.set_faults({"rules": [{"path": "**/disable", "latency_ms": 600_000}]})
        cm = client(server)
        task = asyncio.ensure_future(
            cm.bulk(cm.cards(state="Issued"), "Disable", concurrency=3, journal=tmp_path / "run.ndjson")
        )
        await asyncio.sleep(0.7)
        task.cancel()
        await asyncio.sleep(0.3)
        assert not task.done()
        task.cancel()
        with pytest.raises(errors.OutcomeUnknown, match=r"[1-3] cards? may .*run\.ndjson"):
            await task
        await cm.aclose()

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 10
    (record,) = told(caplog)
    assert record.name == "cardwright.bulk" and record.levelno == logging.WARNING


# Other processes.


def test_a_client_from_before_a_fork_has_threads_of_its_own(server: Server) -> None:
    cm = client(server)

    async def find() -> bool:
        return await cm.find(STORY) is not None

    assert asyncio.run(find())
    child = os.fork()
    if child == 0:
        # Nothing here may come back to pytest.
        code = 1
        try:
            code = 0 if asyncio.run(find()) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asyncio.run(find())
