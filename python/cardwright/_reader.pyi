"""The extension module; `cardwright.readers` has the names for users."""

from typing import Final, final

from typing_extensions import Self

from ._enums import Basis, CardKind, Evidence, Source, System, SystemWord, Trust

__all__ = [
    "Event", "Guess", "Identifier", "Identity", "Reader", "Response", "Session", "VirtualCard", "Watch", "readers",
]

@final
class Reader:
    """A reader, as it was when `readers()` asked. A device with two slots is two readers."""

    name: Final[str]
    """The name by which the system knows it."""
    slot: Final[str]
    """What is in it: `"empty"`, `"card"`, `"mute"` or `"unavailable"`."""
    sharing: Final[str]
    """Who uses the card: `"free"`, `"shared"` or `"exclusive"`."""
    atr: Final[bytes]
    """The card's ATR as the reader reported it, unchecked; empty without a card, and with a mute one."""
    events: Final[int]
    """How often a card came or went; 0 where the system does not count."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

def readers() -> list[Reader]:
    """The readers of this machine, in the system's order; none is no error.

    Raises:
        NoReaderService: the system's smart-card service does not answer: on Linux, pcscd.
    """

@final
class Identity:
    """What a card is, and every identifier that it told."""

    atr: Final[bytes]
    """The card's ATR, unchecked."""
    kinds: Final[tuple[CardKind, ...]]
    """What the card is: a tuple of `CardKind`."""
    evidence: Final[dict[CardKind, Basis]]
    """What each kind rests on, the card's own answer, its ATR, or a hint: a `dict` from `CardKind` to `Basis`."""
    unread: Final[dict[CardKind, str]]
    """The kinds of which the number could not be read, each with why: a `dict` from `CardKind` to `str`."""
    identifiers: Final[tuple[Identifier, ...]]
    """Its identifiers in the order in which they were found: a tuple of `Identifier`."""
    def guesses(self, system: System | SystemWord) -> tuple[Guess, ...]:
        """The spellings in which a system may have stored the card's serial number: the strongest identifier
        first, and of each the best guess first. A tuple of `Guess`; `system` is a `System`."""
    def with_identifier(self, source: Source | str, serial: str | bytes, kind: CardKind | str | None = None) -> Identity:
        """The same with a number that the program itself has read from the card, text or bytes: of `source`, a
        `Source.other(n)`, in place of another one of it. `kind` is what the card is then, a `CardKind`, or `None`.

        Raises:
            InputError: `serial` is no serial number.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Identifier:
    """A number that the card gave."""

    source: Final[Source]
    """Where it comes from: `Source`."""
    trust: Final[Trust]
    """How far it tells one card from all others: `Trust`."""
    evidence: Final[Evidence]
    """How sure it is that this is the card's number, documented or assumed from its relatives: `Evidence`."""
    personal: Final[bool]
    """Whether it stands for a person, as a document number does: nothing for logs."""
    text: Final[str]
    """As its makers print it."""
    masked: Final[str]
    """The same for logs: a star for each letter and digit but the last two."""
    bytes: Final[bytes]
    """As it was read; none where the card hides it."""

@final
class Guess:
    """One way in which a system may have stored the serial number of a card."""

    spelling: Final[str]
    """The serial number as the system would write it."""
    source: Final[Source]
    """The identifier that it was made of: `Source`."""
    evidence: Final[Evidence]
    """Whether that is documented, or assumed: `Evidence`."""

@final
class Session:
    """A connection to the card in a reader."""

    def __new__(
        cls, reader: str, share: str, protocols: str, limit: float | None, card_time_limit: float | None,
        card_apdus: int,
    ) -> Self: ...
    @property
    def reader(self) -> str: ...
    @property
    def atr(self) -> bytes: ...
    @property
    def protocol(self) -> int | None: ...
    @property
    def resets(self) -> int: ...
    @property
    def missed(self) -> int: ...
    @property
    def attempts(self) -> int: ...
    def send(self, command: bytes) -> Response: ...
    def begin(self) -> bool:
        """Begins a transaction; says whether another program reset the card before it."""
    def end(self, reset: bool) -> None: ...
    def reset(self) -> None: ...
    def identify(self) -> Identity: ...
    def attribute(self, name: str) -> bytes | None: ...
    def close(self) -> None:
        """Lets the card go. Twice is as good as once."""

@final
class Response:
    """What a card answered."""

    data: Final[bytes]
    """The data, without the status word."""
    sw: Final[int]
    """The status word SW1 SW2, as one number."""
    ok: Final[bool]
    """Whether the command was carried out: 9000 or 61xx."""
    text: Final[str]
    """What the status word means, in plain words (ISO/IEC 7816-4, 5.6)."""
    def __bytes__(self) -> bytes: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Event:
    """Something that happened at a reader."""

    kind: Final[str]
    """`"reader-added"`, `"reader-removed"`, `"card-inserted"`, `"card-removed"`, `"missed"`, `"service-lost"` or
    `"service-back"`."""
    reader: Final[str | None]
    """The name of the reader that it happened at: `str`, or `None`."""
    atr: Final[bytes | None]
    """The ATR of the card that came, unchecked: `bytes`, or `None`."""
    events: Final[int | None]
    """The reader's count of comings and goings then, or how many were missed: `int`, or `None`."""
    error: Final[str | None]
    """Why the service does not answer: `str`, or `None`."""

@final
class Watch:
    """What happens at the readers: an iterator without an end, which begins with what is there."""

    def __new__(cls) -> Self: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> Event:
        """Waits as long as it takes, and ends when it was canceled."""
    def next_within(self, seconds: float) -> Event | None:
        """The next event, or `None` when none came in that many seconds, or it was canceled."""
    def cancel(self) -> None:
        """Ends the watch, from any thread: what waits ends at once."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *_error: object) -> None: ...

@final
class VirtualCard:
    """A virtual card in a virtual reader, which every program of the machine sees as a real one."""

    def __new__(cls, script: str, address: str) -> Self: ...
    @staticmethod
    def names() -> list[str]:
        """The names of the cards that come with it."""
    def remove(self) -> None:
        """Pulls the card. Twice is as good as once."""
