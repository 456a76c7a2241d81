"""Records: frozen views that decode on use."""

from __future__ import annotations

import copy
import datetime
import json
import pickle

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


def test_times_have_a_zone() -> None:
    card = CardInfo(TEXT)
    utc = datetime.timezone.utc
    assert card.time_issued == datetime.datetime(2026, 11, 21, 23, 2, 3, 123456, tzinfo=utc)
    assert card.time_issued is not None and card.time_issued.tzinfo is utc
    assert card.time_revoked is None and card.time_updated is None
    (certificate,) = card.certificates
    assert certificate.kind is CertificateType.Managed
    assert certificate.valid_to == datetime.datetime(2027, 1, 1, tzinfo=utc)


def test_records_are_compared_hashed_and_pickled() -> None:
    card, same, other = CardInfo(TEXT), CardInfo(TEXT), CardInfo(TEXT.replace("Melted", "Issued"))
    assert card == same and card != other and card != json.loads(TEXT) and len({card, same, other}) == 2
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
