"""The cards that an operation for many cards is for: what a caller may give, and what each text of it is."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, Union

from . import _arguments, _cardwright
from ._cardwright import Card
from .errors import InputError

if TYPE_CHECKING:
    from ._cardwright import Cards


class _Arrow(Protocol):
    """What has the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


_Cards = Union["Cards[Any]", Iterable["Card | str | int | Mapping[str, Any]"], "os.PathLike[str]", str, _Arrow]
"""What names cards."""
_By = Union[Literal["id", "serial_number"], None]
"""What texts are: ids, unless `by` or a column's name tells."""
_Given = Union[Card, str, "tuple[bool, str, str]"]


def given(cards: _Cards, by: _By) -> list[_Given]:
    """Records, ids, and what else is to be looked up: whether it is a serial number, its text, and where it stands."""
    if by is not None:
        _arguments.text("by", by)
    if isinstance(cards, (Card, int)):
        raise TypeError(f"cards: one card is given as a list, [{cards!r}]; a client's operate() does an operation to it")
    if isinstance(cards, (str, os.PathLike)):
        return _of_file(_arguments.file("cards", cards), by)
    if hasattr(cards, "iloc"):
        return _of_pandas(cards, by)
    column = _cardwright._card_cells(cards, by)
    if column is not None:
        is_serial, cells = column
        if is_serial is None:
            return _series(cells, getattr(cards, "name", None), by)
        return _cells(cells, is_serial)
    if isinstance(cards, (bytes, bytearray, Mapping)) or not isinstance(cards, Iterable):
        raise TypeError(f"cards are a list, a frame, a file or a client's cards(), not {type(cards).__name__}")
    items = list(cards)
    rows = [item for item in items if isinstance(item, Mapping) and not isinstance(item, Card)]
    if rows and len(rows) == len(items):
        return _of_rows(rows, by)
    return [item if isinstance(item, Card) else _one(item, _key(by), n) for n, item in enumerate(items)]


def _of_file(path: str, by: _By) -> list[_Given]:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except FileNotFoundError as error:
        said = f"cards: {error.strerror}; a text alone is the name of a file, and ids are a list, [{path!r}]"
        raise FileNotFoundError(error.errno, said, path) from None
    return [*_cardwright._card_list(text, path, by)]


def _of_pandas(cards: Any, by: _By) -> list[_Given]:
    if not hasattr(cards, "columns"):
        return _series(cards.tolist(), cards.name, by)
    n, is_serial = _cardwright._card_column([str(name) for name in cards.columns], by)
    return _cells(cards.iloc[:, n].tolist(), is_serial)


def _of_rows(rows: list[Mapping[str, Any]], by: _By) -> list[_Given]:
    names = [str(name) for name in rows[0]]
    n, is_serial = _cardwright._card_column(names, by)
    return _cells([row.get(names[n]) for row in rows], is_serial)


def _series(cells: list[Any], name: object, by: _By) -> list[_Given]:
    """The cells of a column that stands alone: its name tells what it has, as that of a frame's column does."""
    if by is not None or not isinstance(name, str) or not name:
        return _cells(cells, _key(by))
    try:
        _, is_serial = _cardwright._card_column([name], by)
    except InputError as error:
        raise InputError(f'{error}; by="id" or by="serial_number" says what it has') from None
    return _cells(cells, is_serial)


def _cells(cells: list[Any], is_serial: bool) -> list[_Given]:
    return [_one(cell, is_serial, n) for n, cell in enumerate(cells)]


def _key(by: _By) -> bool:
    if by not in (None, "id", "serial_number"):
        raise InputError(f'by must be "id" or "serial_number", not {by!r}')
    return by == "serial_number"


def _one(item: object, is_serial: bool, n: int) -> _Given:
    word = "serial number" if is_serial else "id"
    if isinstance(item, str):
        if not item.strip():
            raise InputError(f"item {n} has no {word}")
        return (True, item, "") if is_serial else item
    if item is None or item != item or type(item).__name__ == "NAType":
        raise InputError(f"item {n} has no {word}")
    try:
        number = None if isinstance(item, bool) else operator.index(item)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"item {n} is no card and no {word}: {type(item).__name__}")
    if is_serial:
        raise TypeError(f"item {n} is the number {number}, and a serial number is a text: read it as one, with its zeros")
    return str(number)
