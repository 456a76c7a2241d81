"""What can go wrong.

All are `CardwrightError`. Each has a number of its own, `.code`, which is the same in Rust, C and Python;
its hundreds are the band, and the band gives the class. Some are also what Python calls such a thing:
`TimeoutError`, `PermissionError`, `LookupError`, `ConnectionError`, `ValueError`.

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

    code: Code
    """The number of the error."""
    status: int | None
    """The HTTP status of the server's answer, where there was one."""
    attempts: int
    """How often the request was sent; 0 where nothing was sent."""
    card: Card | None
    """The card that it is about, as it was, or as it is now in `OutcomeUnknown`."""
    identity: Identity | None
    """What the card in a reader had told of itself when `Session.identify` was cut short; it may have more to tell."""
    legal: tuple[Operation, ...]
    """What the tables allow in the card's state, for `NotAllowed`."""
    request: str | None
    """The id of the request of MIM CM that it is about."""
    outcome: Literal["refused", "not sent", "unknown"] | None
    """How an operation ended, where it is about one that was begun."""

    def __init__(self, message: str, code: Code = Code.Internal, **facts: Any) -> None:
        super().__init__(message)
        self.code = Code(code)
        self.status = facts.get("status")
        self.attempts = facts.get("attempts", 0)
        self.card = facts.get("card")
        self.identity = facts.get("identity")
        self.legal = tuple(facts.get("legal", ()))
        self.request = facts.get("request")
        self.outcome = facts.get("outcome")

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
    """No answer came: the server cannot be reached, or the connection broke."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Unreachable, Code.Broken})


class NetworkTimeout(CardwrightError, TimeoutError):
    """No answer came in time."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Timeout})


class TLSError(CardwrightError, ConnectionError):
    """No trust in the server's certificate, or no common TLS."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Tls})


class ConfigError(CardwrightError, ValueError):
    """The client was set up with what cannot be used."""

    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.Address, Code.Certificate, Code.Key, Code.Proxy, Code.Header, Code.Setting}
    )


class Canceled(CardwrightError):
    """The client was told to stop."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Canceled})


class AnswerError(CardwrightError):
    """The server's answer. `.status` is its HTTP status, and the text has the server's own words."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Refused, Code.BadRequest, Code.ServerFailed, Code.Unreadable, Code.Busy, Code.Unexpected})


class WrongDialect(AnswerError):
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
    """The server does not accept the sign-in."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.SignIn})


class Forbidden(AnswerError, PermissionError):
    """The account may not do this."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Forbidden})


class NotFound(AnswerError, LookupError):
    """The server has no such card, request or address."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.NotFound})


class RequestEnded(AnswerError):
    """A request of MIM CM was denied, canceled or failed."""

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
    """A fault of Cardwright itself."""

    codes: ClassVar[frozenset[Code]] = frozenset({Code.Internal})


def _classes() -> dict[Code, type[CardwrightError]]:
    found: dict[Code, type[CardwrightError]] = {}
    for value in globals().values():
        if isinstance(value, type) and issubclass(value, CardwrightError):
            found.update(dict.fromkeys(value.codes, value))
    return found


_CLASSES = _classes()


def _make(code: int, message: str, **facts: Any) -> CardwrightError:
    """The exception for an error of the extension."""
    known = Code(code)
    kind = _CLASSES.get(known, InternalError)
    if facts.get("outcome") == "unknown":
        kind = OutcomeUnknown
    elif facts.get("dialect") is not None:
        kind = WrongDialect
    return kind(message, known, **facts)


def _unknown(message: str) -> CardwrightError:
    """The exception for a value that no enumeration has."""
    return _make(Code.UnknownValue, message)


def _count(name: str, number: int, most: int = 0xFFFF_FFFF) -> int:
    """A number that counts something."""
    if not 0 <= number <= most:
        raise InputError(f"{name} must be from 0 to {most}, not {number}", Code.Argument)
    return number


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
