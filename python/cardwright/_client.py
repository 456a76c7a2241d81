"""What the clients of all systems have in common."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, NoReturn, TypedDict, TypeVar, Union, cast

from . import _arguments, _auth, _cardwright
from ._enums import Code, System
from ._own import OwnServer
from .errors import Unconfirmed

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._auth import Auth, ClientCertificate
    from ._bulk import BulkOptions
    from ._cardwright import Answer, Bulk, Card, DoctorCheck, Explanation, Outcome, PlannedRequest, Recording, Verdict
    from ._enums import Dialect, Operation, OperationWord, RevocationReason, RevocationReasonWord
    from ._given import _Cards
    from .readers import Identity

    _Auth = Union[Auth, tuple[str, str], None]


_Card = TypeVar("_Card", bound="Card")

class Allowed:
    """An operation that may be done with a card."""

    __slots__ = ("by_server", "operation", "verdict", "word")

    word: str
    """The system's own word for it."""
    operation: Operation | None
    """The operation, where this library can do it."""
    verdict: Verdict | None
    """What the tables say; `None` where the state or the operation is not known."""
    by_server: bool
    """Whether the server itself listed it."""

    def __init__(self, word: str, operation: Operation | None, verdict: Verdict | None, by_server: bool) -> None:
        self.word = word
        self.operation = operation
        self.verdict = verdict
        self.by_server = by_server

    def __repr__(self) -> str:
        by = "the server" if self.by_server else "the tables"
        return f"<Allowed {self.word} by {by}>"


class ClientOptions(TypedDict, total=False):
    """What may be set for a client, by name; all have defaults."""

    check: Literal["warn", "strict", "off"]
    """What stops an operation that the tables do not allow: `"warn"` only what is documented, `"strict"` also what is
    assumed, `"off"` nothing. Default: `"warn"`."""
    verify: Literal["always", "never"]
    """Whether a card is read again after an operation. `"never"` takes the server's word, and the result is `"accepted"`.
    Default: `"always"`."""
    settle: float
    """How many seconds a card is read again after an operation that it does not show yet. Default: 5."""
    timeout: float
    """How many seconds to wait for an answer to begin. Default: 60."""
    connect_timeout: float
    """How many seconds a connection may take, TLS included. Default: 10."""
    idle_timeout: float
    """How many seconds to wait for the next piece of an answer. Default: 30."""
    total_timeout: float
    """How many seconds a call may take in total, repetitions included; each page of a list is a call. Default: 300, or the sum
    of the three before if all of them are given, or if it is longer."""
    list_timeout: float
    """How many seconds the server may be waited for over a whole list. Default: 3600."""
    attempts: int
    """How often a request is sent at most, the first time included, that may be repeated without harm. Default: 3."""
    longest_wait: float
    """The longest wait in seconds between two attempts that is the client's own choice. Default: 5."""
    longest_asked: float
    """The longest wait in seconds that a server may ask for by `Retry-After`. Default: 60."""
    proxy: str | bool | Mapping[str, str | None]
    """An address, `True` for what the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on), `False` for none. Or as
    `requests` has it, `{"https": "http://proxy.example.com:3128"}`: the one for the address's scheme counts, or `"all"`;
    `None` there is none. A dictionary without either is a `ConfigError`, as nothing goes past a proxy that is named.
    Default: `True`."""
    ca: str | bytes | os.PathLike[str] | None
    """Certificates in PEM, or a file of them, that are trusted too. Default: none."""
    tls: Literal["rustls", "system"]
    """The library that does TLS: `"rustls"` is built in; `"system"` is OpenSSL, which must be installed, for older servers (CBC,
    RSA key exchange, P-521, client certificates that are asked for after the handshake). Default: `"rustls"`."""
    certificate: ClientCertificate | None
    """What the client shows where the server asks for a certificate. Default: nothing."""
    system_trust: bool
    """Whether to trust what the operating system trusts. Default: `True`."""
    page_size: int
    """How many cards to ask for at once. Default: as many as the server delivers in a second."""
    trust_filters: Sequence[str]
    """Filters, such as `"userName"`, whose cards are listed although the server's answers contradict them: a warning in the
    log takes the place of the error. Default: none."""
    max_element: int
    """The largest single card or reply, in bytes. Default: 16 MiB."""
    user_agent: str | None
    """What to put before the library's own name in `User-Agent`: `"Kiosk/2.1"`, in characters of ASCII. Default: nothing."""


class _Sources(NamedTuple):
    """Where a client's settings are gathered, in place of an address."""

    profile: str | None
    """The profile that is named; `None` where the environment may name one."""
    config: str | None
    """The file that it is in; `None` for the one that the environment names, or its usual place."""


def _proxies(name: str, value: object) -> str | bool | list[tuple[str, str | None]]:
    if isinstance(value, Mapping):
        return [
            (_arguments.text(f"{name} (a name in it)", scheme), _arguments.optional_text(f"{name}[{scheme!r}]", address))
            for scheme, address in value.items()
        ]
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        _arguments.wrong(name, "str, bool or a dictionary of them", value)
    return _arguments.text(name, value)


def _pem(name: str, value: object) -> bytes | None:
    return None if value is None else _auth.pem(name, value)


def _certificate(name: str, value: object) -> tuple[bytes, bytes | None, str | None] | None:
    if value is None:
        return None
    if not isinstance(value, _auth.ClientCertificate):
        _arguments.wrong(name, "a ClientCertificate", value)
    return value._settings()


def _largest(name: str, value: object) -> int:
    return _arguments.count(name, value, (1 << 63) - 1)


_OPTIONS: dict[str, Callable[[str, Any], Any]] = {
    "check": _arguments.text,
    "verify": _arguments.text,
    "settle": _arguments.number,
    "timeout": _arguments.number,
    "connect_timeout": _arguments.number,
    "idle_timeout": _arguments.number,
    "total_timeout": _arguments.number,
    "list_timeout": _arguments.number,
    "attempts": _arguments.count,
    "longest_wait": _arguments.number,
    "longest_asked": _arguments.number,
    "proxy": _proxies,
    "ca": _pem,
    "tls": _arguments.text,
    "certificate": _certificate,
    "system_trust": _arguments.flag,
    "page_size": _arguments.count,
    "trust_filters": _arguments.texts,
    "max_element": _largest,
    "user_agent": _arguments.text,
}
"""What makes of each option what the extension takes."""

_NOTHING = ("ca", "certificate")
"""The options for which `None` is a value, instead of what the environment says; for all others it is the default."""


class _Client(Generic[_Card]):
    """A client of any system; the classes of the systems add their own calls."""

    _system: System

    def __init__(
        self, url: str, auth: _Auth = None, own: Mapping[str, Any] | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        if unknown := options.keys() - _OPTIONS.keys():
            raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {min(unknown)!r}")
        sources = url if isinstance(url, _Sources) else None
        settings: dict[str, Any] = {
            **(own or {}),
            "url": None if sources else _arguments.text("url", url),
            "auth": _auth.settings_of(auth),
            "sources": sources,
        }
        for name, value in options.items():
            if value is not None or name in _NOTHING:
                settings[name] = _OPTIONS[name](name, value)
        self._client = _cardwright.Client(self._system, settings)
        self._url = self._client.url if sources else url

    @property
    def url(self) -> str:
        """The base of the API."""
        return self._url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} has connections and a password, and is not pickled: "
            "pickle its address, and make a client of its own in each process"
        )

    def cancel(self) -> None:
        """Stops the client for good, from any thread: calls that wait for the server end at once with `Canceled`."""
        self._client.cancel()

    def record(self, path: str | os.PathLike[str]) -> Recording:
        """Begins a recording of what is sent and answered, into a new file, until its `close()` or the end of its `with`.

        It is the one that the command's `--record` writes: a line of JSON for each request, in which names, serial numbers,
        ids and hosts have stand-ins, and which has no password, no token and no cookie. It is of all threads, bulk runs
        included, and of requests that have begun and ended meanwhile; a process that is forked off records nothing.

            >>> import cardwright, tempfile, pathlib
            >>> path = pathlib.Path(tempfile.mkdtemp()) / "to-show.ndjson"
            >>> with cardwright.Server(seed=1, cards=5) as server, server.certiflow() as cm:
            ...     with cm.record(path):
            ...         card = cm.card("1002")
            >>> len(path.read_text().splitlines())
            2

        Raises:
            FileExistsError: the file is there already: a recording never replaces anything.
            OSError: it cannot be written. At the end, too, where it is not whole.
        """
        return self._client.record(_arguments.file("path", path))

    def explain(self) -> Explanation:
        """How the last sign-in went: what the server offered, what was tried, what was chosen; without secrets."""
        return self._client.explain()

    def doctor(self, *, limit: float = 300.0) -> list[DoctorCheck]:
        """Examines the server without changing anything, as the command `cardwright doctor` does: proxy, name, connection,
        TLS, token, sign-in, base, privileges, filters, generation and clock, as far as it comes within `limit` seconds.

        What is wrong with the server is a check whose `level` is `"fail"`, with the `next` step, and no exception.

            >>> import cardwright
            >>> with cardwright.Server(seed=1, cards=5) as server, server.certiflow() as cm:
            ...     [check.level for check in cm.doctor() if check.name == "sign-in"]
            ['ok']
        """
        return self._client.doctor(_arguments.number("limit", limit))

    def own_server(self) -> OwnServer:
        """What the server has besides this API, where it is one of `cardwright serve`. Nothing is sent.

        Raises:
            NotSupported: the base of this API is none that such a server has.
        """
        return OwnServer(self)

    def raw(self, method: str, path: str, body: str | None = None) -> Answer:
        """Sends a request that this library has no method for: a path below the API's base, and a body of JSON.

        `method` is GET, POST or PUT. It signs in and has time limits as all requests do; it is sent once, and the answer
        is returned as it is, whatever its status.

        Raises:
            NetworkError, NetworkTimeout: no answer came.
        """
        return self._client.raw(
            _arguments.text("method", method).upper(), _arguments.line("path", path), _arguments.optional_text("body", body)
        )

    def plan(self, card: Card | str, operation: Operation | OperationWord, *,
             reason: RevocationReason | RevocationReasonWord | None = None, comment: str = "") -> list[PlannedRequest]:
        """The requests that an operation would send; nothing is sent, not even to find out whether there is a card with an
        id.

        Raises:
            NotSupported: the system or its dialect lacks it.
        """
        return self._client.plan(
            _card("card", card), operation, reason, _arguments.text("comment", comment)
        )

    def operate(self, card: Card | str, operation: Operation | OperationWord, *,
                reason: RevocationReason | RevocationReasonWord | None = None, comment: str = "") -> Outcome[_Card]:
        """Does an operation, by its neutral or the system's own word, to a card, or to the card with an id, which is read
        first.

        Ctrl-C ends the wait, not the operation: look at the card again before you repeat it.

        Raises:
            NotAllowed: it was not sent, as the card's state documents that it cannot be done.
            OutcomeUnknown: the answer was lost, and the card, read again, does not tell.
            AnswerError: the server refuses.
            NotFound: there is no card with this id.
        """
        return self._client.operate(
            _card("card", card), operation, reason, _arguments.text("comment", comment)
        )

    def bulk(self, cards: _Cards, operation: Operation | OperationWord, **options: Unpack[BulkOptions]) -> Bulk:
        """Does an operation to many cards, and returns the result for each: `cardwright.bulk()` with this client.

            >>> import cardwright
            >>> with cardwright.Server(seed=1, cards=50) as server, server.certiflow() as cm:
            ...     cm.bulk([1013, 1065], "Disable").counts
            <Counts 2 done>

        Raises:
            CardwrightError: as `cardwright.bulk()`.
        """
        from ._bulk import bulk

        return bulk(cards, operation, client=self, **options)

    def find(self, serial: str | Identity, *, accept_weaker: bool = False) -> _Card | None:
        """The card with this serial number, in any spelling that means the same bytes, or `None`.

        MIM CM looks cards up by a GUID alone: for a Base CSP card, the id that the card carries. For a card in a reader,
        `serial` is the result of `session.identify()`: its strongest identifier is looked up, in each spelling in which
        the system may have stored it. If only a weaker one finds a record, that may be another card's: this raises
        `Unconfirmed`, whose text has the evidence for a person. `accept_weaker=True` returns such a record, for a program
        that has asked. A record with another ATR than the card's is a warning.

        Raises:
            AnswerError: two cards have it; it is not for a program to choose between them.
            InputError: MIM CM is asked for what is no GUID.
            Unconfirmed: only a weaker identifier of the card finds a record.
        """
        card: _Card | None
        if isinstance(serial, str):
            with _arguments.about("serial"):
                card = self._client.find(_arguments.text("serial", serial))
            return card
        if not hasattr(serial, "guesses"):
            _arguments.wrong("serial", "str, or what session.identify() returned", serial)
        _arguments.flag("accept_weaker", accept_weaker)
        guesses = [(guess.spelling, guess.source, guess.evidence) for guess in serial.guesses(self._system)]
        card, other_atr, question = self._client.find_by(guesses, serial.atr)
        if question is not None and not accept_weaker:
            raise Unconfirmed(question, Code.Unconfirmed, card=card)
        if card is not None and other_atr is not None:
            warnings.warn(f"the record {card.id} has another ATR than the card: {other_atr}", stacklevel=2)
        return card

    def operations(self, card: Card) -> list[Allowed]:
        """What may be done with a card: as the server lists it in MIM CM, as the tables have it in CertiFlow."""
        if not isinstance(card, _cardwright.Card):
            _arguments.wrong("card", "a record of a card", card)
        return [Allowed(*listed) for listed in self._client.operations(card)]


def _card(name: str, card: Card | str) -> Card | str:
    """A record of a card, or an id."""
    if isinstance(card, _cardwright.Card):
        return card
    if not isinstance(card, str):
        _arguments.wrong(name, "a record of a card, or its id as str", card)
    return _arguments.filled(name, card)


def _gathered(profile: str | None, config: str | os.PathLike[str] | None) -> str:
    """What stands in place of an address where that is gathered too."""
    return cast("str", _Sources(profile, None if config is None else _arguments.file("config", config)))


def _query(**given: str | int | list[str] | None) -> list[tuple[str, str]]:
    """Parameters that were given, a pair for each value."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return [(name, str(value)) for name, values in lists.items() for value in values if value is not None]
