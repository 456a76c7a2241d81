"""The clients for asyncio and trio.

They are the clients for threads: each call is made on a thread of a few that the client has, and has a canceler of its
own, which ends it when its task is canceled.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import logging
import os
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, Protocol, TypeVar, overload

from ._bulk import SETTINGS, _carry_out, _prepared, bulk
from ._cardwright import Bulk, CardInfo, Cards, Smartcard
from ._certiflow import CertiFlow
from ._client import _Client
from ._enums import Code, Dialect
from ._mim import MimCm
from ._own import OwnServer
from ._threads import Threads, library
from .errors import Canceled, OutcomeUnknown

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec, Self, Unpack

    from ._bulk import BulkOptions, _Shown
    from ._cardwright import Card, Progress, Recording
    from ._client import ClientOptions, _Auth
    from ._enums import DialectWord, Operation, OperationWord
    from ._given import _Cards

    _P = ParamSpec("_P")

_T = TypeVar("_T")
_L = TypeVar("_L")
_R = TypeVar("_R", covariant=True)
_C = TypeVar("_C", bound="Card")
_S = TypeVar("_S", bound=_Client[Any])

_AT_ONCE = 64
"""How many rows are fetched from a thread at once where nobody knows how many are there."""

if TYPE_CHECKING:

    class _Method(Protocol[_P, _R]):
        """A method with these parameters and this result."""

        @overload
        def __get__(self, instance: None, owner: type, /) -> Callable[Concatenate[Any, _P], _R]: ...
        @overload
        def __get__(self, instance: object, owner: type | None = None, /) -> Callable[_P, _R]: ...


def _coroutine(method: Callable[Concatenate[Any, _P], _T]) -> Callable[[object], _Method[_P, Coroutine[Any, Any, _T]]]:
    """The same method, as a coroutine: it takes the place of what it decorates, which is the name."""

    @functools.wraps(method)
    async def call(self: Any, *args: Any, **kwargs: Any) -> _T:
        one, stop = self._one_call()
        done: _T = await self._threads.run(functools.partial(method, one, *args, **kwargs), stop)
        return done

    return lambda _name: call  # type: ignore[return-value]


def _listing(
    method: Callable[Concatenate[Any, _P], _L], made: Callable[[_L, Threads, Callable[[], object]], _T], word: str
) -> Callable[[object], _Method[_P, _T]]:
    """The same method, which asks for a list: nothing is sent before that is read."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> _T:
        one, stop = self._one_call()
        return made(method(one, *args, **kwargs), self._threads, stop)

    call.__signature__ = inspect.signature(method).replace(return_annotation=word)  # type: ignore[attr-defined]
    return lambda _name: call  # type: ignore[return-value]


class AsyncList(Generic[_T]):
    """What a client lists, one by one: `async for`. Some of it is fetched ahead, on a thread.

    Where its task is canceled while it waits for the server, or nobody has it any more, its request is ended, and there
    is no more of it. `async with` does so too, and waits until that has happened, as `aclose()` does.
    """

    def __init__(self, ready: Callable[[], Sequence[_T]], threads: Threads, stop: Callable[[], object]) -> None:
        self._ready, self._threads, self._stop = ready, threads, stop
        self._here: deque[_T] = deque()
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _T:
        while not self._here:
            batch = () if self._is_over else await self._threads.run(self._ready, self._stop)
            if not batch:
                raise StopAsyncIteration
            self._here.extend(batch)
        return self._here.popleft()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends it, and its request; there is no more of it."""
        self._end()

    def _end(self) -> None:
        self._is_over = True
        self._here.clear()
        self._stop()

    def __del__(self) -> None:
        self._stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class AsyncCards(AsyncList[_C]):
    """Cards, one by one, read from the server while they are asked for: `async for`; or all of them, as a table.

    A card that cannot be read is an exception, and the next one follows; after an exception of the network there are
    no more. Iterating once is all: ask again for another list.
    """

    def __init__(self, cards: Cards[_C], threads: Threads, stop: Callable[[], object]) -> None:
        super().__init__(cards._ready, threads, stop)
        self._cards = cards

    def _one_call(self) -> tuple[Cards[_C], Callable[[], object]]:
        return self._cards, self._stop

    async def aclose(self) -> None:
        """Ends the list, and its request; there are no more cards."""
        self._end()
        await self._threads.run(self._cards._end, self._stop)

    async def first(self) -> _C | None:
        """The first card, or `None`. Only that one is asked for; the list itself can still be read.

        Raises:
            InputError: the cards are being read already.
        """
        return await self._threads.run(self._cards.first, self._stop)

    async def one(self) -> _C:
        """The only card. Two at most are asked for; the list itself can still be read.

        Raises:
            NotFound: there is none.
            Unexpected: there are several.
            InputError: the cards are being read already.
        """
        return await self._threads.run(self._cards.one, self._stop)

    @_coroutine(Cards.to_dicts)
    def to_dicts(self) -> None: ...

    @_coroutine(Cards.to_arrow)
    def to_arrow(self) -> None: ...

    @_coroutine(Cards.to_pandas)
    def to_pandas(self) -> None: ...

    @_coroutine(Cards.to_polars)
    def to_polars(self) -> None: ...


def _rows(rows: Iterator[_T], threads: Threads, stop: Callable[[], object]) -> AsyncList[_T]:
    """A list of which a number of rows are fetched at once."""
    failed: list[Exception] = []

    def ready() -> list[_T]:
        taken: list[_T] = []
        if failed:
            raise failed.pop()
        try:
            for row in itertools.islice(rows, _AT_ONCE):
                taken.append(row)
        except Exception as error:
            if not taken:
                raise
            # The rows before it come first.
            failed.append(error)
        return taken

    return AsyncList(ready, threads, stop)


class _AsyncClient(Generic[_S]):
    """An asynchronous client of any system; the classes of the systems add their own calls."""

    _client: _S
    _threads: Threads

    def _start(self, client: _S, concurrency: int) -> Self:
        self._threads, self._client = Threads(concurrency), client
        return self

    def _one_call(self) -> tuple[_S, Callable[[], object]]:
        """The client with a canceler of its own."""
        client, canceler = self._client._client.cancelable()
        one = object.__new__(type(self._client))
        one.__dict__.update(self._client.__dict__, _client=client)
        return one, canceler.cancel

    @property
    def url(self) -> str:
        """The base of the API."""
        return self._client.url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} has connections and a password, and is not pickled: "
            "pickle its address, and make a client of its own in each process"
        )

    def cancel(self) -> None:
        """Stops the client for good, from any thread: calls that wait for the server end at once with `Canceled`."""
        self._client.cancel()

    async def aclose(self) -> None:
        """Stops the client for good, as `cancel()`, and waits until its calls and its threads have ended."""
        self.cancel()
        await self._threads.close()

    def record(self, path: str | os.PathLike[str]) -> Recording:
        """Begins a recording of what is sent and answered, as `CertiFlow.record`: until its `close()`, or the end of its `with`.

        Raises:
            FileExistsError: the file is there already: a recording never replaces anything.
            OSError: it cannot be written. At the end, too, where it is not whole.
        """
        return self._client.record(path)

    @_coroutine(_Client[Any].explain)
    def explain(self) -> None: ...

    @_coroutine(_Client[Any].doctor)
    def doctor(self) -> None: ...

    @_coroutine(_Client[Any].raw)
    def raw(self) -> None: ...

    @_coroutine(_Client[Any].plan)
    def plan(self) -> None: ...

    @_coroutine(_Client[Any].operate)
    def operate(self) -> None: ...

    @_coroutine(_Client[Any].operations)
    def operations(self) -> None: ...


    def own_server(self) -> AsyncOwnServer:
        """What the server has besides this API, where it is one of `cardwright serve`. Nothing is sent.

        Raises:
            NotSupported: the base of this API is none that such a server has.
        """
        return AsyncOwnServer(self)

    async def bulk(
        self,
        cards: AsyncCards[Any] | _Cards,
        operation: Operation | OperationWord,
        **options: Unpack[BulkOptions],
    ) -> Bulk:
        """Does an operation to many cards, as `cardwright.bulk`, and returns the result for each: a table.

        Nobody is asked: for more than `confirm_above` cards, `expect` must be their number. `progress` is called by the
        event loop. Where the task is canceled, the cards that are under way come to their end; where it is canceled
        again, the run ends at once.

        Raises:
            InputError: the number of cards is another one, or was not given.
            OutcomeUnknown: the task was canceled, and cards may have been changed of which it was not seen.
            BulkStopped, JournalError: as `cardwright.bulk`.
        """
        one, stop = self._one_call()
        given: Any = cards
        if isinstance(cards, AsyncCards):
            given, stop = cards._one_call()
        asked = inspect.signature(bulk).bind(given, operation, client=one, **options)
        asked.apply_defaults()
        settings = {name: asked.arguments.pop(name) for name in SETTINGS}
        progress = asked.arguments.pop("progress")
        work = await self._threads.run(functools.partial(_prepared, **asked.arguments, may_ask=False), stop)
        run = _Run(work, progress, stop)
        try:
            await self._threads.run(functools.partial(run.carry_out, settings), run.stop)
        except (Exception, GeneratorExit):
            raise
        except BaseException as canceled:
            unknown = run.left_open()
            if unknown is not None and not isinstance(canceled, KeyboardInterrupt):
                raise unknown from canceled
            raise
        return work


class _Run:
    """A run whose task may be canceled."""

    def __init__(self, work: Bulk, progress: _Shown, cancel: Callable[[], object]) -> None:
        self._work, self._cancel = work, cancel
        self._soon = library()[0]
        self._progress = progress if callable(progress) else None
        self._shown: _Shown = self._told if callable(progress) else progress
        self._raises: list[BaseException] = []
        self._is_stopped = False

    def carry_out(self, settings: dict[str, Any]) -> None:
        _carry_out(self._work, self._shown, settings, self._look)
        self._look()

    def _told(self, now: Progress) -> None:
        """Tells, in the event loop, how far it is."""

        def tell() -> None:
            try:
                if self._progress is not None:
                    self._progress(now)
            except BaseException as error:
                self._raises.append(error)

        self._soon(tell)

    def _look(self) -> None:
        """Raises what ends the run."""
        if self._raises:
            raise self._raises.pop(0)

    def stop(self) -> None:
        """Ends it after the cards that are under way; the second time at once."""
        if self._is_stopped:
            self._cancel()
        self._is_stopped = True
        self._raises.append(Canceled("the run was canceled", Code.Canceled))

    def left_open(self) -> OutcomeUnknown | None:
        """What nobody has seen of it."""
        unknown = self._work.counts.unknown
        if not unknown:
            return None
        journal = self._work.journal
        told = "" if journal is None else f"; {journal} tells which"
        message = f"{self._work.word}: the run was canceled, and {unknown} card{'s' * (unknown > 1)} may have been changed{told}"
        logging.getLogger("cardwright.bulk").warning("%s", message)
        return OutcomeUnknown(message, Code.Canceled, outcome="unknown")


class AsyncCertiFlow(_AsyncClient[CertiFlow]):
    """A client of Axidian CertiFlow (Indeed CM) for asyncio and trio.

    It has the methods of `CertiFlow`: calls are coroutines, and lists are for `async for`. `concurrency` calls (1 to
    1,024) run at a time, each on a thread of the client's own; the others wait. The other arguments are those of
    `CertiFlow`. `async with` or `aclose()` ends its threads.

    A call whose task is canceled ends its request at once. Where an operation was sent, and its answer was not seen,
    the task raises `OutcomeUnknown` in place of the cancellation.

        >>> import asyncio, cardwright
        >>> async def holder(server: cardwright.Server, serial: str) -> object:
        ...     async with cardwright.AsyncCertiFlow(server.certiflow_url, server.auth) as cm:
        ...         card = await cm.find(serial)
        ...         return card and card.user_name
        >>> with cardwright.Server(seed=1, cards=5) as server:
        ...     asyncio.run(holder(server, "02A1B3C4"))
        'DEMO\\\\ipetrov'

    Raises:
        ConfigError: an address that cannot be used.
        InputError: another argument that is not taken.
    """

    def __init__(
        self,
        url: str,
        auth: _Auth = None,
        *,
        dialect: Dialect | DialectWord | None = None,
        concurrency: int = 16,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._start(CertiFlow(url, auth, dialect=dialect, **options), concurrency)

    @classmethod
    def from_environment(
        cls, *, dialect: Dialect | DialectWord | None = None, concurrency: int = 16, **options: Unpack[ClientOptions]
    ) -> Self:
        """A client by the environment, as `CertiFlow.from_environment`.

        Raises:
            ConfigError: a setting is missing.
        """
        return cls.__new__(cls)._start(CertiFlow.from_environment(dialect=dialect, **options), concurrency)

    @classmethod
    def from_profile(
        cls,
        name: str,
        *,
        config: str | os.PathLike[str] | None = None,
        dialect: Dialect | DialectWord | None = None,
        concurrency: int = 16,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """A client by a profile, as `CertiFlow.from_profile`.

        Raises:
            ConfigError: there is no such profile, or the file holds what it should not; with its line.
        """
        client = CertiFlow.from_profile(name, config=config, dialect=dialect, **options)
        return cls.__new__(cls)._start(client, concurrency)

    @property
    def dialect(self) -> Dialect:
        """The generation of the API that is spoken: the one that was given, else what is known of the server by now, or is
        usual at its base. Nothing is sent."""
        return self._client.dialect

    @_listing(CertiFlow.cards, AsyncCards[CardInfo], "AsyncCards[CardInfo]")
    def cards(self) -> None: ...

    @_listing(CertiFlow.skzi, _rows, "AsyncList[dict[str, Any]]")
    def skzi(self) -> None: ...

    @_coroutine(CertiFlow.probe)
    def probe(self) -> None: ...

    @_coroutine(CertiFlow.card)
    def card(self) -> None: ...

    @_coroutine(CertiFlow.card_of)
    def card_of(self) -> None: ...

    @_coroutine(CertiFlow.find)
    def find(self) -> None: ...

    @_coroutine(CertiFlow.disable)
    def disable(self) -> None: ...

    @_coroutine(CertiFlow.enable)
    def enable(self) -> None: ...

    @_coroutine(CertiFlow.revoke)
    def revoke(self) -> None: ...

    @_coroutine(CertiFlow.withdraw)
    def withdraw(self) -> None: ...

    @_coroutine(CertiFlow.pre_update)
    def pre_update(self) -> None: ...


class AsyncMimCm(_AsyncClient[MimCm]):
    """A client of Microsoft MIM CM (FIM CM) for asyncio and trio: the methods of `MimCm`, as `AsyncCertiFlow` has those
    of `CertiFlow`."""

    def __init__(
        self,
        url: str,
        auth: _Auth = None,
        *,
        status_scheme: Literal["A", "B"] = "B",
        concurrency: int = 16,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._start(MimCm(url, auth, status_scheme=status_scheme, **options), concurrency)

    @classmethod
    def from_environment(
        cls, *, status_scheme: Literal["A", "B"] = "B", concurrency: int = 16, **options: Unpack[ClientOptions]
    ) -> Self:
        """A client by the environment, as `MimCm.from_environment`.

        Raises:
            ConfigError: a setting is missing.
        """
        return cls.__new__(cls)._start(MimCm.from_environment(status_scheme=status_scheme, **options), concurrency)

    @classmethod
    def from_profile(
        cls,
        name: str,
        *,
        config: str | os.PathLike[str] | None = None,
        status_scheme: Literal["A", "B"] = "B",
        concurrency: int = 16,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """A client by a profile, as `MimCm.from_profile`.

        Raises:
            ConfigError: there is no such profile, or the file holds what it should not; with its line.
        """
        client = MimCm.from_profile(name, config=config, status_scheme=status_scheme, **options)
        return cls.__new__(cls)._start(client, concurrency)

    @_listing(MimCm.cards, AsyncCards[Smartcard], "AsyncCards[Smartcard]")
    def cards(self) -> None: ...

    @_coroutine(MimCm.card)
    def card(self) -> None: ...

    @_coroutine(MimCm.find)
    def find(self) -> None: ...

    @_coroutine(MimCm.reinstate)
    def reinstate(self) -> None: ...

    @_coroutine(MimCm.revoke)
    def revoke(self) -> None: ...

    @_coroutine(MimCm.retire)
    def retire(self) -> None: ...

    @_coroutine(MimCm.request)
    def request(self) -> None: ...

    @_coroutine(MimCm.requests)
    def requests(self) -> None: ...

    @_coroutine(MimCm.follow)
    def follow(self) -> None: ...

    @_coroutine(MimCm.go_on)
    def go_on(self) -> None: ...


class AsyncOwnServer:
    """`OwnServer` for asyncio and trio; `own_server()` of an asynchronous client makes it."""

    def __init__(self, client: _AsyncClient[Any]) -> None:
        # Whether there may be one is said at once.
        OwnServer(client._client)
        self._asked = client
        self._threads = client._threads

    def _one_call(self) -> tuple[OwnServer, Callable[[], object]]:
        client, stop = self._asked._one_call()
        return OwnServer(client), stop

    def __repr__(self) -> str:
        return f"<{type(self).__name__} beside {self._asked.url}>"

    @_listing(OwnServer.audit, _rows, "AsyncList[AuditRow]")
    def audit(self) -> None: ...

    @_coroutine(OwnServer.audit_page)
    def audit_page(self) -> None: ...

    @_coroutine(OwnServer.history)
    def history(self) -> None: ...

    @_coroutine(OwnServer.requests)
    def requests(self) -> None: ...

    @_coroutine(OwnServer.approve)
    def approve(self) -> None: ...

    @_coroutine(OwnServer.deny)
    def deny(self) -> None: ...

    @_coroutine(OwnServer.accounts)
    def accounts(self) -> None: ...

    @_coroutine(OwnServer.roles)
    def roles(self) -> None: ...

    @_coroutine(OwnServer.put_account)
    def put_account(self) -> None: ...

