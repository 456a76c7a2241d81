"""ATRs: every figure, from each form of input."""

from __future__ import annotations

import pickle
from fractions import Fraction

import cardwright
import pytest
from cardwright import Atr, Code, Rule, errors

GIDS = "3B8D0180FBA000000397425446590301C8"


def test_an_atr_is_made_of_text_or_bytes() -> None:
    atr = Atr(GIDS)
    data = bytes.fromhex(GIDS)
    for form in (GIDS.lower(), data.hex(" "), data.hex(":"), data, bytearray(data), list(data)):
        assert Atr(form) == atr
    assert bytes(atr) == data and len(atr) == len(data) and str(atr) == GIDS and repr(atr) == f"Atr('{GIDS}')"
    assert hash(atr) == hash(Atr(data)) and pickle.loads(pickle.dumps(atr)) == atr and atr != GIDS
    with pytest.raises(TypeError):
        Atr(1.5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_its_figures() -> None:
    atr = Atr(GIDS)
    assert (atr.convention, atr.protocols, atr.default_protocol, atr.k) == ("direct", (1,), 1, 13)
    assert (atr.fi, atr.di, atr.n, atr.fmax_khz, atr.ta1) == (372, 1, 0, 5000, 0x11)
    assert atr.tck.state == "right" and atr.tck.value == 0xC8 == atr.tck.right
    assert atr.t1 is not None and (atr.t1.ifsc, atr.t1.bwi, atr.t1.cwi, atr.t1.edc) == (32, 4, 13, "lrc")
    assert atr.historical_bytes == bytes(atr)[atr.historical_at : atr.historical_at + atr.k]
    assert atr.historical is not None and atr.historical.kind == "compact-tlv"
    assert atr.historical.application_identifier == bytes.fromhex("A00000039742544659 0301")
    assert atr.findings == () and atr.emv_refusals() and atr.specific_mode is None and atr.surplus == b""


def test_times_are_exact() -> None:
    timing = Atr("3B00").timing()
    assert timing.etu == 372 and timing.gt == 12 * 372 and timing.wt == 960 * 10 * 372 and timing.bwt is None
    fast = Atr("3B00").timing(cardwright.Rate(512, 32))
    assert fast.etu == Fraction(16) and fast.wt == 960 * 10 * 372
    assert cardwright.Rate(512, 32).bits_per_second(4_000_000) == 250_000
    with pytest.raises(errors.InputError):
        cardwright.Rate(0, 1)


def test_what_breaks_a_standard_is_found_and_named() -> None:
    (old, missing) = Atr("3BFE1800008031FE4580318066409093060F1783019000").findings
    assert (old.rule, str(old), old.at, old.value) == (Rule.of("tb1-deprecated"), "tb1-deprecated", 3, 0)
    assert missing.rule.word == "tck-missing" and missing.value is None and missing.at == 23
    assert missing.standard == "ISO/IEC 7816-3:2006" and missing.clause == "8.2.5" and missing.text


@pytest.mark.parametrize(
    ("wrong", "code"), [("", Code.Short), ("3B 02", Code.Short), ("3C00", Code.Ts), ("3B0", Code.HexOdd), ("3G", Code.Hex)]
)
def test_what_is_no_atr_is_an_error(wrong: str, code: Code) -> None:
    with pytest.raises(errors.InputError) as error:
        Atr(wrong)
    assert error.value.code is code and isinstance(error.value, ValueError)


def test_a_storage_card_is_named() -> None:
    atr = Atr("3B8F8001804F0CA000000306030001000000006A")
    assert atr.historical is not None and atr.historical.storage_card is not None
    assert "1K" in str(atr.historical.storage_card.name)
