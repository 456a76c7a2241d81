"""A client of Microsoft MIM CM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ._client import _Client, _query
from ._enums import Operation, RequestStatus, System
from .errors import _count

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._cardwright import Cards, FollowedRequest, Outcome, Request, Smartcard
    from ._client import ClientOptions, _Auth


class MimCm(_Client["Smartcard"]):
    """A client of Microsoft MIM CM (FIM CM).

    `url` is the base, such as `https://HOST/CertificateManagement`. `status_scheme` says what the numbers of
    `Smartcard.Status` mean at this site: `"A"` or `"B"`; both are assumed. Everything else is as in `CertiFlow`.
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
        super().__init__(url, auth, {"status_scheme": status_scheme}, **options)

    def cards(self, *, offset: int | None = None, count: int | None = None) -> Cards[Smartcard]:
        """The caller's own cards: a lazy iterator. MIM CM has no filters."""
        bounds = {"offset": offset, "count": count}
        return self._client.cards(_query(**{name: None if n is None else _count(name, n) for name, n in bounds.items()}))

    def card(self, uuid: str) -> Smartcard | None:
        """The card with this `Uuid`, or `None`."""
        card: Smartcard | None = self._client.card(uuid)
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
        return self._client.request(uuid)

    def requests(
        self, *, status: RequestStatus | str | None = None, open: bool = False, mine: bool = False
    ) -> list[Request]:
        """The requests that the account may see: all, those with this status, or with `open` those that have not ended;
        with `mine` only those for the account's own user.

        Raises:
            AnswerError: the server ignores what it was asked.
        """
        statuses = [] if status is None else [int(RequestStatus.of(status))]
        return self._client.requests(statuses, open, mine)

    def follow(self, request: str) -> FollowedRequest:
        """A request as it is now, and the card that it is for; nothing is changed. For a program that waits until somebody
        approves what it asked for.

            >>> import cardwright
            >>> with cardwright.Server() as server, server.mim() as mim:
            ...     card = mim.card("d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32")
            ...     mim.follow(mim.retire(card).request).step
            'awaiting approval'

        Raises:
            NotFound: there is no such request.
        """
        return self._client.follow(request)

    def go_on(self, request: str) -> Outcome[Smartcard]:
        """Goes on with a request that waited for approval."""
        return self._client.go_on(request)
