"""The server for tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from . import _cardwright
from ._certiflow import CertiFlow
from ._client import ClientOptions
from ._enums import Dialect
from ._mim import MimCm
from .errors import _count

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._cardwright import AuditEntry


class Server:
    """Both APIs over one registry of cards, on a free port of this machine.

    It holds the cards of a story, among them serial `02A1B3C4`, and `cards` more made from `seed`: the same seed
    makes the same cards. `data` is a folder to keep the registry in; without it all is gone when the server stops.
    `certiflow` are the generations of CertiFlow's API, such as `"g6=/cm6/api,g7"`, each at its usual base or at one of its
    own; by default G1, G5 and G7. `switches` are what differs from server to server (server/README.md), `faults` are faults to make.

        >>> with Server(seed=1, cards=50) as server:
        ...     with server.certiflow() as cm:
        ...         card = cm.find("02A1B3C4")
        ...         print(card and card.user_name)
        DEMO\\ipetrov
    """

    def __init__(
        self,
        seed: int = 42,
        *,
        cards: int = 100,
        data: str | os.PathLike[str] | None = None,
        certiflow: str | Iterable[str] | None = None,
        switches: Mapping[str, str] | None = None,
        faults: Mapping[str, Any] | None = None,
    ) -> None:
        self._server = _cardwright.Server(
            {
                "seed": _count("seed", seed, (1 << 64) - 1),
                "cards": _count("cards", cards),
                "data": data,
                "certiflow": certiflow.split(",") if isinstance(certiflow, str) else certiflow and list(certiflow),
                "switches": list((switches or {}).items()),
                "faults": None if faults is None else json.dumps(faults),
            }
        )

    @property
    def url(self) -> str:
        """`http://`, address and port."""
        return self._server.url

    @property
    def certiflow_url(self) -> str:
        """The base of CertiFlow's API, in the newest generation that the server has."""
        return self._server.certiflow_url

    def url_of(self, dialect: Dialect | str) -> str | None:
        """The base of a generation of CertiFlow's API, or `None` where the server does not have that one."""
        return self._server.url_of(Dialect.of(dialect))

    @property
    def icmapi_url(self) -> str:
        """The base of G1, the oldest generation of CertiFlow's API."""
        return self._server.icmapi_url

    @property
    def mim_url(self) -> str:
        """The base of MIM CM's API."""
        return self._server.mim_url

    @property
    def auth(self) -> tuple[str, str]:
        """Name and password of an administrator, made for this server."""
        return self._server.account

    def certiflow(self, **options: Unpack[ClientOptions]) -> CertiFlow:
        """A client of its CertiFlow."""
        return CertiFlow(self.certiflow_url, self.auth, **options)

    def mim(self, **options: Unpack[ClientOptions]) -> MimCm:
        """A client of its MIM CM."""
        return MimCm(self.mim_url, self.auth, **options)

    def set_faults(self, faults: Mapping[str, Any]) -> None:
        """Puts faults in force instead of those that are; `{"rules": []}` for none."""
        self._server.set_faults(json.dumps(faults))

    def audit(self, after: int = 0) -> Iterator[AuditEntry]:
        """The audit log, oldest first, from the row behind the one with the number `after`."""
        while rows := self._server.audit(after, 1000):
            yield from rows
            after = rows[-1].id

    def approve(self, request: str, by: str = "approver") -> None:
        """Approves a request of MIM CM in the name of an account, of which each counts once."""
        self._server.decide(request, True, by)

    def deny(self, request: str, by: str = "approver") -> None:
        """Denies a request of MIM CM, which ends it."""
        self._server.decide(request, False, by)

    def stop(self) -> None:
        """Stops the server. A second time nothing happens."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Server {self.url}>"
