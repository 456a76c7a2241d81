"""Clients of the two systems."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypedDict, Union

from . import _auth, _cardwright
from ._enums import CardState, ContentExpirationStatus, Dialect, Operation, RevocationReason, System
from .errors import _count

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from cardwright_reader import Identity

    from ._auth import Auth, ClientCertificate
    from ._cardwright import Answer, Card, CardInfo, Cards, Explanation, Outcome, PlannedRequest, Request, Smartcard, Verdict

    _Auth = Union[Auth, tuple[str, str], None]


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
    assumed, `"off"` nothing. `"warn"`."""
    timeout: float
    """How many seconds to wait for an answer to begin. 60."""
    connect_timeout: float
    """How many seconds a connection may take, TLS included. 10."""
    idle_timeout: float
    """How many seconds to wait for the next piece of an answer. 30."""
    attempts: int
    """How often a request is sent at most, the first time included, that may be repeated without harm. 3."""
    longest_wait: float
    """The longest wait in seconds between two attempts that is the client's own choice. 5."""
    longest_asked: float
    """The longest wait in seconds that a server may ask for by `Retry-After`. 60."""
    proxy: str | bool
    """An address, `True` for what the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on), `False` for none."""
    ca: str | bytes | os.PathLike[str] | None
    """Certificates in PEM, or a file of them, that are trusted too."""
    certificate: ClientCertificate | None
    """What the client shows where the server asks for a certificate. Nothing."""
    system_trust: bool
    """Whether to trust what the operating system trusts. `True`."""
    page_size: int
    """How many cards to ask for at once. 500."""
    max_element: int
    """The largest single card or reply, in bytes. 16 MiB."""
    user_agent: str | None
    """What to put before the library's own name in `User-Agent`."""


class _Client:
    """What both clients have."""

    _system: System

    def __init__(
        self,
        url: str,
        auth: _Auth,
        dialect: Dialect = Dialect.G7,
        status_scheme: str = "B",
        *,
        check: str = "warn",
        timeout: float = 60.0,
        connect_timeout: float = 10.0,
        idle_timeout: float = 30.0,
        attempts: int = 3,
        longest_wait: float = 5.0,
        longest_asked: float = 60.0,
        proxy: str | bool = True,
        ca: str | bytes | os.PathLike[str] | None = None,
        certificate: ClientCertificate | None = None,
        system_trust: bool = True,
        page_size: int = 500,
        max_element: int = 16 << 20,
        user_agent: str | None = None,
    ) -> None:
        if ca is not None and not isinstance(ca, bytes):
            with open(ca, "rb") as file:
                ca = file.read()
        self._client = _cardwright.Client(
            self._system,
            {
                "url": url,
                "auth": _auth.settings_of(auth),
                "dialect": dialect,
                "status_scheme": status_scheme,
                "check": check,
                "connect_timeout": connect_timeout,
                "timeout": timeout,
                "idle_timeout": idle_timeout,
                "attempts": _count("attempts", attempts),
                "longest_wait": longest_wait,
                "longest_asked": longest_asked,
                "proxy": proxy if isinstance(proxy, str) else None if proxy else "",
                "ca": ca,
                "certificate": None if certificate is None else (certificate._cert, certificate._key),
                "system_trust": system_trust,
                "page_size": _count("page_size", page_size),
                "max_element": _count("max_element", max_element, (1 << 63) - 1),
                "user_agent": user_agent,
            },
        )
        self._url = url

    @classmethod
    def from_environment(cls, **options: Unpack[ClientOptions]) -> Self:
        """A client by the environment, as the command reads it: `CARDWRIGHT_URL`, and how to sign in.

        `CARDWRIGHT_AUTH` is `auto`, `none`, `oidc`, or of `negotiate`, `ntlm`, `basic` those that may be used. It is by
        tokens where `CARDWRIGHT_ISSUER` names an issuer (with `CARDWRIGHT_CLIENT_ID` and `CARDWRIGHT_CLIENT_SECRET`), else
        by `CARDWRIGHT_USER` and `CARDWRIGHT_PASSWORD`, else, with `negotiate`, by the Kerberos ticket at hand. Also
        `CARDWRIGHT_CA`, `CARDWRIGHT_CLIENT_CERT` and `CARDWRIGHT_CLIENT_KEY`, which are files; an option goes before them.
        Nobody is asked, and profiles are the command's alone. `cardwright serve` prints what its own server needs.

        Raises:
            ConfigError: one of them is missing.
        """
        url, ca, certificate, key = _cardwright._environment()
        if "ca" not in options and ca is not None:
            options["ca"] = ca
        if "certificate" not in options and certificate is not None:
            options["certificate"] = _auth.ClientCertificate(certificate, key)
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
        """Stops the client for good, from any thread: what waits for the server ends at once with `Canceled`."""
        self._client.cancel()

    def explain(self) -> Explanation:
        """How the last sign-in went: what the server offered, what was tried, what was chosen; without secrets."""
        return self._client.explain()

    def raw(self, method: str, path: str, body: str | None = None) -> Answer:
        """Sends what this library has no words for: a path below the API's base, and a body of JSON.

        `method` is GET, POST or PUT. It signs in and has time limits as everything else; it is sent once, and the
        answer comes as it is, whatever its status.

        Raises:
            NetworkError, NetworkTimeout: no answer came.
        """
        return self._client.raw(method.upper(), path, body)

    def plan(self, card: Card, operation: Operation | str, *, reason: RevocationReason | str | None = None,
             comment: str = "") -> list[PlannedRequest]:
        """The requests that an operation would send; nothing is sent.

        Raises:
            NotSupported: the system or its dialect lacks it.
        """
        return self._client.plan(card, self._operation(operation), _reason(reason), comment)

    def operate(self, card: Card, operation: Operation | str, *, reason: RevocationReason | str | None = None,
                comment: str = "") -> Outcome:
        """Does an operation, by its neutral or the system's own word, to a card.

        Ctrl-C ends the wait, not the operation: look at the card again before you repeat it.

        Raises:
            NotAllowed: it was not sent, as the card's state documents that it cannot be done.
            OutcomeUnknown: the answer was lost, and the card, read again, does not tell.
            AnswerError: the server refuses.
        """
        return self._client.operate(card, self._operation(operation), _reason(reason), comment)

    def _find(self, serial: str | Identity) -> Any:
        if isinstance(serial, str):
            card, _ = self._client.find([serial])
            return card
        spellings = [guess.spelling for guess in serial.guesses(self._system)]
        card, other_atr = self._client.find(spellings, serial.atr)
        if card is not None and other_atr is not None:
            warnings.warn(f"the record {card.id} has another ATR than the card: {other_atr}", stacklevel=3)
        return card

    def _operation(self, operation: Operation | str) -> Operation:
        if isinstance(operation, Operation):
            return operation
        return Operation(_cardwright.operation(self._system, operation))

    def operations(self, card: Card) -> list[Allowed]:
        """What may be done with a card: as the server lists it in MIM CM, as the tables have it in CertiFlow."""
        return [Allowed(*listed) for listed in self._client.operations(card)]


def _reason(reason: RevocationReason | str | None) -> RevocationReason | None:
    return None if reason is None else RevocationReason.of(reason)


def _when(when: date | datetime | str | None) -> str | None:
    return when.isoformat() if isinstance(when, date) else when


def _query(**given: str | int | list[str] | None) -> list[tuple[str, str]]:
    """Parameters that were given, a pair for each value."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return [(name, str(value)) for name, values in lists.items() for value in values if value is not None]


class CertiFlow(_Client):
    """A client of Axidian CertiFlow (Indeed CM).

    `url` is the API's base, such as `https://cm.example.com/certiflow/api`. `auth` is how to sign in:
    `Negotiate`, `Ntlm`, `SignIn` for the strongest that the server offers, `Basic` or `(user, password)`, `Bearer`, `Oidc`,
    `DeviceCode`, or `None`. It may be used by many threads at once; each waits without the interpreter.

    What else may be set stands in `ClientOptions`; `dialect` is what the server speaks.

    Raises:
        ConfigError: an address that cannot be used.
        InputError: another argument that is not taken.
    """

    _system = System.CertiFlow

    def __init__(
        self, url: str, auth: _Auth = None, *, dialect: Dialect | str = Dialect.G7, **options: Unpack[ClientOptions]
    ) -> None:
        super().__init__(url, auth, Dialect.of(dialect), **options)

    def cards(
        self,
        *,
        state: CardState | str | None = None,
        tags: Iterable[str] = (),
        serial: str | None = None,
        user: str | None = None,
        card_type: str | None = None,
        card_model: str | None = None,
        comment: str | None = None,
        policy: str | None = None,
        expiring: ContentExpirationStatus | str | None = None,
        issued: date | str | None = None,
        updated: date | str | None = None,
        revoked: date | str | None = None,
        offset: int | None = None,
        count: int | None = None,
    ) -> Cards[CardInfo]:
        """The cards that a query finds: a lazy iterator that reads page by page.

        `offset` and `count` bound the whole list. `expiring` is whether the card's certificates expire; the three
        times are dates (ISO 8601), of which the vendor does not say whether they are a lower bound.

        Raises:
            NotSupported: the dialect lacks the filter; before anything is sent.
        """
        asked = _query(
            offset=None if offset is None else _count("offset", offset),
            count=None if count is None else _count("count", count),
            serial_number=serial,
            user_name=user,
            card_type_name=card_type,
            card_model_name=card_model,
            comment=comment,
            tags=[tags] if isinstance(tags, str) else list(tags),
            policy_name=policy,
            state=None if state is None else CardState.of(state).name,
            content_expiration_status=None if expiring is None else ContentExpirationStatus.of(expiring).name,
            time_issued=_when(issued),
            time_updated=_when(updated),
            time_revoked=_when(revoked),
        )
        return self._client.cards(asked)

    def card(self, id: str | int) -> CardInfo | None:
        """The card with this id, or `None`."""
        card: CardInfo | None = self._client.card(str(id))
        return card

    def find(self, serial: str | Identity) -> CardInfo | None:
        """The card with this serial number, in any spelling that means the same bytes, or `None`.

        Of a card in a reader, `serial` is what `session.identify()` gave: each spelling is tried in which CertiFlow
        may have stored it. A record with another ATR than the card's is a warning.

        Raises:
            AnswerError: two cards have it; it is not for a program to choose between them.
        """
        card: CardInfo | None = self._find(serial)
        return card

    def card_of(self, user: str, key: str) -> CardInfo | None:
        """The card of a user with this id or serial number, or `None`. In dialect G1 there is no other way."""
        card: CardInfo | None = self._client.card_of(user, key)
        return card

    def revoke(self, card: CardInfo, reason: RevocationReason | str) -> Outcome:
        """Ends a card for good. As `operate`."""
        return self.operate(card, Operation.Revoke, reason=reason)

    def disable(self, card: CardInfo) -> Outcome:
        """Puts a card on hold. As `operate`."""
        return self.operate(card, Operation.Suspend)

    def enable(self, card: CardInfo) -> Outcome:
        """Lifts the hold. As `operate`."""
        return self.operate(card, Operation.Resume)

    def pre_update(self, card: CardInfo) -> Outcome:
        """Revokes the certificates that the card's new policy no longer has. As `operate`."""
        return self.operate(card, Operation.PreUpdate)

    def withdraw(self, card: CardInfo) -> Outcome:
        """Takes a revoked card from its user. Since G7. As `operate`."""
        return self.operate(card, Operation.Retire)


class MimCm(_Client):
    """A client of Microsoft MIM CM (FIM CM).

    `url` is the base, such as `https://HOST/CertificateManagement`. `status_scheme` says what the numbers of
    `Smartcard.Status` mean at this site: `"A"` or `"B"`; both are assumed. All else is as in `CertiFlow`.
    """

    _system = System.Mim

    def __init__(
        self,
        url: str,
        auth: _Auth = None,
        *,
        status_scheme: Literal["A", "B"] = "B",
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(url, auth, status_scheme=status_scheme, **options)

    def cards(self, *, offset: int | None = None, count: int | None = None) -> Cards[Smartcard]:
        """The caller's own cards: a lazy iterator. MIM CM has no filters."""
        bounds = {"offset": offset, "count": count}
        return self._client.cards(_query(**{name: None if n is None else _count(name, n) for name, n in bounds.items()}))

    def card(self, uuid: str) -> Smartcard | None:
        """The card with this `Uuid`, or `None`."""
        card: Smartcard | None = self._client.card(uuid)
        return card

    def find(self, serial: str | Identity) -> Smartcard | None:
        """The card with this serial number, or `None`; for a Base CSP card the id that the card carries.

        Of a card in a reader, `serial` is what `session.identify()` gave, as in `CertiFlow.find`.

        Raises:
            InputError: what is no GUID: MIM CM looks cards up by that alone.
        """
        card: Smartcard | None = self._find(serial)
        return card

    def revoke(self, card: Smartcard, comment: str = "") -> Outcome:
        """Ends the certificates of a card; MIM CM calls that state Disabled. As `operate`."""
        return self.operate(card, Operation.Revoke, comment=comment)

    def reinstate(self, card: Smartcard, comment: str = "") -> Outcome:
        """Takes a suspended card into use again. As `operate`."""
        return self.operate(card, Operation.Resume, comment=comment)

    def retire(self, card: Smartcard, comment: str = "") -> Outcome:
        """Ends a card. As `operate`."""
        return self.operate(card, Operation.Retire, comment=comment)

    def request(self, uuid: str) -> Request:
        """One request by its id.

        Raises:
            NotFound: there is no such request.
        """
        return self._client.request(uuid)

    def go_on(self, request: str) -> Outcome:
        """Goes on with a request that waited for approval."""
        return self._client.go_on(request)
