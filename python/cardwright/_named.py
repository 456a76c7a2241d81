"""What the enumerations have in common."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from ._words import WORDS

if TYPE_CHECKING:
    from typing_extensions import Self


class Named(IntEnum):
    """A number with the word by which the vendor, or the standard, knows it; `str()` gives the word.

    A member is found by its number or by its word, whatever the case of the letters: `CardState.of("issued")`.
    """

    @property
    def word(self) -> str:
        """The word by which the vendor, or the standard, knows it."""
        return WORDS.get(type(self).__name__, {}).get(self.value, self.name)

    @classmethod
    def of(cls, value: int | str) -> Self:
        """The member with this number or word.

        Raises:
            MissingArgument: there is none. It is a `ValueError`, and lists the words.
        """
        try:
            return cls(value)  # type: ignore[arg-type]
        except ValueError:
            from .errors import _unknown

            words = ", ".join(member.word for member in cls)
            raise _unknown(f"{value!r} is no {cls.__name__}, which is one of {words}") from None

    def __str__(self) -> str:
        return self.word

    def __format__(self, spec: str) -> str:
        try:
            return format(self.word, spec)
        except ValueError:
            # As of any other number: f"{code:d}".
            return format(int(self), spec)

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            for member in cls:
                if value.casefold() in (member.word.casefold(), member.name.casefold()):
                    return member
        return None
