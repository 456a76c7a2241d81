"""Enumerations are words: in comparisons, as keys, in texts, in documents and in tables; and nothing else is taken for one."""

from __future__ import annotations

import copy
import csv
import inspect
import io
import json
import pickle
import threading
from collections.abc import Callable
from enum import Enum
from typing import Any, get_args

import cardwright
import pytest
from cardwright import (
    CardKind, CardState, CertiFlow, Code, Dialect, Lifecycle, MimCm, Operation, RequestStatus, RequestType, RevocationReason,
    Server, Smartcard, SmartcardStatus, Source, System, _enums,
)
from cardwright._named import Named, NamedOrOther, Numbered
from cardwright.errors import MissingArgument, NotSupported

ENUMERATIONS = [value for value in vars(_enums).values() if inspect.isclass(value) and issubclass(value, Named) and len(value)]
MEMBERS = [member for enumeration in ENUMERATIONS for member in enumeration]
OWN = [CardKind.other(7), Source.other(0xFFFF)]
TAKEN = [enumeration for enumeration in ENUMERATIONS if hasattr(_enums, f"{enumeration.__name__}Word")]


class Foreign(str, Enum):
    """An enumeration of a program's own."""

    Issued = "Issued"
    Disable = "Disable"


NO_WORDS: list[Any] = [True, False, 0, 1, 3, 1.0, b"Issued", ["Issued"], object(), Code.Refused, Foreign.Issued]


def test_there_are_enumerations() -> None:
    assert len(ENUMERATIONS) == 18 and len(MEMBERS) > 150 and len(TAKEN) == 8
    assert all(getattr(cardwright, enumeration.__name__) is enumeration for enumeration in ENUMERATIONS)


@pytest.mark.parametrize("member", [*MEMBERS, *OWN], ids=repr)
def test_a_member_is_its_word(member: Named) -> None:
    enumeration, word = type(member), member.word
    numbers: list[object] = [member.number]
    assert type(word) is str and word and member.value == word
    assert member == word and word == member and not member != word and not word != member
    assert member != word + "x" and word + "x" != member and member not in numbers and member != word.swapcase()
    assert hash(member) == hash(word) and {word: 1}[member] == 1 and word in dict.fromkeys([member]) and len({member, word}) == 1
    assert member in (word,) and word in [member] and member in {word} and word in frozenset({member})
    assert word in enumeration and member in enumeration and word + "x" not in enumeration and member.number not in enumeration
    assert type(str(member)) is str and str(member) == f"{member}" == f"{member!s}" == f"{member}" == format(member) == word
    assert f"{member:>40}|{member:.2}" == f"{word:>40}|{word:.2}" and "".join([member]) == word
    assert repr(member) == f"<{enumeration.__name__}.{member.name}: {member.number}>"
    assert json.dumps({"a": member, member: [member]}) == json.dumps({"a": word, word: [word]})
    csv.writer(out := io.StringIO()).writerow([member])
    assert next(csv.reader([out.getvalue()])) == [word]


@pytest.mark.parametrize("member", [*MEMBERS, *OWN], ids=repr)
def test_a_member_is_one_object_however_it_is_found(member: Named) -> None:
    enumeration, word = type(member), member.word
    assert type(member.number) is int and int(member) == member.number and enumeration._of_number(member.number) is member
    for found in (word, word.upper(), word.lower(), member):
        assert enumeration.of(found) is member is enumeration(found)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(member, protocol)) is member
    assert copy.copy(member) is member is copy.deepcopy(member) and copy.deepcopy([member])[0] is member


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_what_is_no_word_of_an_enumeration_is_refused_with_the_words(enumeration: type[Named]) -> None:
    others = [member for member in MEMBERS if type(member) is not enumeration]
    for wrong in [*NO_WORDS, None, *others]:
        with pytest.raises(TypeError) as refused:
            enumeration.of(wrong)
        assert all(member.word in str(refused.value) for member in enumeration) and repr(wrong) in str(refused.value)
    for wrong in ("", "no such word", "1", *(f" {member.word}" for member in enumeration)):
        with pytest.raises(MissingArgument) as unknown:
            enumeration.of(wrong)
        assert all(member.word in str(unknown.value) for member in enumeration)
    for number in (True, *(member.number for member in enumeration)):
        with pytest.raises(ValueError, match="is not a valid"):
            enumeration(number)  # type: ignore[arg-type]


@pytest.mark.parametrize("enumeration", TAKEN)
def test_the_type_of_the_words_has_the_words(enumeration: type[Named]) -> None:
    alias = f"{enumeration.__name__}Word"
    assert getattr(cardwright, alias) is getattr(_enums, alias) and alias in cardwright.__all__
    words = [member.word for member in enumeration]
    named = list(get_args(getattr(_enums, alias)))
    assert named[: len(words)] == words and len(named) == len(set(named))
    for more in named[len(words) :]:
        assert enumeration is Operation
        assert any(taken(system, more) for system in System)


def taken(system: System, word: str) -> bool:
    try:
        return isinstance(cardwright._cardwright.operation(system, word), Operation)
    except NotSupported:
        return False


def test_two_threads_make_one_value_of_the_program_s_own() -> None:
    found: list[NamedOrOther] = []
    together = threading.Barrier(8)

    def make() -> None:
        together.wait()
        found.extend(CardKind.other(own) for own in range(1000, 1400))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 400 and len(found) == 3200


def test_codes_are_numbers() -> None:
    assert issubclass(Code, Numbered) and Code.Refused.number == 704 == int(Code.Refused) and Code.Refused in [704] and json.dumps(Code.Refused) == "704"
    assert str(Code.Refused) == Code.Refused.word == "Refused" and f"{Code.Refused:>9}" == "  Refused" and f"{Code.Refused:d}" == "704"
    assert Code.of("refused") is Code.of(704) is Code.Refused and pickle.loads(pickle.dumps(Code.Refused)) is Code.Refused
    for wrong in (True, 1, "no such"):
        with pytest.raises(MissingArgument, match="Refused"):
            Code.of(wrong)


@pytest.fixture(scope="module")
def server() -> Any:
    with Server(seed=1, cards=60) as server:
        yield server


NOBODY = CertiFlow("http://127.0.0.1:1/certiflow/api", ("a", "b"), attempts=1)
NOBODY_IN_MIM = MimCm("http://127.0.0.1:1/CertificateManagement", ("a", "b"), attempts=1)
CARD = cardwright.CardInfo('{"id":1,"state":"Issued"}')

CALLS: list[tuple[str, type[Named], Callable[[Any], object]]] = [
    ("state", CardState, lambda given: NOBODY.cards(state=given)),
    ("expiring", cardwright.ContentExpirationStatus, lambda given: NOBODY.cards(expiring=given)),
    ("dialect", Dialect, lambda given: CertiFlow("http://127.0.0.1:1/certiflow/api", dialect=given)),
    ("reason", RevocationReason, lambda given: NOBODY.revoke(CARD, given)),
    ("reason", RevocationReason, lambda given: NOBODY.operate(CARD, "Revoke", reason=given)),
    ("reason", RevocationReason, lambda given: NOBODY.operate("1", "Revoke", reason=given)),
    ("reason", RevocationReason, lambda given: NOBODY.plan(CARD, "Revoke", reason=given)),
    ("reason", RevocationReason, lambda given: cardwright.plan([CARD], "Revoke", client=NOBODY, reason=given)),
    ("reason", RevocationReason, lambda given: cardwright.plan(NOBODY.cards(), "Revoke", reason=given)),
    ("reason", RevocationReason, lambda given: cardwright.bulk(NOBODY.cards(), "Revoke", reason=given)),
    ("operation", Operation, lambda given: NOBODY.operate(CARD, given)),
    ("operation", Operation, lambda given: NOBODY.operate("1", given)),
    ("operation", Operation, lambda given: NOBODY_IN_MIM.operate("1", given)),
    ("operation", Operation, lambda given: NOBODY.plan(CARD, given)),
    ("operation", Operation, lambda given: cardwright.plan([CARD], given, client=NOBODY)),
    ("operation", Operation, lambda given: cardwright.bulk(NOBODY.cards(), given)),
    ("operation", Operation, lambda given: Lifecycle(CARD).verdict(given)),
    ("operation", Operation, lambda given: Lifecycle(CARD).after(given)),
    ("status", RequestStatus, lambda given: NOBODY_IN_MIM.requests(status=given)),
]


@pytest.mark.parametrize(("name", "enumeration", "call"), CALLS, ids=[f"{name}-{at}" for at, (name, *_) in enumerate(CALLS)])
def test_only_members_and_words_are_taken(name: str, enumeration: type[Named], call: Callable[[Any], object]) -> None:
    """Nothing listens at the address: what is sent is an error of the network."""
    others = [member for member in MEMBERS if type(member) is not enumeration]
    for wrong in [*NO_WORDS, Foreign.Disable, *others[::7], RequestType.Retire]:
        with pytest.raises(TypeError, match=rf"^{name}: ") as refused:
            call(wrong)
        assert all(member.word in str(refused.value) for member in enumeration)
    with pytest.raises((MissingArgument, NotSupported), match=rf"^{name}: ") as unknown:
        call("no such word")
    words = [word for word in ("Disable", "Enable", "Revoke") if enumeration is Operation] or [one.word for one in enumeration]
    assert "Reinstate" in str(unknown.value) or all(word in str(unknown.value) for word in words)


def test_a_server_of_tests_takes_members_and_words(server: Server) -> None:
    for wrong in (True, 7, CardState.Issued):
        with pytest.raises(TypeError, match="^dialect: .*G7"):
            server.url_of(wrong)  # type: ignore[arg-type]
        with server.certiflow() as cm, pytest.raises(TypeError, match="^status: .*Pending"):
            cm.own_server().requests(status=wrong)  # type: ignore[arg-type]
    assert server.url_of("G7") == server.url_of(Dialect.G7) == server.certiflow_url


def test_a_lifecycle_is_of_a_card_or_of_a_member() -> None:
    assert Lifecycle(CardState.Issued).after("Disable") is CardState.Disabled
    assert Lifecycle(SmartcardStatus.Active).system is System.Mim
    for wrong in (True, 4, Operation.Suspend):
        with pytest.raises(TypeError, match="card: .*CardState .*Issued.*SmartcardStatus .*Active"):
            Lifecycle(wrong)  # type: ignore[arg-type]
    # Both systems have this word.
    for unknown in ("Disabled", cardwright.CardInfo('{"id":1,"state":"Blown"}')):
        with pytest.raises(MissingArgument, match="card: .*CardState .*Issued"):
            Lifecycle(unknown)  # type: ignore[arg-type]


def test_members_and_words_in_any_case_of_the_letters_find_the_same(server: Server) -> None:
    word: Any = "issued"
    with server.certiflow() as cm:
        issued = [card.id for card in cm.cards(state=CardState.Issued)]
        assert issued and issued == [card.id for card in cm.cards(state="Issued")] == [card.id for card in cm.cards(state=word)]
        card = next(iter(cm.cards(state="Issued")))
        assert [cm.plan(card, one)[0] for one in ("Disable", "suspend", Operation.Suspend)] == [cm.plan(card, "Disable")[0]] * 3


def test_a_state_that_nobody_knows_is_what_the_server_sent() -> None:
    card = cardwright.CardInfo('{"id":1,"state":"Blown"}')
    assert card.state == "Blown" and type(card.state) is str
    assert cardwright.CardInfo('{"id":1,"state":"ISSUED"}').state is CardState.Issued


def test_a_status_of_mim_cm_is_a_number_and_a_word_that_is_assumed() -> None:
    card = Smartcard('{"Uuid":"438d1b30-f3b4-4bed-85fa-285e08605ba7","Status":3}')
    assert card.status == 3 and isinstance(card.state, SmartcardStatus)
    other = Smartcard(card.json, None, "A")
    assert other.status == 3 and isinstance(other.state, SmartcardStatus) and other.state != card.state
    assert card.state == str(card.state) == card.state.word and SmartcardStatus._of_number(card.state.number) is card.state
    strange = Smartcard('{"Uuid":"438d1b30-f3b4-4bed-85fa-285e08605ba7","Status":77}')
    assert strange.status == 77 and strange.state is None


def test_a_column_is_compared_with_a_member(server: Server) -> None:
    libraries = [pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow", "pyarrow.compute")]
    pandas, polars, pyarrow, compute = libraries
    with server.certiflow() as cm:
        issued = sum(card.state == "Issued" for card in cm.cards())
        assert 0 < issued < 60
        for backend in ("pyarrow", None):
            frame = cm.cards().to_pandas(dtype_backend=backend)
            for state in (CardState.Issued, "Issued"):
                assert len(frame[frame.state == state]) == len(frame[frame["state"].isin([state])]) == issued
            assert set(frame["state"]) >= {CardState.Issued} and pandas.Series([CardState.Issued]).map({"Issued": 1})[0] == 1
        rows = cm.cards().to_polars()
        assert rows.filter(polars.col("state") == CardState.Issued).height == issued
        table = cm.cards().to_arrow()
        assert compute.sum(compute.equal(table["state"], CardState.Issued)).as_py() == issued
        assert pyarrow.array([CardState.Issued]).to_pylist() == ["Issued"]
