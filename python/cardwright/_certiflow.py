"""A client of Axidian CertiFlow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from . import _arguments
from ._client import _Client, _gathered, _query
from ._enums import CardState, ContentExpirationStatus, Dialect, Operation, System

if TYPE_CHECKING:
    import os

    from typing_extensions import Self, Unpack

    from ._cardwright import CardInfo, Cards, Generation, Outcome
    from ._client import ClientOptions, _Auth
    from ._enums import CardStateWord, ContentExpirationStatusWord, DialectWord, RevocationReason, RevocationReasonWord


class CertiFlow(_Client["CardInfo"]):
    """A client of Axidian CertiFlow (Indeed CM).

    `url` is the API's base, such as `https://cm.example.com/certiflow/api`. `auth` is how to sign in:
    `Negotiate`, `Ntlm`, `SignIn` for the strongest that the server offers, `Basic` or `(user, password)`, `Bearer`, `Oidc`,
    `DeviceCode`, or `None`. It may be used by many threads at once; each waits without the interpreter.

    `dialect` is the generation of the API that the server speaks, which is found out where it is not given.

    Options:
        check: What stops an operation that the tables do not allow: `"warn"` only what is documented, `"strict"` also
            what is assumed, `"off"` nothing. Default: `"warn"`.
        verify: Whether a card is read again after an operation. `"never"` takes the server's word, and the result is
            `"accepted"`. Default: `"always"`.
        settle: How many seconds a card is read again after an operation that it does not show yet. Default: 5.
        timeout: How many seconds to wait for an answer to begin. Default: 60.
        connect_timeout: How many seconds a connection may take, TLS included. Default: 10.
        idle_timeout: How many seconds to wait for the next piece of an answer. Default: 30.
        total_timeout: How many seconds a call may take in total, repetitions included; each page of a list is a call.
            Default: 300, or the sum of the three before if all of them are given, or if it is longer.
        list_timeout: How many seconds the server may be waited for over a whole list. Default: 3600.
        attempts: How often a request is sent at most, the first time included, that may be repeated without harm.
            Default: 3.
        longest_wait: The longest wait in seconds between two attempts that is the client's own choice. Default: 5.
        longest_asked: The longest wait in seconds that a server may ask for by `Retry-After`. Default: 60.
        proxy: An address, `True` for what the environment says (`HTTPS_PROXY`, `NO_PROXY` and so on), `False` for none.
            Or as `requests` has it, `{"https": "http://proxy.example.com:3128"}`: the one for the address's scheme
            counts, or `"all"`; `None` there is none. A dictionary without either is a `ConfigError`, as nothing goes
            past a proxy that is named. Default: `True`.
        ca: Certificates in PEM, or a file of them, that are trusted too. Default: none.
        tls: The library that does TLS: `"rustls"` is built in; `"system"` is OpenSSL, which must be installed, for
            older servers (CBC, RSA key exchange, P-521, client certificates that are asked for after the handshake).
            Default: `"rustls"`.
        certificate: What the client shows where the server asks for a certificate. Default: nothing.
        system_trust: Whether to trust what the operating system trusts. Default: `True`.
        page_size: How many cards to ask for at once. Default: as many as the server delivers in a second.
        trust_filters: Filters, such as `"userName"`, whose cards are listed although the server's answers contradict
            them: a warning in the log takes the place of the error. Default: none.
        max_element: The largest single card or reply, in bytes. Default: 16 MiB.
        user_agent: What to put before the library's own name in `User-Agent`: `"Kiosk/2.1"`, in characters of ASCII.
            Default: nothing.

    Raises:
        ConfigError: an address that cannot be used.
        InputError: another argument that is not taken.
    """

    _system = System.CertiFlow

    def __init__(
        self, url: str, auth: _Auth = None, *, dialect: Dialect | DialectWord | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        super().__init__(url, auth, {"dialect": None if dialect is None else _arguments.member("dialect", Dialect, dialect)}, **options)

    @classmethod
    def from_environment(cls, *, dialect: Dialect | DialectWord | None = None, **options: Unpack[ClientOptions]) -> Self:
        """A client by the environment, read as the command reads it; `MimCm.from_environment` lists the variables.

        `CARDWRIGHT_DIALECT` is the dialect, which is found out where it is not set. Arguments take precedence.

        Raises:
            ConfigError: what is missing, what contradicts, and what cannot be read, in the command's words.
        """
        return cls(_gathered(None, None), dialect=dialect, **options)

    @classmethod
    def from_profile(
        cls,
        name: str,
        *,
        config: str | os.PathLike[str] | None = None,
        dialect: Dialect | DialectWord | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """A client by a profile, as the command has it by `--profile`; `MimCm.from_profile` says more. `dialect` takes
        precedence over the profile's.

        Raises:
            ConfigError: there is no such profile, or the file holds what it should not; with its line.
        """
        return cls(_gathered(_arguments.text("name", name), config), dialect=dialect, **options)

    @property
    def dialect(self) -> Dialect:
        """The generation of the API that is spoken: the one that was given, else what is known of the server by now, or is
        usual at its base. Nothing is sent."""
        return self._client.dialect() or Dialect.G7

    def probe(self) -> Generation:
        """Finds out which generation of the API the server speaks, by at most six questions that change nothing. Where no
        `dialect` was given, it is spoken from then on.

        Raises:
            CardwrightError: no answer came to the first question; any other answer is part of what is returned.
        """
        return self._client.probe()

    # <!-- generated: cards -->
    def cards(
        self,
        *,
        offset: int | None = None,
        count: int | None = None,
        serial: str | None = None,
        user: str | None = None,
        card_type: str | None = None,
        card_model: str | None = None,
        comment: str | None = None,
        tags: Iterable[str] = (),
        policy: str | None = None,
        state: CardState | CardStateWord | None = None,
        expiring: ContentExpirationStatus | ContentExpirationStatusWord | None = None,
        issued: date | str | None = None,
        updated: date | str | None = None,
        revoked: date | str | None = None,
    ) -> Cards[CardInfo]:
        """The cards that a query finds: a lazy iterator that reads page by page.

        `offset` and `count` bound the whole list. `expiring` is whether the card's certificates expire; the three
        times are dates (ISO 8601), of which the vendor does not say whether they are a lower bound.

        Raises:
            NotSupported: the dialect lacks the filter; before anything is sent.
        """
        return self._client.cards(
            _query(
                offset=_arguments.optional_count("offset", offset),
                count=_arguments.optional_count("count", count),
                serial_number=_arguments.optional_filled("serial", serial),
                user_name=_arguments.optional_filled("user", user),
                card_type_name=_arguments.optional_filled("card_type", card_type),
                card_model_name=_arguments.optional_filled("card_model", card_model),
                comment=_arguments.optional_filled("comment", comment),
                tags=_arguments.texts("tags", tags),
                policy_name=_arguments.optional_filled("policy", policy),
                state=_arguments.word("state", CardState, state),
                content_expiration_status=_arguments.word("expiring", ContentExpirationStatus, expiring),
                time_issued=_when("issued", issued),
                time_updated=_when("updated", updated),
                time_revoked=_when("revoked", revoked),
            )
        )
    # <!-- /generated -->

    def card(self, id: str | int) -> CardInfo | None:
        """The card with this id, or `None`."""
        card: CardInfo | None = self._client.card(_arguments.identifier("id", id))
        return card

    def card_of(self, user: str, key: str) -> CardInfo | None:
        """The card of a user with this id or serial number, or `None`. In dialect G1 there is no other way; G2 and G3 take a UPN."""
        card: CardInfo | None = self._client.card_of(_arguments.filled("user", user), _arguments.filled("key", key))
        return card

    def skzi(
        self,
        *,
        object_type: str | None = None,
        skzi_type_id: str | int | None = None,
        serial: str | None = None,
        instance: str | int | None = None,
        state: str | None = None,
        user: str | None = None,
        start: date | str | None = None,
        end: date | str | None = None,
        offset: int | None = None,
        count: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Entries of the register of SKZI (cryptographic information protection tools) that Indeed CM 7.1 keeps, where its
        wizard says so: a lazy iterator that reads page by page.

        The vendor documents the filters, and not what an entry looks like: each is the object that the server sent, and
        whether a filter was obeyed is not checked. `object_type` is such as `"KeyDocument"`, `state` such as `"Issued"`,
        `user` a Common Name. `offset` and `count` bound the whole list; an entry that came before is left out.

        Raises:
            NotSupported: the server speaks an older generation than G7.
            NotFound: the server has no register.
        """
        text = _arguments.optional_filled
        filters = _query(
            object_type=text("object_type", object_type),
            skzi_type_id=None if skzi_type_id is None else _arguments.identifier("skzi_type_id", skzi_type_id),
            serial_number=text("serial", serial),
            instance_number=None if instance is None else _arguments.identifier("instance", instance),
            state=text("state", state),
            user_name=text("user", user),
            start_date=_when("start", start),
            end_date=_when("end", end),
        )
        offset, count = _arguments.optional_count("offset", offset), _arguments.optional_count("count", count)
        return map(json.loads, self._client.skzi(filters, offset, count))

    # <!-- generated: operations -->
    def disable(self, card: CardInfo | str) -> Outcome[CardInfo]:
        """Put the card on hold; its certificates are held where the template says so. As `operate`."""
        return self.operate(card, Operation.Suspend)

    def enable(self, card: CardInfo | str) -> Outcome[CardInfo]:
        """Lift the hold. As `operate`."""
        return self.operate(card, Operation.Resume)

    def revoke(self, card: CardInfo | str, reason: RevocationReason | RevocationReasonWord) -> Outcome[CardInfo]:
        """End the card for good; the record stays with the user (MIM CM calls that state Disabled). As `operate`."""
        return self.operate(card, Operation.Revoke, reason=reason)

    def withdraw(self, card: CardInfo | str) -> Outcome[CardInfo]:
        """Take the card out of use: MIM CM ends its record, CertiFlow (since 7.1) takes a revoked card from its user. As `operate`."""
        return self.operate(card, Operation.Retire)

    def pre_update(self, card: CardInfo | str) -> Outcome[CardInfo]:
        """Revoke the certificates that the new policy no longer has. As `operate`."""
        return self.operate(card, Operation.PreUpdate)
    # <!-- /generated -->


def _when(name: str, when: date | datetime | str | None) -> str | None:
    if isinstance(when, date):
        return when.isoformat()
    if when is not None and not isinstance(when, str):
        _arguments.wrong(name, "str, date or datetime", when)
    return _arguments.optional_filled(name, when)
