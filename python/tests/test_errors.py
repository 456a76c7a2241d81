"""Exceptions: one tree, a class for each number."""

from __future__ import annotations

import pickle

import pytest
from cardwright import CardInfo, CardwrightError, Code, Operation, errors

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
    made = errors._make(int(code), "what went wrong", status=409, attempts=2)
    assert type(made) is kind and made.code is code and str(made) == "what went wrong"
    assert (made.status, made.attempts, made.card, made.legal, made.request) == (409, 2, None, (), None)


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
