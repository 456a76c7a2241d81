"""The server for tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from . import _arguments, _cardwright
from ._certiflow import CertiFlow
from ._client import ClientOptions
from ._mim import MimCm

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._cardwright import AuditEntry
    from ._enums import Dialect, DialectWord


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
                "seed": _arguments.count("seed", seed, (1 << 64) - 1),
                "cards": _arguments.count("cards", cards),
                "data": None if data is None else _arguments.file("data", data),
                "certiflow": None if certiflow is None else _generations(certiflow),
                "switches": [] if switches is None else _switches(switches),
                "faults": None if faults is None else _faults(faults),
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

    def url_of(self, dialect: Dialect | DialectWord) -> str | None:
        """The base of a generation of CertiFlow's API, or `None` where the server does not have that one."""
        return self._server.url_of(dialect)

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
        with _arguments.about("faults"):
            self._server.set_faults(_faults(faults))

    def audit(self, after: int = 0) -> Iterator[AuditEntry]:
        """The audit log, oldest first, from the row behind the one with the number `after`."""
        return self._rows(_arguments.count("after", after, (1 << 63) - 1))

    def _rows(self, after: int) -> Iterator[AuditEntry]:
        while rows := self._server.audit(after, 1000):
            yield from rows
            after = rows[-1].id

    def approve(self, request: str, by: str = "approver") -> None:
        """Approves a request of MIM CM in the name of an account, of which each counts once."""
        with _arguments.about("request"):
            self._server.decide(_arguments.text("request", request), True, _arguments.text("by", by))

    def deny(self, request: str, by: str = "approver") -> None:
        """Denies a request of MIM CM, which ends it."""
        with _arguments.about("request"):
            self._server.decide(_arguments.text("request", request), False, _arguments.text("by", by))

    def stop(self) -> None:
        """Stops the server. A second time nothing happens."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Server {self.url}>"


def _generations(given: str | Iterable[str]) -> list[str]:
    return given.split(",") if isinstance(given, str) else _arguments.texts("certiflow", given)


def _switches(given: Mapping[str, str]) -> list[tuple[str, str]]:
    if not isinstance(given, Mapping):
        _arguments.wrong("switches", "a dictionary of str", given)
    return [(_arguments.text("switches (a name in it)", name), _arguments.text(f"switches[{name!r}]", value))
            for name, value in given.items()]


def _faults(given: Mapping[str, Any]) -> str:
    if not isinstance(given, Mapping):
        _arguments.wrong("faults", "a dictionary", given)
    try:
        return json.dumps(given)
    except TypeError as error:
        raise TypeError(f"faults must be what JSON can say: {error}") from None
