"""Readers and the cards in them, by PC/SC.

On Linux that is pcscd with its library (Debian: `pcscd`, `libpcsclite1`). Where there is none, `import cardwright` works
all the same, and the first use of a name of this module is an `ImportError` that says what to install.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from ._pcsc import (
        Event, Guess, Identifier, Identity, Reader, Response, Session, VirtualCard, Watch, connect, readers, watch,
    )

__all__ = [
    "Event", "Guess", "Identifier", "Identity", "Reader", "Response", "Session", "VirtualCard", "Watch", "connect",
    "readers", "watch",
]

_MODULE = "cardwright._reader"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import_module(_MODULE)
    except ModuleNotFoundError as missing:
        if missing.name != _MODULE:
            raise
        _say("this cardwright was built without readers; installed from its sources by pip install -v, it says why", missing)
    except ImportError as broken:
        _say(f"PC/SC cannot be loaded ({broken}); Debian has it in libpcsclite1, and its service in pcscd", broken)
    from . import _pcsc

    return getattr(_pcsc, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def _say(what: str, cause: ImportError) -> NoReturn:
    raise ImportError(what, name=_MODULE) from cause
