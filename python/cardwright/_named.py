"""What the enumerations have in common."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, cast

from ._words import WORDS

if TYPE_CHECKING:
    from typing_extensions import Self

# The first number of a value of the program's own.
_OTHER = 0x1_0000


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


class NamedOrOther(Named):
    """The same with values of the program's own, which the library does not know: `CardKind.other(7)`."""

    @classmethod
    def other(cls, own: int) -> Self:
        """The value of the program's own with this number, 0 to 65535; its word is `other 7`.

        Raises:
            MissingArgument: the number is another. It is a `ValueError`.
        """
        if not 0 <= own <= 0xFFFF:
            from .errors import _unknown

            raise _unknown(f"{own!r} is no number of one's own, which is 0 to 65535")
        return cls(_OTHER + own)

    @property
    def own(self) -> int | None:
        """The program's own number; `None` where it is a value of the library's."""
        return self.value - _OTHER if self.value >= _OTHER else None

    @property
    def word(self) -> str:
        """The word by which it is known; `other 7` for one of the program's own."""
        return super().word if self.own is None else f"other {self.own}"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            word, _, own = value.partition(" ")
            if word.casefold() == "other" and own.isascii() and own.isdigit() and int(own) <= 0xFFFF:
                return cls(_OTHER + int(own))
        if isinstance(value, int) and _OTHER <= value <= _OTHER + 0xFFFF:
            member = int.__new__(cls, value)
            member._name_ = f"Other_{value - _OTHER}"
            member._value_ = value
            # Two threads get the same one.
            return cast("Self", cls._value2member_map_.setdefault(value, member))
        return super()._missing_(value)
