"""Readers and the cards in them, by PC/SC. They are a distribution of their own:

    pip install cardwright[reader]

Where it is not installed, this module has no names, and says what to install when one is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from cardwright_reader import (
        Event, Guess, Identifier, Identity, Reader, Response, Session, VirtualCard, Watch, connect, readers, watch,
    )

__all__ = [
    "Event", "Guess", "Identifier", "Identity", "Reader", "Response", "Session", "VirtualCard", "Watch", "connect",
    "readers", "watch",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import cardwright_reader
    except ModuleNotFoundError as missing:
        if missing.name != "cardwright_reader":
            raise
        _say("readers are a package of their own: pip install cardwright[reader]", missing)
    except ImportError as broken:
        _say(f"PC/SC cannot be loaded ({broken}); Debian has it in libpcsclite1, and its service in pcscd", broken)
    return getattr(cardwright_reader, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def _say(what: str, cause: ImportError) -> NoReturn:
    raise ImportError(what, name="cardwright_reader") from cause
