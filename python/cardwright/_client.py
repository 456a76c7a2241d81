"""What the clients of all systems have in common."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypedDict, TypeVar, Union

from . import _auth, _cardwright
from ._enums import Code, Operation, RevocationReason, System
from ._own import OwnServer
from .errors import ConfigError, Unconfirmed, _count

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from cardwright_reader import Identity

    from ._auth import Auth, ClientCertificate
    from ._cardwright import Answer, Card, DoctorCheck, Explanation, Outcome, PlannedRequest, Verdict

    _Auth = Union[Auth, tuple[str, str], None]


_Card = TypeVar("_Card", bound="Card")

_COUNTS = {"attempts": 0xFFFF_FFFF, "page_size": 0xFFFF_FFFF, "max_element": (1 << 63) - 1}
"""The options that count something, and the most that each may be."""


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
    proxy: str | bool
    """An address, `True` for what the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on), `False` for none.
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
    """What to put before the library's own name in `User-Agent`. Default: nothing."""


class _Client(Generic[_Card]):
    """A client of any system; the classes of the systems add their own calls."""

    _system: System

    def __init__(
        self, url: str, auth: _Auth = None, own: Mapping[str, Any] | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        if unknown := options.keys() - ClientOptions.__annotations__.keys():
            raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {min(unknown)!r}")
        settings: dict[str, Any] = {**options, **(own or {}), "url": url, "auth": _auth.settings_of(auth)}
        for name, most in _COUNTS.items():
            if name in settings:
                _count(name, settings[name], most)
        proxy, ca, certificate = options.get("proxy", True), options.get("ca"), options.get("certificate")
        if ca is not None and not isinstance(ca, bytes):
            with open(ca, "rb") as file:
                ca = file.read()
        settings["proxy"] = proxy if isinstance(proxy, str) else None if proxy else ""
        settings["ca"] = ca
        settings["certificate"] = None if certificate is None else certificate._settings()
        self._client = _cardwright.Client(self._system, settings)
        self._url = url

    @classmethod
    def from_environment(cls, **options: Unpack[ClientOptions]) -> Self:
        """A client by the environment, read as the command reads it: `CARDWRIGHT_URL`, and how to sign in.

        `CARDWRIGHT_AUTH` is `auto`, `none`, `oidc`, or the schemes that may be used, of `negotiate`, `ntlm`, `basic`. The
        client signs in by tokens where `CARDWRIGHT_ISSUER` names an issuer (with `CARDWRIGHT_CLIENT_ID` and
        `CARDWRIGHT_CLIENT_SECRET`), else by `CARDWRIGHT_USER` and `CARDWRIGHT_PASSWORD`, else, with `negotiate`, by the
        Kerberos ticket at hand. `CARDWRIGHT_CA`, `CARDWRIGHT_CLIENT_CERT` and `CARDWRIGHT_CLIENT_KEY` are files,
        `CARDWRIGHT_CLIENT_KEY_PASSWORD` is that key's password, and `CARDWRIGHT_TLS` the library for TLS; options take
        precedence over them. There is no prompt, and only the command reads profiles. `cardwright serve` prints the
        variables for its own server.

        Raises:
            ConfigError: one of them is missing.
        """
        url, dialect = _by_environment(options)
        if dialect is not None:
            raise ConfigError(f"CARDWRIGHT_DIALECT is set, and {cls.__name__} has no dialects", Code.Setting)
        return cls(url, _auth.from_environment(), **options)

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
        return self._client.doctor(limit)

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
        return self._client.raw(method.upper(), path, body)

    def plan(self, card: Card | str, operation: Operation | str, *, reason: RevocationReason | str | None = None,
             comment: str = "") -> list[PlannedRequest]:
        """The requests that an operation would send; nothing is sent, not even to find out whether there is a card with an
        id.

        Raises:
            NotSupported: the system or its dialect lacks it.
        """
        return self._client.plan(card, self._operation(operation), _reason(reason), comment)

    def operate(self, card: Card | str, operation: Operation | str, *, reason: RevocationReason | str | None = None,
                comment: str = "") -> Outcome[_Card]:
        """Does an operation, by its neutral or the system's own word, to a card, or to the card with an id, which is read
        first.

        Ctrl-C ends the wait, not the operation: look at the card again before you repeat it.

        Raises:
            NotAllowed: it was not sent, as the card's state documents that it cannot be done.
            OutcomeUnknown: the answer was lost, and the card, read again, does not tell.
            AnswerError: the server refuses.
            NotFound: there is no card with this id.
        """
        return self._client.operate(card, self._operation(operation), _reason(reason), comment)

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
            card = self._client.find(serial)
            return card
        guesses = [(guess.spelling, int(guess.source), int(guess.evidence)) for guess in serial.guesses(self._system)]
        card, other_atr, question = self._client.find_by(guesses, serial.atr)
        if question is not None and not accept_weaker:
            raise Unconfirmed(question, Code.Unconfirmed, card=card)
        if card is not None and other_atr is not None:
            warnings.warn(f"the record {card.id} has another ATR than the card: {other_atr}", stacklevel=2)
        return card

    def _operation(self, operation: Operation | str) -> Operation:
        if isinstance(operation, Operation):
            return operation
        return Operation(_cardwright.operation(self._system, operation))

    def operations(self, card: Card) -> list[Allowed]:
        """What may be done with a card: as the server lists it in MIM CM, as the tables have it in CertiFlow."""
        return [Allowed(*listed) for listed in self._client.operations(card)]


def _by_environment(options: ClientOptions) -> tuple[str, int | None]:
    """The address and the dialect in the environment; options that are not given are set as it says."""
    url, dialect, ca, certificate, key, password, tls = _cardwright._environment()
    options.setdefault("tls", tls)
    if "ca" not in options and ca is not None:
        options["ca"] = ca
    if "certificate" not in options and certificate is not None:
        options["certificate"] = _auth.ClientCertificate(certificate, key, password)
    return url, dialect


def _reason(reason: RevocationReason | str | None) -> RevocationReason | None:
    return None if reason is None else RevocationReason.of(reason)


def _query(**given: str | int | list[str] | None) -> list[tuple[str, str]]:
    """Parameters that were given, a pair for each value."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return [(name, str(value)) for name, values in lists.items() for value in values if value is not None]
