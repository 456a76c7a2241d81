"""The own API of `cardwright serve`: who did what, which requests wait, decisions on them, and accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypedDict

from . import _arguments, _cardwright

if TYPE_CHECKING:
    from ._client import _Client
    from ._enums import RequestStatus, RequestStatusWord

_PAGE = 500
"""How many rows of the audit log are asked for at once."""


class AuditRow(TypedDict):
    """A row of a server's audit log: who did what, or was refused."""

    id: int
    """Its number; numbers grow."""
    time: str
    """When, ISO 8601."""
    account: str
    """The account, or the name in a token; empty for a program on the server's computer."""
    issuer: str | None
    """The issuer of the token, where there was one."""
    subject: str | None
    """The token's subject."""
    system: str | None
    """Through which system; `None` for a change to the registry itself."""
    operation: str
    """What: the name of an operation, or what the registry or the workflow of requests does."""
    card: int | None
    """The card, by its id in CertiFlow."""
    uuid: str | None
    """The card, by its id in MIM CM at that time."""
    before: str | None
    """The card's state before."""
    after: str | None
    """The card's state after."""
    note: str
    """The reason or comment, or why it was refused."""
    outcome: str
    """`"done"` or `"refused"`."""
    request: str | None
    """The request of MIM CM that it belongs to."""


class WaitingRequest(TypedDict):
    """A request of MIM CM, and what it waits for."""

    request: str
    """Its id."""
    kind: str
    """What it is for."""
    status: str
    """Its status."""
    card: int | None
    """The card, by its id in CertiFlow."""
    uuid: str | None
    """The card, by its id in MIM CM."""
    originator: str
    """The user who made it."""
    target: str
    """The user that it is for."""
    submitted: str
    """When it was made, ISO 8601."""
    comment: str
    """The comment."""
    approvals: int
    """How many have approved it."""
    needed: int
    """How many must."""
    approved_by: list[str]
    """The accounts that have approved it."""


class Decided(TypedDict):
    """A request of MIM CM after a decision."""

    request: str
    """Its id."""
    status: str
    """Its status now."""
    approvals: int
    """How many have approved it."""
    needed: int
    """How many must."""


class ServerAccount(TypedDict):
    """An account of a server."""

    name: str
    """The name to sign in with."""
    role: str
    """The name of its role."""
    user: str
    """The user that it is in MIM CM."""
    disabled: bool
    """Whether it cannot sign in."""


class ServerRole(TypedDict):
    """A role of a server, and what it allows."""

    name: str
    """Its name."""
    privileges: list[str]
    """Privileges of CertiFlow."""
    permissions: list[str]
    """Permissions of MIM CM."""


class OwnServer:
    """What a server of `cardwright serve` has besides the APIs of the vendors; `client.own_server()` makes it.

    It is asked as the client's account, and over its connections.

    Every method raises `NotSupported` where the server is none of `cardwright serve`, and `AnswerError` where the server
    refuses. Objects are dictionaries as the server sent them.
    """

    def __init__(self, client: _Client[Any]) -> None:
        inner = getattr(client, "_client", None)
        if not isinstance(inner, _cardwright.Client):
            _arguments.wrong("client", "a client", client)
        self._own = _cardwright.OwnServer(inner)
        self._url = client.url

    def __repr__(self) -> str:
        return f"<OwnServer beside {self._url}>"

    def audit_page(
        self,
        after: int = 0,
        limit: int = 100,
        *,
        card: str | int | None = None,
        account: str | None = None,
        issuer: str | None = None,
        subject: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> tuple[list[AuditRow], int]:
        """At most `limit` rows (1000 at most) behind the row `after`, oldest first; and what to give as `after` for the
        next ones, now or later.

        `card` is an id in CertiFlow or MIM CM; `since` is a date or time from which on, `until` one before which
        (ISO 8601).
        """
        rows, following = self._own.audit(
            _arguments.count("after", after, (1 << 63) - 1),
            _arguments.count("limit", limit),
            card=None if card is None else _arguments.identifier("card", card),
            account=_arguments.optional_text("account", account),
            issuer=_arguments.optional_text("issuer", issuer),
            subject=_arguments.optional_text("subject", subject),
            since=_arguments.optional_text("since", since),
            until=_arguments.optional_text("until", until),
        )
        return [json.loads(row) for row in rows], following

    def audit(
        self,
        *,
        card: str | int | None = None,
        account: str | None = None,
        issuer: str | None = None,
        subject: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[AuditRow]:
        """The rows of the audit log, oldest first, read page by page; filters as in `audit_page`."""
        after, more = 0, True
        while more:
            rows, after = self.audit_page(
                after, _PAGE, card=card, account=account, issuer=issuer, subject=subject, since=since, until=until
            )
            yield from rows
            more = len(rows) == _PAGE

    def history(self, card: str | int) -> list[AuditRow]:
        """What was done to a card, by its id in CertiFlow or in MIM CM, oldest first.

        Raises:
            NotFound: there is no such card.
        """
        return list(self.audit(card=card))

    def requests(
        self, *, status: RequestStatus | RequestStatusWord | None = None, card: str | int | None = None
    ) -> list[WaitingRequest]:
        """The requests of MIM CM that have not ended, or have this status, oldest first; of one card, or of all."""
        found = self._own.requests(status, None if card is None else _arguments.identifier("card", card))
        return [json.loads(one) for one in found]

    def approve(self, request: str) -> Decided:
        """Approves a request of MIM CM, of which the account counts once.

        Raises:
            NotFound: there is no such request.
            AnswerError: it does not wait for approval.
        """
        decided: Decided = json.loads(self._own.decide(_arguments.text("request", request), True))
        return decided

    def deny(self, request: str) -> Decided:
        """Denies a request of MIM CM, which ends it. As `approve`."""
        decided: Decided = json.loads(self._own.decide(_arguments.text("request", request), False))
        return decided

    def accounts(self) -> list[ServerAccount]:
        """The accounts of the server, by name."""
        return [json.loads(one) for one in self._own.accounts()]

    def roles(self) -> list[ServerRole]:
        """The roles of the server, by name."""
        return [json.loads(one) for one in self._own.roles()]

    def put_account(
        self,
        name: str,
        *,
        password: str | None = None,
        role: str | None = None,
        disabled: bool | None = None,
        user: str | None = None,
    ) -> ServerAccount:
        """Changes an account, or adds it; what is `None` stays as it is. A new account needs a password and a role.

        Raises:
            NotFound: it is a new account without a password or a role.
            AnswerError: no account would be left that may do everything.
        """
        account: ServerAccount = json.loads(
            self._own.put_account(
                _arguments.text("name", name),
                _arguments.optional_text("password", password),
                _arguments.optional_text("role", role),
                None if disabled is None else _arguments.flag("disabled", disabled),
                _arguments.optional_text("user", user),
            )
        )
        return account
