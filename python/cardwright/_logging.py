"""Records of the standard library's `logging`, of what the extension modules report.

The extension modules keep what is reported, and call `_handle` for it on the thread that made the call, before the call
returns.
"""

from __future__ import annotations

import logging

_PACKAGE = logging.getLogger("cardwright")
_NOBODY = logging.NullHandler()
_PACKAGE.addHandler(_NOBODY)

_LOGGERS = tuple(_PACKAGE.getChild(name) for name in ("sign_in", "http", "bulk", "reader", "client"))
"""In the order of `LOGGERS` in `python/common/src/logging.rs`."""

_OFF = 255
_UNHEARD = [_NOBODY]


def _levels() -> list[int] | None:
    """The level of each logger, 255 where nobody listens; `None` where nobody listens to any."""
    if not logging.root.handlers and _PACKAGE.handlers == _UNHEARD:
        if not any(logger.handlers or logger.filters for logger in _LOGGERS):
            return None
    heard = _is_heard(_PACKAGE)
    return [_level(logger, heard) for logger in _LOGGERS]


def _level(logger: logging.Logger, package_is_heard: bool) -> int:
    heard = _is_heard(logger) if logger.handlers else package_is_heard and logger.propagate
    if logger.disabled or not (heard or logger.filters):
        return _OFF
    # Of what logging.disable() takes away.
    return min(max(logger.getEffectiveLevel(), logger.manager.disable + 1, 0), _OFF)


def _is_heard(logger: logging.Logger) -> bool:
    at: logging.Logger | None = logger
    while at is not None:
        if not all(isinstance(handler, logging.NullHandler) for handler in at.handlers):
            return True
        at = at.parent if at.propagate else None
    return False


def _handle(
    number: int, level: int, created: float, place: tuple[str, int | None], message: str, fields: dict[str, object]
) -> None:
    logger = _LOGGERS[number]
    if not logger.isEnabledFor(level):
        return
    target, line = place
    record = logger.makeRecord(
        logger.name, level, target, line or 0, message, (), None, extra={"cardwright": fields}
    )
    # When it happened, which may be a moment ago.
    record.relativeCreated += (created - record.created) * 1000
    record.created, record.msecs = created, int(created * 1000) % 1000
    logger.handle(record)
