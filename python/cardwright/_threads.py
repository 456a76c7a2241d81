"""The threads on which an asynchronous client makes its calls, and how a task of asyncio or trio waits for one."""

from __future__ import annotations

import contextvars
import functools
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Protocol, TypeVar

from ._cardwright import Outcome
from ._enums import Code
from .errors import Canceled, InputError, OutcomeUnknown

_T = TypeVar("_T")

_MOST = 1024
"""The most threads that a client may have."""

_log = logging.getLogger("cardwright.client")


class _Event(Protocol):
    """An event of either library."""

    def set(self) -> object: ...
    def is_set(self) -> bool: ...
    async def wait(self) -> object: ...


def library() -> tuple[
    Callable[[Callable[[], object]], object], Callable[[], _Event], Callable[[], AbstractContextManager[Any]]
]:
    """Of the library that runs this task: what calls a function soon, from any thread; its event; and what keeps off
    the cancellation of a scope."""
    trio = sys.modules.get("trio")
    if trio is not None:
        with suppress(RuntimeError):
            # Beside another loop, trio runs this thread now and then: what counts is whose task this is.
            trio.lowlevel.current_task()
            soon = trio.lowlevel.current_trio_token().run_sync_soon
            return soon, trio.Event, functools.partial(trio.CancelScope, shield=True)
    import asyncio

    # A scope of anyio cancels a task again and again until it ends.
    anyio = sys.modules.get("anyio")
    shield = nullcontext if anyio is None else functools.partial(anyio.CancelScope, shield=True)
    return asyncio.get_running_loop().call_soon_threadsafe, asyncio.Event, shield


class Threads:
    """A number of threads, each begun when it is needed."""

    def __init__(self, most: int) -> None:
        if isinstance(most, bool) or not isinstance(most, int):
            raise TypeError(f"concurrency must be an int, not {most!r}")
        if not 1 <= most <= _MOST:
            raise InputError(f"concurrency must be from 1 to {_MOST}, not {most}", Code.Argument)
        self._most = most
        self._lock = threading.Lock()
        self._is_closed = False
        self._renew()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._pool = ThreadPoolExecutor(self._most, "cardwright")
        self._calls: set[Future[Any]] = set()

    def _begin(self, work: Callable[[], _T]) -> Future[_T]:
        work = functools.partial(contextvars.copy_context().run, work)
        with self._lock:
            if self._is_closed:
                raise Canceled("the client was closed", Code.Canceled)
            # A fork has left the threads behind.
            if self._process != os.getpid():
                self._renew()
            call = self._pool.submit(work)
            self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return call

    async def run(self, work: Callable[[], _T], stop: Callable[[], object]) -> _T:
        """Does what blocks. Where the task is canceled, `stop` is called, for each time that it is, and ends the work,
        for whose end the task waits all the same.

        Raises:
            OutcomeUnknown: the task was canceled, and an operation may have been carried out.
        """
        call = self._begin(work)
        try:
            await _end_of(call, stop)
        except BaseException as canceled:
            unknown = _left_open(call)
            # Ctrl-C stays what it is; the log has the rest.
            if unknown is not None and not isinstance(canceled, (KeyboardInterrupt, GeneratorExit)):
                raise unknown from canceled
            raise
        try:
            return call.result()
        finally:
            # An error holds this frame, which must not hold the error.
            del call

    async def close(self) -> None:
        """Waits for the calls to end, and ends the threads."""
        with self._lock:
            self._is_closed = True
            if self._process != os.getpid():
                return
            calls = list(self._calls)
        try:
            for call in calls:
                await _end_of(call, bool)
        finally:
            # They have nothing to do any more, but where a second Ctrl-C has cut the wait short.
            self._pool.shutdown(wait=all(call.done() for call in calls))


async def _end_of(call: Future[Any], stop: Callable[[], object]) -> None:
    """Waits until a call has ended.

    Raises:
        What the task was canceled by, after the call has ended.
    """
    soon, event, shield = library()
    ended = event()

    def tell(_: Future[Any]) -> None:
        # The loop may be over.
        with suppress(RuntimeError):
            soon(ended.set)

    call.add_done_callback(tell)
    try:
        await ended.wait()
    except GeneratorExit:
        # Nobody runs this task any more.
        call.cancel() or stop()
        raise
    except BaseException:
        with shield():
            while not ended.is_set():
                call.cancel() or stop()
                try:
                    await ended.wait()
                except GeneratorExit:
                    raise
                except BaseException:
                    continue
        raise


def _left_open(call: Future[Any]) -> OutcomeUnknown | None:
    """What nobody has seen of a call whose task was canceled; it is logged, as is an operation that was carried out."""
    if not call.done() or call.cancelled():
        return None
    error = call.exception()
    if isinstance(error, OutcomeUnknown):
        _log.warning("%s: its task was canceled, and it may have been carried out: %s", _about(error), error)
        return error
    if error is None and isinstance(outcome := call.result(), Outcome):
        _log.warning("%s: its task was canceled, and the operation is %s", _about(outcome), outcome.result)
    return None


def _about(what: OutcomeUnknown | Outcome) -> str:
    if what.card is not None:
        return f"card {what.card.id}"
    return f"request {what.request}" if what.request is not None else "a request"
