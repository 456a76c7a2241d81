"""What the enumerations have in common."""

from __future__ import annotations

from enum import Enum, EnumMeta, IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Self

# The first number of a value of the program's own.
_OTHER = 0x1_0000


class _Words(EnumMeta):
    def __contains__(cls, value: object) -> bool:
        # Before Python 3.12 an enumeration contains its members alone.
        return isinstance(value, str) and value in cls._value2member_map_


class Named(str, Enum, metaclass=_Words):
    """The word by which the vendor, or the standard, knows something.

    A member is equal to its word, has its hash, and is written as it: `card.state == "Issued"`, `str()`, `json.dumps()`. A
    member is found by its word, whatever the case of the letters: `CardState.of("issued")`. `.number`, or `int()`, is its
    number in Rust and in C.
    """

    _value_: str
    _by_number: ClassVar[dict[int, Any]]

    number: int

    if TYPE_CHECKING:

        def __new__(cls, value: str) -> Self: ...

    @property
    def word(self) -> str:
        """The word by which the vendor, or the standard, knows it: a plain `str`."""
        return self._value_

    @classmethod
    def of(cls, value: str) -> Self:
        """The member with this word.

        Raises:
            MissingArgument: there is none. It is a `ValueError`, and lists the words.
            TypeError: it is no text, or a member of another enumeration.
        """
        return cls._given(None, value)

    @classmethod
    def _given(cls, name: str | None, value: object) -> Self:
        """The member with this word, which was given as the parameter with this name."""
        if isinstance(value, cls):
            return value
        word = value if isinstance(value, str) and not isinstance(value, Enum) else None
        if word is not None:
            try:
                return cls(word)
            except ValueError:
                pass
        where = "" if name is None else f"{name}: "
        words = ", ".join(member._value_ for member in cls)
        message = f"{where}{value!r} is no {cls.__name__}, which is one of {words}"
        if word is None:
            raise TypeError(message)
        from .errors import _unknown

        raise _unknown(message)

    @classmethod
    def _of_number(cls, number: int) -> Self:
        """The member with a number of the core."""
        member: Self = cls._by_number[number]
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            for member in cls:
                if value.casefold() in (member._value_.casefold(), member._name_.casefold()):
                    return member
        return None

    def __str__(self) -> str:
        return self._value_

    def __format__(self, spec: str) -> str:
        return format(self._value_, spec)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self._name_}: {self.number}>"

    def __int__(self) -> int:
        return self.number

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return type(self), (self._value_,)


_N = TypeVar("_N", bound=Named)


def numbered(numbers: Iterable[int]) -> Callable[[type[_N]], type[_N]]:
    """Gives the members of an enumeration their numbers, in this order."""

    def give(enumeration: type[_N]) -> type[_N]:
        enumeration._by_number = dict(zip(numbers, enumeration))
        for number, member in enumeration._by_number.items():
            member.number = number
        return enumeration

    return give


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
        word = f"other {own:d}"
        member = str.__new__(cls, word)
        member._value_ = word
        member.number = _OTHER + own
        member._name_ = f"Other_{own:d}"
        # Two threads get the same one.
        found: Self = cls._value2member_map_.setdefault(word, member)  # type: ignore[assignment]
        return found

    @property
    def own(self) -> int | None:
        """The program's own number; `None` where it is a value of the library's."""
        return self.number - _OTHER if self.number >= _OTHER else None

    @classmethod
    def _of_number(cls, number: int) -> Self:
        return cls.other(number - _OTHER) if number >= _OTHER else super()._of_number(number)

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            word, _, own = value.partition(" ")
            if word.casefold() == "other" and own.isascii() and own.isdigit() and int(own) <= 0xFFFF:
                return cls.other(int(own))
        return super()._missing_(value)


class Numbered(IntEnum):
    """A number that is documented, with a name: `Code.Refused == 704`. `str()` gives the name.

    A member is found by its number or by its name, whatever the case of the letters: `Code.of("refused")`.
    """

    @property
    def number(self) -> int:
        """The number: a plain `int`."""
        return self._value_

    @property
    def word(self) -> str:
        """The name."""
        return self._name_

    @classmethod
    def of(cls, value: int | str) -> Self:
        """The member with this number or name.

        Raises:
            MissingArgument: there is none. It is a `ValueError`, and lists the names.
        """
        if not isinstance(value, bool):
            try:
                return cls(value)  # type: ignore[arg-type]
            except ValueError:
                pass
        from .errors import _unknown

        raise _unknown(f"{value!r} is no {cls.__name__}, which is one of {', '.join(cls.__members__)}")

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, str):
            for member in cls:
                if value.casefold() == member._name_.casefold():
                    return member
        return None

    def __str__(self) -> str:
        return self._name_

    def __format__(self, spec: str) -> str:
        try:
            return format(self._name_, spec)
        except ValueError:
            # As of any other number: f"{code:d}".
            return format(self._value_, spec)
