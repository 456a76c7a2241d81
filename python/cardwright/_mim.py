"""A client of Microsoft MIM CM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from . import _arguments
from ._client import _Client, _gathered, _query
from ._enums import Operation, System

if TYPE_CHECKING:
    import os

    from typing_extensions import Self, Unpack

    from ._cardwright import Cards, FollowedRequest, Outcome, Request, Smartcard
    from ._client import ClientOptions, _Auth
    from ._enums import RequestStatus, RequestStatusWord


class MimCm(_Client["Smartcard"]):
    """A client of Microsoft MIM CM (FIM CM).

    `url` is the base, such as `https://HOST/CertificateManagement`. `status_scheme` says what the numbers of
    `Smartcard.Status` mean at this site: `"A"` or `"B"`; both are assumed. Everything else is as in `CertiFlow`.

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
        super().__init__(url, auth, {"status_scheme": _arguments.text("status_scheme", status_scheme)}, **options)

    @classmethod
    def from_environment(cls, *, status_scheme: Literal["A", "B"] = "B", **options: Unpack[ClientOptions]) -> Self:
        """A client by the environment, read as the command reads it: the same variables, in the same precedence, with the
        same refusals.

        `CARDWRIGHT_URL` is the address. `CARDWRIGHT_AUTH` is `auto`, `none`, `oidc`, or the schemes that may be used, of
        `negotiate`, `ntlm`, `basic` and `bearer`. The client signs in by tokens where `CARDWRIGHT_ISSUER` names an issuer
        (with `CARDWRIGHT_CLIENT_ID` and `CARDWRIGHT_CLIENT_SECRET`), else by `CARDWRIGHT_USER` and `CARDWRIGHT_PASSWORD`,
        else, with `negotiate`, by the Kerberos ticket at hand. `CARDWRIGHT_CA`, `CARDWRIGHT_CLIENT_CERT` and
        `CARDWRIGHT_CLIENT_KEY` are files, `CARDWRIGHT_CLIENT_KEY_PASSWORD` is that key's password, `CARDWRIGHT_TLS` the
        library for TLS, `CARDWRIGHT_LIST_TIME_LIMIT` is `list_timeout`, and `HTTPS_PROXY` and so on name the proxy.
        `CARDWRIGHT_PROFILE` names a profile of the config file, or of the file `CARDWRIGHT_CONFIG`, for what the
        environment leaves open.

        Options take precedence. Nobody is asked for a password; a warning is one of Python's. What is for a whole command
        (`CARDWRIGHT_TIME_LIMIT`) or for readers has no effect. `cardwright serve` prints the variables for its own server.

        Raises:
            ConfigError: what is missing, what contradicts, and what cannot be read, in the command's words.
        """
        return cls(_gathered(None, None), status_scheme=status_scheme, **options)

    @classmethod
    def from_profile(
        cls,
        name: str,
        *,
        config: str | os.PathLike[str] | None = None,
        status_scheme: Literal["A", "B"] = "B",
        **options: Unpack[ClientOptions],
    ) -> Self:
        """A client by a profile, as the command has it by `--profile`: the profile's server and account, and from the
        environment what it leaves open.

        `config` is the file with the profiles. Default: `CARDWRIGHT_CONFIG`, else `cardwright/config.toml` in
        `XDG_CONFIG_HOME` or `~/.config`. Everything else is as in `from_environment`.

        Raises:
            ConfigError: there is no such profile, or the file holds what it should not; with its line.
        """
        return cls(_gathered(_arguments.text("name", name), config), status_scheme=status_scheme, **options)

    def cards(self, *, offset: int | None = None, count: int | None = None) -> Cards[Smartcard]:
        """The caller's own cards: a lazy iterator. MIM CM has no filters."""
        bounds = {"offset": offset, "count": count}
        return self._client.cards(_query(**{name: _arguments.optional_count(name, n) for name, n in bounds.items()}))

    def card(self, uuid: str) -> Smartcard | None:
        """The card with this `Uuid`, or `None`."""
        card: Smartcard | None = self._client.card(_arguments.filled("uuid", uuid))
        return card

    # <!-- generated: operations -->
    def reinstate(self, card: Smartcard | str, comment: str = "") -> Outcome[Smartcard]:
        """Lift the hold. As `operate`."""
        return self.operate(card, Operation.Resume, comment=comment)

    def revoke(self, card: Smartcard | str, comment: str = "") -> Outcome[Smartcard]:
        """End the card for good; the record stays with the user (MIM CM calls that state Disabled). As `operate`."""
        return self.operate(card, Operation.Revoke, comment=comment)

    def retire(self, card: Smartcard | str, comment: str = "") -> Outcome[Smartcard]:
        """Take the card out of use: MIM CM ends its record, CertiFlow (since 7.1) takes a revoked card from its user. As `operate`."""
        return self.operate(card, Operation.Retire, comment=comment)
    # <!-- /generated -->

    def request(self, uuid: str) -> Request:
        """One request by its id.

        Raises:
            NotFound: there is no such request.
        """
        return self._client.request(_arguments.filled("uuid", uuid))

    def requests(
        self, *, status: RequestStatus | RequestStatusWord | None = None, open: bool = False, mine: bool = False
    ) -> list[Request]:
        """The requests that the account may see: all, those with this status, or with `open` those that have not ended;
        with `mine` only those for the account's own user.

        Raises:
            AnswerError: the server ignores what it was asked.
        """
        return self._client.requests(status, _arguments.flag("open", open), _arguments.flag("mine", mine))

    def follow(self, request: str) -> FollowedRequest:
        """A request as it is now, and the card that it is for; nothing is changed. For a program that waits until somebody
        approves what it asked for.

            >>> import cardwright
            >>> with cardwright.Server() as server, server.mim() as mim:
            ...     outcome = mim.retire("d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32")
            ...     outcome.request and mim.follow(outcome.request).step
            'awaiting approval'

        Raises:
            NotFound: there is no such request.
        """
        return self._client.follow(_arguments.filled("request", request))

    def go_on(self, request: str) -> Outcome[Smartcard]:
        """Goes on with a request that waited for approval."""
        return self._client.go_on(_arguments.filled("request", request))
