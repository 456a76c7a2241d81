"""Fixtures for tests with pytest: a server for each test, and clients of it.

They are there once the package is installed:

    def test_a_lost_card_is_revoked(cardwright_certiflow):
        card = cardwright_certiflow.find("02A1B3C4")
        assert cardwright_certiflow.revoke(card, "CardLost").done
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import CertiFlow, MimCm, Server


@pytest.fixture
def cardwright_server() -> Iterator[Server]:
    """A server of its own for the test: the story and 100 cards."""
    with Server() as server:
        yield server


@pytest.fixture
def cardwright_certiflow(cardwright_server: Server) -> Iterator[CertiFlow]:
    """A client of the test's server, as CertiFlow."""
    with cardwright_server.certiflow() as client:
        yield client


@pytest.fixture
def cardwright_mim(cardwright_server: Server) -> Iterator[MimCm]:
    """A client of the test's server, as MIM CM."""
    with cardwright_server.mim() as client:
        yield client
