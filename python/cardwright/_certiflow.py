"""A client of Axidian CertiFlow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from ._client import _Client, _query
from ._enums import CardState, ContentExpirationStatus, Dialect, Operation, RevocationReason, System
from .errors import _count

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._cardwright import CardInfo, Cards, Outcome
    from ._client import ClientOptions, _Auth


class CertiFlow(_Client["CardInfo"]):
    """A client of Axidian CertiFlow (Indeed CM).

    `url` is the API's base, such as `https://cm.example.com/certiflow/api`. `auth` is how to sign in:
    `Negotiate`, `Ntlm`, `SignIn` for the strongest that the server offers, `Basic` or `(user, password)`, `Bearer`, `Oidc`,
    `DeviceCode`, or `None`. It may be used by many threads at once; each waits without the interpreter.

    `ClientOptions` has the other settings; `dialect` is the generation of the API that the server speaks, which is found
    out where it is not given.

    Raises:
        ConfigError: an address that cannot be used.
        InputError: another argument that is not taken.
    """

    _system = System.CertiFlow

    def __init__(
        self, url: str, auth: _Auth = None, *, dialect: Dialect | str | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        super().__init__(url, auth, {"dialect": None if dialect is None else Dialect.of(dialect)}, **options)

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
        state: CardState | str | None = None,
        expiring: ContentExpirationStatus | str | None = None,
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
                offset=None if offset is None else _count("offset", offset),
                count=None if count is None else _count("count", count),
                serial_number=serial,
                user_name=user,
                card_type_name=card_type,
                card_model_name=card_model,
                comment=comment,
                tags=[tags] if isinstance(tags, str) else list(tags),
                policy_name=policy,
                state=None if state is None else str(CardState.of(state)),
                content_expiration_status=None if expiring is None else str(ContentExpirationStatus.of(expiring)),
                time_issued=_when(issued),
                time_updated=_when(updated),
                time_revoked=_when(revoked),
            )
        )
    # <!-- /generated -->

    def card(self, id: str | int) -> CardInfo | None:
        """The card with this id, or `None`."""
        card: CardInfo | None = self._client.card(str(id))
        return card

    def card_of(self, user: str, key: str) -> CardInfo | None:
        """The card of a user with this id or serial number, or `None`. In dialect G1 there is no other way."""
        card: CardInfo | None = self._client.card_of(user, key)
        return card

    # <!-- generated: operations -->
    def disable(self, card: CardInfo) -> Outcome:
        """Put the card on hold; its certificates are held where the template says so. As `operate`."""
        return self.operate(card, Operation.Suspend)

    def enable(self, card: CardInfo) -> Outcome:
        """Lift the hold. As `operate`."""
        return self.operate(card, Operation.Resume)

    def revoke(self, card: CardInfo, reason: RevocationReason | str) -> Outcome:
        """End the card for good; the record stays with the user (MIM CM calls that state Disabled). As `operate`."""
        return self.operate(card, Operation.Revoke, reason=reason)

    def withdraw(self, card: CardInfo) -> Outcome:
        """Take the card out of use: MIM CM ends its record, CertiFlow (since 7.1) takes a revoked card from its user. As `operate`."""
        return self.operate(card, Operation.Retire)

    def pre_update(self, card: CardInfo) -> Outcome:
        """Revoke the certificates that the new policy no longer has. As `operate`."""
        return self.operate(card, Operation.PreUpdate)
    # <!-- /generated -->


def _when(when: date | datetime | str | None) -> str | None:
    return when.isoformat() if isinstance(when, date) else when
