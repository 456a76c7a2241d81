"""What of `cardwright.readers` is written in Python. It needs PC/SC."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from . import _reader
from ._enums import Code
from ._reader import Event, Guess, Identifier, Identity, Reader, Response, Watch, readers
from .errors import CardwrightError, InputError, NoCard

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "Event", "Guess", "Identifier", "Identity", "Reader", "Response", "Session", "VirtualCard", "Watch", "connect",
    "readers", "watch",
]


def watch() -> Watch:
    """What happens at the readers: an iterator without an end, which begins with what is there.

    It ends by `cancel`, from any thread, or at the end of a `with`. A service that stops is told, and the watch goes
    on when it is back.
    """
    return Watch()


def connect(
    reader: str | None = None, *, share: str = "shared", protocols: str = "any", limit: float | None = None,
    card_time_limit: float | None = None, card_apdus: int = 200,
) -> Session:
    """A session with the card in the reader of this name, or of which this is a part, or in the one that has a card.

    Raises:
        NoCard: there is no such reader, or no card.
        InputError: several readers could be meant.
        ReaderError: the card does not answer, or another program has it for itself.
    """
    found = readers()
    named = [one for one in found if one.name == reader] or [
        one for one in found if (one.slot in ("card", "mute") if reader is None else reader in one.name)
    ]
    if not named:
        if reader is None:
            raise NoCard("no card is in a reader", Code.NoCard)
        raise NoCard(f"no reader is called {reader!r}", Code.NoReader)
    if len(named) > 1:
        names = ", ".join(repr(one.name) for one in named)
        raise InputError(f"several readers could be meant: {names}", Code.Argument)
    return Session(
        named[0].name, share=share, protocols=protocols, limit=limit,
        card_time_limit=card_time_limit, card_apdus=card_apdus,
    )


class Session:
    """A connection to the card in the reader of this name. At its end the card is left as it is.

    `share` is `"shared"`, `"exclusive"`, or `"direct"` for the reader alone; `protocols` is `"any"`, `"T=0"` or
    `"T=1"`; `limit` is how many seconds an exchange with the card, or the wait for another program, may take (60 unless
    set). `card_time_limit` is how many seconds, and `card_apdus` how many APDUs, one command may come to with all that
    follows from it (GET RESPONSE), and `identify` with all its commands: 12 seconds, or `limit` where that is set and
    longer.

        with cardwright.readers.connect() as session:
            print(session.identify())
    """

    def __init__(
        self, reader: str, *, share: str = "shared", protocols: str = "any", limit: float | None = None,
        card_time_limit: float | None = None, card_apdus: int = 200,
    ) -> None:
        self._session = _reader.Session(reader, share, protocols, limit, card_time_limit, card_apdus)

    @property
    def reader(self) -> str:
        """The reader's name."""
        return self._session.reader

    @property
    def atr(self) -> bytes:
        """The card's ATR, unchecked. After a reset it may be another one."""
        return self._session.atr

    @property
    def protocol(self) -> int | None:
        """T of the protocol in use; `None` with `share="direct"`."""
        return self._session.protocol

    @property
    def resets(self) -> int:
        """How many resets by other programs this session has met."""
        return self._session.resets

    @property
    def missed(self) -> int:
        """How many commands of the last `identify` came to no proper answer."""
        return self._session.missed

    @property
    def attempts(self) -> int:
        """How many attempts the connect took: 2 where the first found no common protocol with the card or found it mute,
        as for a moment after a program was killed in the middle of a command."""
        return self._session.attempts

    def apdu(self, command: bytes | str) -> Response:
        """Sends a command APDU, bytes or hexadecimal digits, and gives the whole answer.

        GET RESPONSE and the like are seen to. Outside of a transaction another program may come between two.

        Raises:
            NoCard: the card was pulled.
            ReaderError: code `CardReset` when another program reset the card, so that what was selected or verified
                is lost; the session goes on.
            CardTimeout: no answer in time; the session is of no use any more.
            ReaderError: code `CardEndless` when the answer goes on for ever; the session goes on.
        """
        if isinstance(command, str):
            try:
                command = bytes.fromhex(command)
            except ValueError:
                # The text may hold a PIN, so it is not repeated.
                raise InputError("the command is not in hexadecimal digits") from None
        return self._session.send(command)

    @contextmanager
    def transaction(self, *, reset_at_end: bool = False) -> Iterator[bool]:
        """Keeps other programs from the card; gives whether one of them had reset it before.

        With `reset_at_end` it ends by a reset of the card, as it should where a PIN was verified.
        """
        was_reset = self._session.begin()
        try:
            yield was_reset
        except BaseException:
            # The card may be gone, and what went wrong first is what matters.
            with suppress(CardwrightError):
                self._session.end(reset_at_end)
            raise
        self._session.end(reset_at_end)

    def reset(self) -> None:
        """Resets the card: what was selected or verified is lost, for other programs too."""
        self._session.reset()

    def identify(self) -> Identity:
        """Asks the card who it is, by commands that only read, in a transaction of its own.

        Raises:
            CardTimeout, ReaderError: as `apdu`. Where the card was cut short in the middle, `.identity` of the error is
                what it had told; it may have more to tell, a stronger identifier too.
        """
        return self._session.identify()

    def uid(self) -> bytes | None:
        """The number by which a contactless card answers to the reader, or `None` (PC/SC part 3, 3.2.2.1.3)."""
        answer = self._session.send(b"\xff\xca\x00\x00\x00")
        return answer.data or None if answer.sw == 0x9000 else None

    def attribute(self, name: str) -> bytes | None:
        """What the reader tells of itself, or `None` when it does not tell.

        `name` is `"vendor-name"`, `"vendor-type"`, `"vendor-version"`, `"vendor-serial"`, `"friendly-name"`,
        `"system-name"`, `"atr"` or `"max-input"`.
        """
        return self._session.attribute(name)

    def close(self) -> None:
        """Lets the card go. A second time nothing happens."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Session {self.reader}>"


class VirtualCard:
    """A virtual card in a virtual reader, which every program of the machine sees as a real one.

    `card` is the name of one that comes with it (`VirtualCard.names()`), or a file with a script of answers;
    docs/virtual-cards.md has its form. `address` is where vpcd waits for its card (Debian: `pcscd` and `vsmartcard-vpcd`).

    Raises:
        NoCard: nobody waits for a card there.
        InputError: the script is wrong.
    """

    def __init__(self, card: str | os.PathLike[str], address: str = "127.0.0.1:35963") -> None:
        if card not in self.names():
            with open(card, encoding="utf-8") as file:
                card = file.read()
        self._card = _reader.VirtualCard(str(card), address)

    @staticmethod
    def names() -> list[str]:
        """The names of the cards that come with it."""
        return _reader.VirtualCard.names()

    def remove(self) -> None:
        """Pulls the card. A second time nothing happens."""
        self._card.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
