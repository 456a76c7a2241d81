"""Operations against the embedded server."""

import cardwright
from cardwright import CardState, CertiFlow


def test_a_lost_card_is_revoked(cardwright_certiflow: CertiFlow) -> None:
    card = cardwright_certiflow.find("02A1B3C4")
    assert card is not None and card.state is CardState.Issued
    outcome = cardwright_certiflow.revoke(card, "CardLost")
    assert outcome.done and outcome.card is not None
    assert outcome.card.state is CardState.Revoked
    assert card.state is CardState.Issued, "a card is what it was"


def test_the_package_knows_its_version() -> None:
    assert cardwright.__version__
