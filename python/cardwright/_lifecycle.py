"""What may be done with a card, before anything is sent."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Union

from . import _arguments, _cardwright
from ._enums import CardState, Operation, SmartcardStatus, System
from .errors import _unknown

if TYPE_CHECKING:
    from ._cardwright import Card, Verdict
    from ._enums import OperationWord

    _State = Union[CardState, SmartcardStatus]


class Lifecycle:
    """The transition table of a card's system, at the card's state.

        >>> from cardwright import CardState, Lifecycle, Operation
        >>> life = Lifecycle(CardState.Issued)
        >>> life.after(Operation.Suspend)
        <CardState.Disabled: 5>
        >>> life.verdict("Enable").allowed
        False

    It is made of a card or of a member, as some words are of both systems. A state that nobody knows has no table:
    `MissingArgument`. In MIM CM the server's own list decides (`MimCm.operations`); the table only explains.
    """

    def __init__(self, card: Card | _State) -> None:
        state: Any = card.state if isinstance(card, _cardwright.Card) else card
        if not isinstance(state, (CardState, SmartcardStatus)):
            kinds = " or ".join(f"{kind.__name__} ({', '.join(kind)})" for kind in (CardState, SmartcardStatus))
            message = f"card: a state that is not known: {state!r}; it is a member of {kinds}"
            if state is None or (isinstance(state, str) and not isinstance(state, Enum)):
                raise _unknown(message)
            raise TypeError(message)
        self.state: _State = state
        """The state."""
        self.system: System = System.CertiFlow if isinstance(state, CardState) else System.Mim
        """The system."""

    def verdict(self, operation: Operation | OperationWord) -> Verdict:
        """What the table says of an operation, by its neutral or the system's own word.

        Raises:
            NotSupported: the system has no such word.
            TypeError: it is neither an operation nor a word.
        """
        return _cardwright.verdict(self.system, self.state, operation)

    def after(self, operation: Operation | OperationWord) -> _State | None:
        """The state that an operation leads to; `None` where it is not allowed."""
        return self.verdict(operation).to

    def legal(self) -> tuple[Operation, ...]:
        """The operations that the table allows, on whatever evidence."""
        return tuple(operation for operation in Operation if self.verdict(operation).allowed)

    def __repr__(self) -> str:
        return f"<Lifecycle {self.system} {self.state}>"
