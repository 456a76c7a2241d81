"""Operations against the embedded server: those of both systems, what stops them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator

import cardwright
import pytest
from cardwright import (
    CardInfo,
    CardState,
    CertiFlow,
    Code,
    Dialect,
    Dialect,
    Evidence,
    Lifecycle,
    MimCm,
    Operation,
    Server,
    Smartcard,
    SmartcardStatus,
    System,
    errors,
)

STORY = "02A1B3C4"
APPROVED = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32"
"""A card of the story whose template asks for approval."""


@pytest.fixture
def card(cardwright_certiflow: CertiFlow) -> CardInfo:
    card = cardwright_certiflow.find(STORY)
    assert card is not None and card.state is CardState.Issued
    return card


@pytest.fixture
def everybodys() -> Iterator[MimCm]:
    """MIM CM where the list has all cards."""
    with Server(cards=300, switches={"mim-smartcards": "all"}) as server, server.mim() as client:
        yield client


def now(outcome: cardwright.Outcome) -> object:
    assert outcome.done and not outcome.answer_lost and outcome.card is not None
    return outcome.card.state


def test_a_card_of_certiflow_goes_through_its_life(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, card: CardInfo
) -> None:
    cm = cardwright_certiflow
    disabled = cm.disable(card).card
    assert isinstance(disabled, CardInfo) and disabled.state is CardState.Disabled
    assert disabled.time_disabled is not None and disabled.time_disabled.utcoffset() is not None
    assert now(cm.enable(disabled)) is CardState.Issued
    assert now(cm.pre_update(card)) is CardState.Issued
    assert now(cm.revoke(card, "CardLost")) is CardState.Revoked
    revoked = cm.card(card.id)
    assert revoked is not None
    assert now(cm.withdraw(revoked)) is CardState.Clean
    assert card.state is CardState.Issued, "a record is what it was"
    rows = [row for row in cardwright_server.audit() if row.card == card.id]
    assert [row.operation for row in rows] == ["suspend", "resume", "pre-update", "revoke", "retire"]
    assert all(row.done and row.system is System.CertiFlow and row.account == "demo" for row in rows)


def test_a_card_of_mim_cm_goes_through_its_life(everybodys: MimCm) -> None:
    cards = list(everybodys.cards())
    for state, operate, wanted in (
        (SmartcardStatus.Suspended, everybodys.reinstate, SmartcardStatus.Active),
        (SmartcardStatus.Disabled, everybodys.retire, SmartcardStatus.Retired),
        (SmartcardStatus.Suspended, everybodys.revoke, SmartcardStatus.Disabled),
    ):
        card = [card for card in cards if card.state is state].pop()
        outcome = operate(card, "for a test")
        assert now(outcome) is wanted and outcome.request
        assert everybodys.request(outcome.request)["Comment"] == "for a test"
        cards.remove(card)


def test_what_the_tables_document_stops_an_operation(cardwright_certiflow: CertiFlow, card: CardInfo) -> None:
    revoked = cardwright_certiflow.revoke(card, "CardLost").card
    assert isinstance(revoked, CardInfo)
    with pytest.raises(errors.NotAllowed) as stopped:
        cardwright_certiflow.pre_update(revoked)
    error = stopped.value
    assert error.code is Code.NotAllowed and error.status is None and error.card == revoked
    assert error.legal == (Operation.Retire,) == Lifecycle(revoked).legal()


def test_what_is_assumed_is_sent_and_the_server_refuses(cardwright_certiflow: CertiFlow, card: CardInfo) -> None:
    revoked = cardwright_certiflow.revoke(card, "CardLost").card
    assert isinstance(revoked, CardInfo)
    with pytest.raises(errors.AnswerError, match="a revocation is final") as refused:
        cardwright_certiflow.enable(revoked)
    assert (refused.value.code, refused.value.status) == (Code.Refused, 409)
    assert refused.value.legal == (Operation.Retire,)


def test_strict_stops_what_is_assumed_and_off_stops_nothing(cardwright_server: Server) -> None:
    strict, off = cardwright_server.certiflow(check="strict"), cardwright_server.certiflow(check="off")
    card = strict.find(STORY)
    assert card is not None
    with pytest.raises(errors.NotAllowed):
        strict.enable(card)
    with pytest.raises(errors.AnswerError):
        off.enable(card)


def test_in_mim_cm_the_servers_list_decides(cardwright_mim: MimCm) -> None:
    card = cardwright_mim.card("438d1b30-f3b4-4bed-85fa-285e08605ba7")
    assert card is not None
    assert {one.word for one in cardwright_mim.operations(card)} == {"renew", "unblock", "retire"}
    assert all(one.by_server for one in cardwright_mim.operations(card))
    with pytest.raises(errors.NotAllowed, match="renew, unblock, retire") as stopped:
        cardwright_mim.revoke(card)
    assert stopped.value.legal == (Operation.Retire,) and stopped.value.card == card


def test_a_systems_words_are_its_own(cardwright_mim: MimCm, cardwright_certiflow: CertiFlow, card: CardInfo) -> None:
    mine = cardwright_mim.card(APPROVED)
    assert mine is not None
    with pytest.raises(errors.NotSupported):
        cardwright_mim.operate(mine, "Disable")
    with pytest.raises(errors.NotSupported):
        cardwright_mim.operate(mine, Operation.Suspend)
    assert now(cardwright_certiflow.operate(card, "Disable")) is CardState.Disabled
    with pytest.raises(errors.ConfigError, match="other system"):
        cardwright_certiflow.operate(mine, Operation.Suspend)
    with pytest.raises(errors.MissingArgument):
        cardwright_certiflow.operate(card, Operation.Revoke)
    with pytest.raises(ValueError, match="nothing"):
        cardwright_certiflow.revoke(card, "nothing")  # type: ignore[arg-type]


def test_what_waits_for_approval_goes_on_after_it(cardwright_server: Server, cardwright_mim: MimCm) -> None:
    card = cardwright_mim.card(APPROVED)
    assert card is not None
    waits = cardwright_mim.retire(card, "left the company")
    assert not waits.done and waits.card is None and waits.request
    assert cardwright_mim.request(waits.request).status is cardwright.RequestStatus.Pending
    assert not cardwright_mim.go_on(waits.request).done
    cardwright_server.approve(waits.request)
    assert now(cardwright_mim.go_on(waits.request)) is SmartcardStatus.Retired


def test_a_request_that_is_denied_is_an_error(cardwright_server: Server, cardwright_mim: MimCm) -> None:
    card = cardwright_mim.card(APPROVED)
    assert card is not None
    request = cardwright_mim.retire(card).request
    assert request
    cardwright_server.deny(request)
    with pytest.raises(errors.RequestEnded, match="Denied") as ended:
        cardwright_mim.go_on(request)
    assert ended.value.request == request


def test_a_lost_answer_is_read_from_the_card(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, card: CardInfo
) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "times": 1, "close": True, "carry_out": True}]})
    outcome = cardwright_certiflow.disable(card)
    assert outcome.done and outcome.answer_lost
    assert isinstance(outcome.card, CardInfo) and outcome.card.state is CardState.Disabled


def test_what_nobody_can_tell_is_an_exception_of_its_own(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, card: CardInfo
) -> None:
    cardwright_server.set_faults({"rules": [{"path": "**/revoke", "times": 1, "close": True}]})
    with pytest.raises(errors.OutcomeUnknown) as unknown:
        cardwright_certiflow.revoke(card, "CardLost")
    assert unknown.value.card == card and unknown.value.code is Code.Broken


def test_a_plan_is_what_would_be_sent(cardwright_certiflow: CertiFlow, cardwright_mim: MimCm, card: CardInfo) -> None:
    (revoke,) = cardwright_certiflow.plan(card, "revoke", reason="CardLost")
    assert revoke.method == "POST" and revoke.address.endswith(f"/Cards/{card.id}/Revoke?reason=CardLost")
    assert revoke.body is None
    mine = cardwright_mim.card(APPROVED)
    assert mine is not None
    assert len(cardwright_mim.plan(mine, Operation.Retire)) == 5
    assert cardwright_certiflow.card(card.id) == card, "nothing was sent"


def test_what_has_no_words_here_can_be_sent(cardwright_certiflow: CertiFlow) -> None:
    answer = cardwright_certiflow.raw("get", "Cards?count=1")
    assert answer.status == 200 and len(answer.json()) == 1
    assert ("content-type", "application/json; charset=utf-8") in answer.headers
    assert cardwright_certiflow.raw("GET", "nothing").status == 404
    assert cardwright_certiflow.raw("DELETE", "Cards/1").status == 405
    with pytest.raises(errors.InputError, match="PATCH or DELETE"):
        cardwright_certiflow.raw("TRACE", "Cards/1")


def test_the_old_dialect_finds_cards_by_their_user(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.icmapi_url, cardwright_server.auth, dialect="G1") as old:
        (card, *_) = old.cards(user="aweber@demo.example")
        outcome = old.disable(card)
        assert isinstance(outcome.card, CardInfo) and outcome.card.state is CardState.Disabled
        assert old.card_of("aweber@demo.example", str(card.id)) == outcome.card
        with pytest.raises(errors.NotSupported):
            old.cards(state="Issued", user="aweber@demo.example")
        with pytest.raises(errors.NotSupported):
            old.withdraw(card)


def test_a_server_has_the_generations_that_it_is_told() -> None:
    with Server(cards=0) as server:
        assert [one for one in Dialect if server.url_of(one)] == ["G1", "G5", "G7"]
        assert server.url_of("G7") == server.certiflow_url and server.url_of("G1") == server.icmapi_url
    for certiflow in ("g2=/old/icmapi,g6=/cm6/api,g7", iter(["g2=/old/icmapi", "g6=/cm6/api", "g7"])):
        with Server(cards=0, certiflow=certiflow) as server:
            assert (server.url_of("G2"), server.url_of("G5")) == (f"{server.url}/old/icmapi", None)
            url = server.url_of(Dialect.G6)
            assert url is not None and url == f"{server.url}/cm6/api"
            with CertiFlow(url, server.auth, dialect="G6") as old:
                card = old.find(STORY)
                assert card and old.disable(card).done
                with pytest.raises(errors.NotSupported):
                    old.withdraw(card)
    for wrong, told in (("g6,g7", "g6=/g6/certiflow/api,g7"), ("g8", "G1, G2"), ([], "g7"), ("g6=x", "begins with /")):
        with pytest.raises(errors.InputError, match=told):
            Server(certiflow=wrong)


def test_a_lifecycle_is_asked_before_anything_is_sent(card: CardInfo) -> None:
    life = Lifecycle(card)
    assert life.after("Disable") is CardState.Disabled is life.after(Operation.Suspend)
    assert life.after("Enable") is None
    assert life.verdict("revoke").evidence is Evidence.Documented and life.verdict("revoke").source
    assert Lifecycle(SmartcardStatus.Active).legal() == (Operation.Revoke, Operation.Retire)
    assert Lifecycle(SmartcardStatus.Active).verdict(Operation.Suspend).lacks
    with pytest.raises(errors.MissingArgument, match="Burning"):
        Lifecycle(CardInfo('{"id": 1, "state": "Burning"}'))
    assert life.system is System.CertiFlow and isinstance(card, CardInfo) and not isinstance(card, Smartcard)


def test_what_no_operation_undoes_says_so() -> None:
    assert [operation for operation in Operation if operation.is_final] == [Operation.Revoke, Operation.Retire]


def test_a_card_is_operated_on_by_its_id(cardwright_certiflow: CertiFlow, card: CardInfo) -> None:
    key = str(card.id)
    planned = cardwright_certiflow.plan(key, "Disable")
    assert [one.address for one in planned] == [one.address for one in cardwright_certiflow.plan(card, "Disable")]
    held = cardwright_certiflow.operate(key, "Disable").card
    assert held is not None and str(held.id) == key and held.state is CardState.Disabled
    assert cardwright_certiflow.enable(key).done
    with pytest.raises(errors.NotFound, match="no card 999999"):
        cardwright_certiflow.disable("999999")
    with pytest.raises(TypeError):
        cardwright_certiflow.operate(7, "Disable")  # type: ignore[arg-type]


def test_a_request_is_followed_and_nothing_is_changed(cardwright_mim: MimCm) -> None:
    card = cardwright_mim.card(APPROVED)
    assert card is not None
    asked = cardwright_mim.retire(card)
    assert asked.request is not None
    for _ in range(2):
        now = cardwright_mim.follow(asked.request)
        assert (now.step, now.operation, now.unread) == ("awaiting approval", Operation.Retire, None)
        assert now.card is not None and now.card.uuid == card.uuid and now.request.uuid == asked.request
        assert "awaiting approval" in repr(now)
    with pytest.raises(errors.NotFound):
        cardwright_mim.follow("11111111-2222-3333-4444-555555555555")


def test_the_doctor_changes_nothing_and_says_what_is_wrong(cardwright_server: Server, cardwright_certiflow: CertiFlow) -> None:
    before = len(list(cardwright_server.audit()))
    checks = {check.name: check for check in cardwright_certiflow.doctor()}
    assert checks["sign-in"].level == "ok" and checks["base"].level == "ok" and checks["base"].next is None
    assert len(list(cardwright_server.audit())) == before
    stranger = CertiFlow(cardwright_server.certiflow_url, ("stranger", "a password"))
    wrong = {check.name: check for check in stranger.doctor(limit=60)}["sign-in"]
    assert wrong.level == "fail" and "401" in wrong.seen and wrong.next and "stranger" in repr(wrong)
    with pytest.raises(errors.InputError, match="limit"):
        stranger.doctor(limit=0)
