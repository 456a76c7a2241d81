"""Arguments of public calls: of the right type, or a `TypeError` that names the parameter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar, cast

from ._enums import Code
from ._named import Named
from .errors import InputError, MissingArgument

_Member = TypeVar("_Member", bound=Named)


def wrong(name: str, right: str, value: object) -> NoReturn:
    """Refuses a value of a wrong type. The value itself is not shown: it may be a secret."""
    raise TypeError(f"{name} must be {right}, not {type(value).__name__}")


def text(name: str, value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        wrong(name, "str", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name} has half a character (a surrogate) in it", Code.Argument) from None
    return value


def filled(name: str, value: object) -> str:
    """A text that is not empty."""
    if not (given := text(name, value)):
        raise InputError(f"{name} is empty", Code.Argument)
    return given


def optional_filled(name: str, value: object) -> str | None:
    """A text that is not empty, or `None`."""
    return None if value is None else filled(name, value)


def line(name: str, value: object) -> str:
    """A text without line ends and other control characters."""
    if not (given := text(name, value)).isprintable():
        raise InputError(f"{name} has a character in it that is not printed, such as the end of a line", Code.Argument)
    return given


def optional_text(name: str, value: object) -> str | None:
    """A text, or `None`."""
    return None if value is None else text(name, value)


def texts(name: str, value: object) -> list[str]:
    """Texts, or one."""
    if isinstance(value, str):
        return [text(name, value)]
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, memoryview, Mapping)):
        wrong(name, "str, or several", value)
    return [text(name, one) for one in value]


def flag(name: str, value: object) -> bool:
    """`True` or `False`: no number, and no word that would count as true."""
    if not isinstance(value, bool):
        wrong(name, "bool", value)
    return value


def number(name: str, value: object) -> float:
    """A number, which may have a fraction."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        wrong(name, "a number", value)
    try:
        return float(value)
    except OverflowError:
        raise InputError(f"{name} is too large a number", Code.Argument) from None


def count(name: str, value: object, most: int = 0xFFFF_FFFF, least: int = 0) -> int:
    """A whole number that counts something."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        wrong(name, "int", value)
    whole = int(cast("Any", value).__index__())
    if not least <= whole <= most:
        # A number of thousands of digits is not written out.
        shown = whole if abs(whole) < 1 << 64 else "one of more digits"
        raise InputError(f"{name} must be from {least} to {most}, not {shown}", Code.Argument)
    return whole


def optional_count(name: str, value: object, most: int = 0xFFFF_FFFF) -> int | None:
    """A whole number that counts something, or `None`."""
    return None if value is None else count(name, value, most)


def identifier(name: str, value: object) -> str:
    """An id, which is a number in some systems and a text in others."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(count(name, value, (1 << 63) - 1, -(1 << 63)))
    if not isinstance(value, str):
        wrong(name, "str or int", value)
    return filled(name, value)


def file(name: str, value: object) -> str:
    """The name of a file."""
    if not isinstance(value, (str, os.PathLike)):
        wrong(name, "str or a path", value)
    path = os.fspath(value)
    if not isinstance(path, str):
        wrong(name, "str or a path of str", path)
    if not path or "\0" in path:
        raise InputError(f"{name} names no file: it is empty, or has a null character in it", Code.Argument)
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        raise InputError(f"{name} has half a character (a surrogate) in it", Code.Argument) from None
    return path


@contextmanager
def about(name: str) -> Iterator[None]:
    """Names the parameter in an error of its value that does not name it."""
    try:
        yield
    except (InputError, MissingArgument) as error:
        if name in str(error):
            raise
        raise type(error)(f"{name}: {error}", error.code) from None


def member(name: str, kind: type[_Member], value: object) -> _Member:
    """A member of an enumeration, by itself or by its word."""
    return kind._given(name, value)


def word(name: str, kind: type[Named], value: object) -> str | None:
    """The word of a member of an enumeration, or `None`."""
    return None if value is None else str(member(name, kind, value))
