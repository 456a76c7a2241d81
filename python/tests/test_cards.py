"""Records: frozen views that decode on use."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import pytest
from cardwright import (
    CardInfo, CardKind, CardState, CertiFlow, CertificateType, MimCm, Request, Server, Smartcard, Source, errors,
)

TEXT = (
    '{"id":7,"state":"Melted","serialNumber":"0A","label":"\\u0418. \\ud83d\\ude00","tags":["a","b<"],'
    '"timeIssued":"2026-11-22T01:02:03.1234567+02:00","timeRevoked":"0001-01-01T00:00:00","nobodyKnows":[{"x":1.50}],'
    '"pacNumber":12345678901234567890,"certificates":[{"type":"Managed","validTo":"2027-01-01T00:00:00Z"}]}'
)


def test_what_is_not_known_is_kept() -> None:
    card = CardInfo(TEXT)
    assert card.state == "Melted" and card.label == "И. 😀" and card.pac_number == 12345678901234567890
    assert card.json == TEXT and card["nobodyKnows"] == [{"x": 1.5}]
    assert dict(card) == json.loads(TEXT) and len(card) == len(json.loads(TEXT)) and "id" in card
    assert list(card.keys()) == list(card) == list(json.loads(TEXT))
    with pytest.raises(KeyError):
        card["comment"]


def test_a_record_is_a_mapping() -> None:
    card = CardInfo(TEXT)
    members = json.loads(TEXT)
    assert isinstance(card, Mapping) and {**card} == card.to_dict() == members
    assert card.get("id") == 7 and card.get("comment") is None and card.get("comment", 1) == 1
    assert list(card.values()) == list(members.values()) and list(card.items()) == list(members.items())
    assert list(reversed(card)) == list(reversed(members)) and card.keys() & {"id", "x"} == {"id"}
    assert card == members and members == card and card == MappingProxyType(members)
    assert card != {**members, "id": 8} and card != 7
    with pytest.raises(KeyError, match="comment"):
        card["comment"]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match")
def test_a_record_is_matched_by_a_pattern_of_a_mapping() -> None:
    names: dict[str, Any] = {"card": CardInfo(TEXT)}
    exec("match card:\n    case {'id': 7, **rest}:\n        found = rest", names)
    assert names["found"] == {name: value for name, value in json.loads(TEXT).items() if name != "id"}


def test_what_a_record_hands_out_is_the_caller_s_own() -> None:
    card = CardInfo(TEXT)
    for handed in (dict(card), card.to_dict(), dict(card.items())):
        handed["tags"].append("c")
        handed["certificates"][0]["type"] = "Own"
    card["tags"].append("c")
    assert dict(card) == json.loads(TEXT)


@pytest.mark.parametrize(
    "value",
    [
        "1", "-0", "0", "123456789012345678901234567890", "-9223372036854775809", "1.10", "-0.0", "1e400", "1E-3", "2.5e+10",
        "5e-324", "0.1000000000000000055511151231257827", "true", "false", "null", "[]", "{}", '[1,[2,{"a":[]}]]', '""',
        r'"\ud800"', r'"\udc00\ud800"', r'"x\ud83d\ude00\ud83dy"', r'"\ufffd\\ \" \/\b\f\n\r\t\u0000"', '"é😀\ufffd"', r'"\ufffd\ud83d\ude00é\udead"',
        r'{"\u0061":1,"a":2,"b":3,"a":4}', r'{"\ud800":1,"' + "long" * 30 + r'\n":2}', ' [ 1 , { "x" : 2 } ] ',
    ],
)  # fmt: skip
def test_a_whole_record_is_what_json_makes_of_it(value: str) -> None:
    text = '{ "id":1, "x":%s, "y" :[%s] }' % (value, value)
    card = CardInfo(text)
    # repr tells -0.0 from 0.0, 1 from 1.0, and the order of members.
    assert repr(dict(card)) == repr(card.to_dict()) == repr(json.loads(text))
    assert repr(card["x"]) == repr(json.loads(value))


def test_a_whole_record_is_read_by_many_threads() -> None:
    card = CardInfo(TEXT)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: dict(card), range(500))) == [json.loads(TEXT)] * 500


def dated(text: object) -> CardInfo:
    return CardInfo(json.dumps({"id": 1, "expirationDate": text}))


@pytest.mark.parametrize(
    "text, offset",
    [
        ("2026-11-22T01:02:03.1234567+02:00", datetime.timedelta(hours=2)),
        ("2026-11-22t01:02:03.123456-0430", -datetime.timedelta(hours=4, minutes=30)),
        ("2026-11-22 01:02:03.123456Z", datetime.timedelta()),
        ("2026-11-22T01:02:03.123456+00:00", datetime.timedelta()),
        ("2026-11-22T01:02:03.123456+14:00", datetime.timedelta(hours=14)),
        ("2026-11-22T01:02:03.123456", None),
    ],
)
def test_a_date_has_the_zone_that_was_written(text: str, offset: datetime.timedelta | None) -> None:
    date = dated(text).expiration_date
    assert date is not None and date.utcoffset() == offset
    assert date.replace(tzinfo=None) == datetime.datetime(2026, 11, 22, 1, 2, 3, 123456)
    if not offset and offset is not None:
        assert date.tzinfo is datetime.timezone.utc


def test_a_bare_date_has_no_zone_and_no_date_is_none() -> None:
    assert dated("2026-11-22").expiration_date == datetime.datetime(2026, 11, 22)
    for nothing in (
        None, "0001-01-01T00:00:00", "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+03:00",
    ):  # fmt: skip
        assert dated(nothing).expiration_date is None
    assert CardInfo('{"id":1}').expiration_date is None
    (certificate,) = CardInfo(TEXT).certificates
    assert certificate.kind is CertificateType.Managed
    assert certificate.valid_to == datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "30.02.2026", "2026-02-30T00:00:00Z", "/Date(1700000000000)/", "", " ", "never", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00+99:00",
        "0001-01-01T00:30:00+03:00", "0000-00-00", "20260101", "2026-01-01T00:00:00 UTC", "0001-01-01x", "1700000000",
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_read_is_an_error_with_its_field_and_text(text: str) -> None:
    card = dated(text)
    with pytest.raises(errors.JSONError) as raised:
        _ = card.expiration_date
    assert isinstance(raised.value, ValueError) and "expiration_date" in str(raised.value) and f'"{text}"' in str(raised.value)
    assert card["expirationDate"] == text and card.time_issued is None
    assert len(str(raised.value)) < 200


def test_the_error_of_a_long_date_is_short() -> None:
    with pytest.raises(errors.JSONError) as raised:
        _ = dated("x" * 100_000).expiration_date
    assert len(str(raised.value)) < 200


def test_records_are_compared_hashed_and_pickled() -> None:
    card, same, other = CardInfo(TEXT), CardInfo(TEXT), CardInfo(TEXT.replace("Melted", "Issued"))
    assert card == same and card != other and len({card, same, other}) == 2
    assert card != CardInfo(TEXT.replace(',', ', ', 1)), "the server wrote it in another way"
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(card, protocol)) == card
        assert pickle.loads(pickle.dumps(card.certificates, protocol)) == card.certificates
    assert copy.deepcopy(card) == copy.copy(card) == card


def test_a_card_keeps_what_its_system_needs() -> None:
    mim = Smartcard('{"Uuid":"u","Status":3}', status_scheme="A")
    again: Smartcard = pickle.loads(pickle.dumps(mim))
    assert str(mim.state) == str(again.state) == "Disabled", "scheme A has another meaning for 3"
    assert str(Smartcard(mim.json).state) == "Active"
    with pytest.raises(errors.InputError):
        Smartcard(mim.json, status_scheme="C")


def test_records_are_frozen() -> None:
    card = CardInfo(TEXT)
    for name in ("label", "id", "anything"):
        with pytest.raises(AttributeError):
            setattr(card, name, "x")


def test_records_show_themselves() -> None:
    card = CardInfo(TEXT)
    assert repr(card) == "<CardInfo id=7 state='Melted' serial_number='0A'>"
    html = card._repr_html_()
    assert "<table>" in html and "b&lt;" in html and "b<" not in html


def test_wrong_json_is_an_error_that_says_where() -> None:
    for text in ("", "[]", '{"state":"Issued"}', '{"id":1,}', '{"id":1} x'):
        with pytest.raises(errors.JSONError) as error:
            CardInfo(text)
        assert isinstance(error.value, ValueError)
    with pytest.raises(errors.JSONError):
        _ = CardInfo('{"id":1,"certificates":[5]}').certificates


def test_a_list_is_lazy_and_pages(cardwright_server: Server) -> None:
    cm = cardwright_server.certiflow(page_size=10)
    everything = list(cm.cards())
    assert len(everything) == len({card.id for card in everything}) > 100
    assert [card.id for card in cm.cards(offset=35, count=30)] == [card.id for card in everything[35:65]]
    issued = list(cm.cards(state=CardState.Issued))
    assert 0 < len(issued) < len(everything) and {card.state for card in issued} == {CardState.Issued}
    assert {card.id for card in issued} == {card.id for card in cm.cards(state="Issued")}
    # Nothing is sent before the first card is asked for.
    with CertiFlow("http://127.0.0.1:1/certiflow/api", attempts=1) as nobody:
        cards = nobody.cards()
        with pytest.raises(errors.NetworkError):
            next(cards)


def test_filters_find_what_they_say(cardwright_certiflow: CertiFlow) -> None:
    cm = cardwright_certiflow
    (card,) = cm.cards(serial="02A1B3C4")
    assert card in list(cm.cards(user=card.user_name))
    assert card in list(cm.cards(policy=card.policy_name, card_type=card.card_type_name, card_model=card.card_model_name))
    assert card.time_issued is not None
    assert card in list(cm.cards(issued=card.time_issued.date()))
    assert all("vip" in one.tags for one in cm.cards(tags="vip"))
    assert list(cm.cards(expiring="ManagedCertificatesExpiring")) != list(cm.cards())
    with pytest.raises(ValueError, match="burning"):
        cm.cards(state="burning")  # type: ignore[arg-type]


def test_a_card_that_cannot_be_read_does_not_end_the_list(cardwright_server: Server) -> None:
    body = '[{"id":1},{"state":"Issued"},{"id":2}]'
    rule = {"path": "/certiflow/api/cards", "status": 200, "body": body, "content_type": "application/json"}
    cardwright_server.set_faults({"rules": [{**rule, "times": 1}, {**rule, "body": "[]"}]})
    cards = cardwright_server.certiflow().cards()
    assert next(cards).id == 1
    with pytest.raises(errors.JSONError, match=r"\.id"):
        next(cards)
    assert [card.id for card in cards] == [2]


def test_what_is_not_there_is_none(cardwright_certiflow: CertiFlow, cardwright_mim: MimCm) -> None:
    assert cardwright_certiflow.card(10**9) is None and cardwright_certiflow.find("FFFF") is None
    assert cardwright_mim.card("00000000-0000-0000-0000-000000000001") is None
    with pytest.raises(errors.InputError):
        cardwright_mim.find("no GUID")


def test_requests_of_mim_cm_are_records(cardwright_mim: MimCm) -> None:
    card = cardwright_mim.card("438d1b30-f3b4-4bed-85fa-285e08605ba7")
    assert card is not None
    done = cardwright_mim.retire(card, "lost")
    assert done.request
    request = cardwright_mim.request(done.request)
    assert isinstance(request, Request) and request.comment == "lost" and str(request.status) == "Completed"
    assert request.submitted is not None and request.submitted.tzinfo is not None
    with pytest.raises(errors.NotFound):
        cardwright_mim.request("00000000-0000-0000-0000-000000000001")


def test_kinds_and_sources_of_a_program_s_own_have_numbers_and_words() -> None:
    for enumeration in (CardKind, Source):
        own = enumeration.other(7)
        assert own.number == int(own) == 0x1_0007 and own.own == 7 and isinstance(own, enumeration)
        assert own == str(own) == own.word == "other 7" and own is enumeration("other 7") is enumeration.of("Other 7")
        assert own not in list(enumeration) and enumeration.other(0) != own and hash(own) == hash("other 7")
        assert pickle.loads(pickle.dumps(own)) is own and copy.copy(own) is own
        for member in enumeration:
            assert member.own is None and enumeration.of(member.word) is member
        for wrong in (-1, 0x1_0000):
            with pytest.raises(ValueError, match="0 to 65535"):
                enumeration.other(wrong)
        for nothing in ("other", "other 65536", "other -1", "other ٣"):
            with pytest.raises(ValueError, match=enumeration.__name__):
                enumeration.of(nothing)
