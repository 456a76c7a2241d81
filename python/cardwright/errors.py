"""What can go wrong.

All are `CardwrightError`. Each has a number of its own, `.code`, which is the same in Rust, C and Python. The class says
what a program does about it:

- `NotSent`: nothing reached the server, so nothing was done. `ProxyError`, `ConnectTimeout` and `HandshakeError` are such.
- `OutcomeUnknown`: the operation may have been carried out. Look at the card before it is repeated.
- `AnswerError`: the server answered, and not what was asked for: `SignInFailed`, `Forbidden`, `NotFound`, `Refused`,
  `Conflict`, `Unexpected`.
- `ConfigError`, `InputError`, `MissingArgument`: a setting or an argument is wrong; they are `ValueError`s. A value of a
  wrong type is Python's own `TypeError`.

Some are also what Python calls such a thing: `TimeoutError`, `PermissionError`, `LookupError`, `ConnectionError`. What helps
next, where it is known, stands in `__notes__`, which a traceback shows from Python 3.11 on.

    >>> import cardwright
    >>> try:
    ...     cardwright.Atr("3B 02")
    ... except cardwright.CardwrightError as error:
    ...     print(error.code.name, error)
    Short the input ends too early: historical bytes, at byte 5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._enums import Code, Dialect, Operation

if TYPE_CHECKING:
    from ._cardwright import Bulk, Card
    from .readers import Identity


class CardwrightError(Exception):
    """What went wrong, in one line for people, and what a program needs to know of it."""

    codes: ClassVar[frozenset[Code]] = frozenset()
    """The numbers that are this class."""

    __notes__: list[str]
    """What helps next, where that is known (PEP 678)."""
    code: Code
    """The number of the error."""
    status: int | None
    """The HTTP status of the server's answer, where there was one."""
    attempts: int
    """How often the request was tried; 0 where it was not, or the number is not known."""
    sent: bool | None
    """Whether the request may have reached the server: `False` only where it is certain that it has not; `None` where the
    error is not about a request."""
    card: Card | None
    """The card that it is about, as it was, or as it is now in `OutcomeUnknown`."""
    identity: Identity | None
    """What the card in a reader had told of itself when `Session.identify` was cut short; it may have more to tell."""
    legal: tuple[Operation, ...]
    """What may be done with the card instead, as the tables or the server say it; for `NotAllowed` and `Refused`."""
    request: str | None
    """The id of the request of MIM CM that it is about."""
    outcome: Literal["refused", "not sent", "unknown"] | None
    """How an operation ended, where it is about one that was begun."""

    def __init__(self, message: str, code: Code = Code.Internal, **facts: Any) -> None:
        super().__init__(message)
        self.code = Code(code)
        self.status = facts.get("status")
        self.attempts = facts.get("attempts", 0)
        self.sent = facts.get("sent")
        self.card = facts.get("card")
        self.identity = facts.get("identity")
        self.legal = tuple(facts.get("legal", ()))
        self.request = facts.get("request")
        self.outcome = facts.get("outcome")
        if hint := facts.get("hint"):
            # What `add_note` does, which came with Python 3.11.
            self.__notes__ = [hint]

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.code), self.__dict__)


class InputError(CardwrightError, ValueError):
    """A text or bytes that are not what they should be, or an argument that is not taken."""

    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.Short, Code.Hex, Code.HexOdd, Code.Ts, Code.Guid, Code.Serial, Code.Room, Code.Unwritable, Code.Argument}
    )


class OperationError(CardwrightError):
    """What cannot be done with this card, in this system, in this dialect."""


class NotAllowed(OperationError):
    """The operation was not sent: it is not allowed in the card's state. `.legal` are those that are."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NotAllowed})


class NotSupported(OperationError):
    """The system or its dialect has no such operation, call, parameter or reason."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NoSuchOperation, Code.NoSuchCall, Code.NoSuchParameter, Code.NoSuchReason})


class Unconfirmed(OperationError):
    """The record may be another card's: only a weaker identifier of the card in the reader found it, after a stronger one
    had found nothing. The text has the evidence, and `.card` is the record: show both to a person, and ask.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Unconfirmed})


class MissingArgument(OperationError, ValueError):
    """A reason or parameter is missing, or its value is not known."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.ReasonNeeded, Code.UnknownValue, Code.ParameterNeeded})


class JSONError(CardwrightError, ValueError):
    """A document that is not JSON, or not of the form that it should have."""

    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.JsonEnd,
            Code.JsonSyntax,
            Code.JsonEscape,
            Code.JsonControl,
            Code.JsonNumber,
            Code.JsonDepth,
            Code.JsonType,
            Code.JsonUtf8,
            Code.JsonTrailing,
            Code.JsonMissing,
        }
    )


class ReaderError(CardwrightError):
    """The reader, the card in it or the system's smart-card service."""

    codes: ClassVar[frozenset[Code]] = frozenset(
        {
            Code.CardReset, Code.CardBusy, Code.CardMute, Code.NoProtocol, Code.CardAnswer, Code.CardEndless,
            Code.ReaderFailed,
        }
    )


class NoReaderService(ReaderError, ConnectionError):
    """The system's smart-card service (pcscd) does not answer."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NoService})


class NoCard(ReaderError, LookupError):
    """There is no such reader, or no card in it, or it was pulled."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NoReader, Code.NoCard, Code.CardRemoved})


class CardTimeout(ReaderError, TimeoutError):
    """The card or the reader gave no answer in time."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.CardTimeout})


class NetworkError(CardwrightError, ConnectionError):
    """No answer came: the server cannot be reached, or the connection broke. What may be repeated was repeated already;
    `.sent` says whether the server may have got the request. Try again later, or look with `doctor()`.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Unreachable, Code.Broken})


class NetworkTimeout(NetworkError, TimeoutError):
    """No answer came in time. Give the server longer (`timeout=`, `total_timeout=`), or try again later."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Timeout})


class TLSError(NetworkError):
    """No trust in the server's certificate, or no common TLS. The text has the cause: a certificate to trust is given by
    `ca=`, and `tls="system"` knows older servers. Repeating does not help.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Tls})


class NotSent(NetworkError):
    """No byte of the request has reached the server: its name has no address, nobody listens there, TLS or a proxy lets
    nothing pass. Nothing was changed, and the call may be repeated once the cause is gone.
    """


class ConnectTimeout(NotSent, NetworkTimeout):
    """There was no connection in time (`connect_timeout=`), so that nothing was sent."""


class HandshakeError(NotSent, TLSError):
    """The connection could not be secured, so that nothing was sent. The text has the cause, as for every `TLSError`."""


class ProxyError(NotSent):
    """A proxy let nothing pass: it cannot be reached, refuses, or wants a sign-in of its own. Correct `proxy=` or the
    environment (`HTTPS_PROXY`), where user and password of the proxy belong too.
    """


class ProxyHandshakeError(ProxyError, HandshakeError):
    """The connection to a proxy of `https://` could not be secured, so that nothing was sent. `ca=` is for its certificate
    too.
    """


class ConfigError(CardwrightError, ValueError):
    """The client was set up with what cannot be used: an argument, a variable of the environment, a profile. The text names
    it. Nothing was sent.
    """

    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.Address, Code.Certificate, Code.Key, Code.Proxy, Code.Header, Code.Setting}
    )


class Canceled(CardwrightError):
    """The client was told to stop, by `cancel()`. Make another client to go on."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Canceled})


class AnswerError(CardwrightError):
    """The server answered, and does not do what was asked. `.status` is its HTTP status, and the text has the server's own
    words. As it is: the server failed (5xx), or asks to wait longer than the client does (429, 503); try again later.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.ServerFailed, Code.Busy})


class Refused(AnswerError):
    """The server refuses what was asked, and would again: 4xx. `.legal` are the operations that the card allows, where it
    was one.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Refused, Code.BadRequest})


class Conflict(Refused):
    """What was asked does not fit what the server has by now: 409, 412. Somebody else may have changed the card: read it
    again, and decide anew. `.legal` are the operations that it allows.
    """


class Unexpected(AnswerError):
    """The server answered something that was not asked for: a page to sign in, cards that a filter cannot have meant, the
    same page of a list twice. Nothing is done on the strength of such an answer. Is the address that of the API?
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Unreadable, Code.Unexpected})


class WrongDialect(Unexpected):
    """The server speaks another generation of CertiFlow's API than the `dialect` that was given. Nothing was changed.

    `.dialect` is the one to give; the text says from what that is known.
    """

    codes: ClassVar[frozenset[Code]] = frozenset()

    dialect: Dialect
    """The generation that the server speaks."""

    def __init__(self, message: str, code: Code = Code.Unexpected, **facts: Any) -> None:
        super().__init__(message, code, **facts)
        self.dialect = facts.get("dialect", Dialect.G7)


class SignInFailed(AnswerError, PermissionError):
    """The server does not accept the sign-in, or the issuer gives no token. Correct `auth=` before the next attempt: a few
    wrong passwords lock an account. `client.explain()` says what was tried.
    """

    codes: ClassVar[frozenset[Code]] = frozenset({Code.SignIn})


class Forbidden(AnswerError, PermissionError):
    """The account may not do this. An administrator of the server grants it."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Forbidden})


class NotFound(AnswerError, LookupError):
    """The server has no such card, request or address."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NotFound})


class RequestEnded(AnswerError):
    """A request of MIM CM was denied, canceled or failed. The operation was not done; `.request` is the request's id."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.RequestEnded})


class OutcomeUnknown(CardwrightError):
    """An operation may have been carried out, or may still be: the card was read again, and does not tell.

    `.code` says what went wrong, `.card` is the card as it was read last, and `.request` the request of MIM CM that
    is left behind. Look again before you repeat it.
    """


class JournalError(CardwrightError, OSError):
    """The journal of a bulk run cannot be used: it is there already, is of other cards, or cannot be written."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Journal})


class BulkStopped(CardwrightError):
    """A bulk run ended before every card was looked at. The cards that are left stay as they are.

    `.code` and `.status` are those of the error that stopped it, where there was one.
    """

    bulk: Bulk | None
    """The result for each card. It is not pickled."""
    why: str
    """`canary`, `failures`, `unreachable`, `sign-in`, `busy`, `journal` or `canceled`."""

    def __init__(self, message: str, code: Code = Code.Canceled, **facts: Any) -> None:
        super().__init__(message, code, **facts)
        self.bulk = facts.get("bulk")
        self.why = facts.get("why", "")

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.code), {**self.__dict__, "bulk": None})


class InternalError(CardwrightError, RuntimeError):
    """A fault of Cardwright itself. Report it, with the traceback."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Internal})


def _classes() -> dict[Code, type[CardwrightError]]:
    found: dict[Code, type[CardwrightError]] = {}
    for value in globals().values():
        if isinstance(value, type) and issubclass(value, CardwrightError):
            # Its own: a subclass is chosen by its cause.
            found.update(dict.fromkeys(vars(value).get("codes", ()), value))
    return found


_CLASSES = _classes()


def _make(code: int, message: str, **facts: Any) -> CardwrightError:
    """The exception for an error of the extension."""
    known = Code(code)
    return _kind(known, facts)(message, known, **facts)


def _kind(code: Code, facts: dict[str, Any]) -> type[CardwrightError]:
    """The class, by the number of the error and by what is known of its cause."""
    if facts.get("outcome") == "unknown":
        return OutcomeUnknown
    if facts.get("dialect") is not None:
        return WrongDialect
    kind = _CLASSES.get(code, InternalError)
    if issubclass(kind, NetworkError):
        tls = kind is TLSError or bool(facts.get("tls"))
        if facts.get("sent") is not False:
            return TLSError if tls else kind
        if facts.get("proxy"):
            return ProxyHandshakeError if tls else ProxyError
        if tls:
            return HandshakeError
        return ConnectTimeout if kind is NetworkTimeout else NotSent
    if facts.get("no_token") and kind is NotFound:
        return SignInFailed
    if kind is Refused and facts.get("status") in (409, 412):
        return Conflict
    return kind


def _unknown(message: str) -> CardwrightError:
    """The exception for a value that no enumeration has."""
    return _make(Code.UnknownValue, message)


_STOPPED = {
    "canary": "one of the first cards was not done",
    "failures": "too many cards failed",
    "unreachable": "the server cannot be reached",
    "sign-in": "the server does not accept the sign-in",
    "busy": "the server asks for too long a wait",
    "journal": "the journal cannot be written",
    "canceled": "it was canceled",
}


def _stopped(bulk: Bulk, why: str, code: int, message: str, status: int | None) -> BulkStopped:
    """The exception for a bulk run that ended early."""
    said = f"{_STOPPED.get(why, why)} ({message})" if message else _STOPPED.get(why, why)
    return BulkStopped(f"{said}; {bulk.counts.planned} cards are left", Code(code), status=status, bulk=bulk, why=why)
