"""Exceptions: one tree, a class for each number."""

from __future__ import annotations

import pickle

from collections.abc import Callable
from typing import Any

import pytest
from cardwright import CardInfo, CardState, CardwrightError, CertiFlow, Code, Lifecycle, MimCm, Operation, Server, errors

BANDS = {
    100: errors.InputError,
    200: errors.OperationError,
    300: errors.JSONError,
    400: errors.InputError,
    500: errors.ReaderError,
    600: CardwrightError,
    700: errors.AnswerError,
    900: CardwrightError,
}

CLASSES = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, CardwrightError)]


@pytest.mark.parametrize("code", Code)
def test_each_number_is_one_class_of_its_band(code: Code) -> None:
    (kind,) = [one for one in CLASSES if code in vars(one).get("codes", ())]
    assert issubclass(kind, BANDS[code // 100 * 100])
    made = errors._make(int(code), "what went wrong", status=422, attempts=2)
    assert type(made) is kind and made.code is code and str(made) == "what went wrong"
    assert (made.status, made.attempts, made.card, made.legal, made.request) == (422, 2, None, (), None)


@pytest.mark.parametrize("kind", CLASSES)
def test_exceptions_are_pickled_with_all_they_know(kind: type[CardwrightError]) -> None:
    facts = {"status": 500, "card": CardInfo('{"id":1}'), "legal": (Operation.Retire,), "request": "r", "attempts": 3}
    error = kind("what went wrong", Code.Refused, **facts)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and str(again) == "what went wrong" and again.code is Code.Refused
    assert vars(again) == vars(error) and error.card is facts["card"]
    assert kind.__doc__


def test_they_are_what_python_calls_them() -> None:
    for kind, base in {
        errors.NetworkTimeout: TimeoutError,
        errors.CardTimeout: TimeoutError,
        errors.NetworkError: ConnectionError,
        errors.SignInFailed: PermissionError,
        errors.Forbidden: PermissionError,
        errors.NotFound: LookupError,
        errors.NoCard: LookupError,
        errors.InputError: ValueError,
    }.items():
        assert issubclass(kind, base) and issubclass(kind, CardwrightError)


CERTIFLOW = CertiFlow("http://127.0.0.1:1/certiflow/api")
ANY: Any = None


def misspelt(word: str) -> Any:
    """A word that the type checkers would find."""
    return word


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        (lambda: CERTIFLOW.cards(state=misspelt("Isued")), errors.MissingArgument, "'Isued' is no CardState, which is one of .*Issued"),
        (lambda: CERTIFLOW.revoke(CardInfo('{"id":1}'), misspelt("Lost")), errors.MissingArgument, "'Lost' is no .*CardLost"),
        (lambda: CardState.of("99"), errors.MissingArgument, "'99' is no CardState"),
        (lambda: Lifecycle(ANY), errors.MissingArgument, "not known: None"),
        (lambda: CERTIFLOW.cards(count=-1), errors.InputError, "count must be from 0 to 4294967295, not -1"),
        (lambda: CERTIFLOW.cards(offset=1 << 32), errors.InputError, "offset must be"),
        (lambda: MimCm(CERTIFLOW.url).cards(count=-1), errors.InputError, "count must be"),
        (lambda: CertiFlow(CERTIFLOW.url, page_size=-1), errors.InputError, "page_size must be"),
        (lambda: CertiFlow(CERTIFLOW.url, attempts=-1), errors.InputError, "attempts must be"),
        (lambda: Server(cards=-1), errors.InputError, "cards must be"),
    ],
)
def test_a_wrong_argument_is_of_the_tree_and_a_value_error(
    wrong: Callable[[], object], kind: type[CardwrightError], said: str
) -> None:
    with pytest.raises(kind, match=said) as error:
        wrong()
    assert isinstance(error.value, ValueError) and error.value.code in kind.codes


def test_a_member_is_formatted_as_its_word_or_as_its_number() -> None:
    assert f"{Code.Hex}|{Code.Hex:>5}|{Code.Hex:d}|{Code.Hex:#06x}" == f"{Code.Hex.word}|{Code.Hex.word:>5}|102|0x0066"
