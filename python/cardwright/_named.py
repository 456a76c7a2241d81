"""What the enumerations have in common."""

from __future__ import annotations

from typing import Any


class Named:
    """A value with the vendor's own word, which `str()` gives.

    A member is found by its number or by its word, whatever the case of the letters:
    `CardState(4)`, `CardState("Issued")`, `CardState["Issued"]`.
    """

    name: str
    value: int
    _words: dict[int, str] = {}

    @property
    def word(self) -> str:
        """The word by which the vendor, or the standard, knows it."""
        return self._words.get(self.value, self.name)

    def __str__(self) -> str:
        return self.word

    def __format__(self, spec: str) -> str:
        return format(self.word, spec)

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if isinstance(value, str):
            for member in cls:  # type: ignore[attr-defined]
                if value.casefold() in (member.word.casefold(), member.name.casefold()):
                    return member
        return None
