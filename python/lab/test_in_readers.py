"""Cards in readers."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import cardwright
import pytest
from cardwright import Basis, CardKind, Evidence, MimCm, SmartcardStatus, Source, System, Trust, readers
from conftest import ADDRESS, READERS, until

CARD_ID = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}"
EXAMPLES = Path(__file__).parents[2] / "examples/python"
SELECT = "00A4040009A00000039742544659 00"


def test_ctrl_c_while_another_has_the_card_leaves_no_transaction(gids: readers.VirtualCard) -> None:
    with readers.connect() as first, readers.connect() as second:
        with first.transaction():
            threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT]).start()
            with pytest.raises(KeyboardInterrupt), second.transaction():
                pass
        # The second is given the card now, and does not keep it.
        for session in (first, second, first):
            with session.transaction():
                assert session.apdu(SELECT).ok


def test_a_card_says_what_it_is(gids: readers.VirtualCard) -> None:
    with readers.connect() as session:
        assert session.reader == READERS[0]
        identity = session.identify()
        assert cardwright.Atr(session.atr).protocols
        assert session.missed == 0 and session.resets == 0
    assert CardKind.Gids in identity.kinds
    (identifier,) = [one for one in identity.identifiers if one.source is Source.CardId]
    assert identifier.trust is Trust.Stable and identifier.text == CARD_ID.strip("{}")
    assert identifier.bytes.hex().upper() == "6968EFD11755A0428F0516CA1A0B834D"
    assert identifier.evidence is Evidence.Documented and not identifier.personal
    assert identity.evidence == {CardKind.Gids: Basis.Answer} and identity.unread == {}
    best = identity.guesses(System.Mim)[0]
    assert (best.spelling, best.evidence) == (CARD_ID, Evidence.Documented)


def test_from_the_card_to_its_record_and_its_end(gids: readers.VirtualCard, cardwright_mim: MimCm) -> None:
    with readers.connect() as session:
        card = cardwright_mim.find(session.identify())
    assert card is not None and card.serial_number == CARD_ID
    outcome = cardwright_mim.retire(card, "lost")
    assert outcome.done and outcome.card is not None and outcome.card.state is SmartcardStatus.Retired


def test_a_card_without_a_record_is_none(cardwright_certiflow: cardwright.CertiFlow, gids: readers.VirtualCard) -> None:
    with readers.connect() as session:
        assert cardwright_certiflow.find(session.identify()) is None


def test_what_only_a_weaker_identifier_finds_needs_the_programs_yes(
    cardwright_certiflow: cardwright.CertiFlow, tmp_path: Path
) -> None:
    # A YubiKey: its serial number has no record, and the GUID that was written into it is another card's number.
    script = tmp_path / "card.json"
    script.write_text(
        json.dumps(
            {
                "atr": "3BFD1300008131FE158073C021C057597562694B657940",
                "00A4040008A00000052747111700": "352E342E339000",
                "001D000000": "0F0204016BF6E60503050403060200009000",
                "00A4040009A0000003080000100000": "61114F0600001000010079074F05A0000003089000",
                "00CB3FFF055C035FC10200": "531234104E1B77C09A254F0DB68C3D52E1906F7A9000",
            }
        ),
        encoding="ascii",
    )
    with readers.VirtualCard(script, ADDRESS):
        until("pcscd sees the card", lambda: readers.readers()[0].slot == "card")
        with readers.connect() as session:
            identity = session.identify()
    with pytest.raises(cardwright.errors.Unconfirmed) as question:
        cardwright_certiflow.find(identity)
    for said in ("YubiKey serial 23852774", "4E1B77C09A254F0DB68C3D52E1906F7A", "Issued"):
        assert said in str(question.value)
    assert question.value.card is not None and question.value.card.serial_number == "4E1B77C09A254F0DB68C3D52E1906F7A"
    card = cardwright_certiflow.find(identity, accept_weaker=True)
    assert card is not None and cardwright_certiflow.disable(card).done
    until("the card is gone", lambda: readers.readers()[0].slot == "empty")


def test_a_kind_says_what_it_rests_on_and_a_person_is_masked(tmp_path: Path) -> None:
    def told(script: dict[str, str]) -> readers.Identity:
        path = tmp_path / "card.json"
        path.write_text(json.dumps(script), encoding="ascii")
        with readers.VirtualCard(path, ADDRESS):
            until("pcscd sees the card", lambda: readers.readers()[0].slot == "card")
            with readers.connect() as session:
                identity = session.identify()
        until("the card is gone", lambda: readers.readers()[0].slot == "empty")
        return identity

    etoken = told({"atr": "3BD518008131FE7D8073C82110F4"})
    assert etoken.evidence == {CardKind.EToken: Basis.Atr} and "SafeNet" in etoken.unread[CardKind.EToken]
    estonian = told(
        {
            "atr": "3BFF9600008031FE438031B85365494464B085051012233F1D",
            "00A404000CA000000063504B43532D313500": "9000",
            "00A4080404DFDD500700": "6F0882020101830250079000",
            "00B0000009": "4E53303132333435369000",
        }
    )
    (number,) = estonian.identifiers
    assert number.source is Source.EstEid and number.personal and number.text == "NS0123456"
    for logged in (number.masked, repr(number), repr(estonian), str(estonian)):
        assert "*******56" in logged and "NS01234" not in logged


def test_what_a_card_told_before_a_limit_is_with_the_error(gids: readers.VirtualCard) -> None:
    with readers.connect("00 00", card_apdus=1, card_time_limit=20) as session:
        assert (session.protocol, session.attempts) == (1, 1)
        with pytest.raises(cardwright.errors.ReaderError, match="card_apdus") as caught:
            session.identify()
        assert caught.value.code == cardwright.Code.CardEndless
        assert caught.value.identity is not None
        assert caught.value.identity.kinds == (CardKind.Gids,)
    with pytest.raises(cardwright.errors.InputError, match="card_apdus"):
        readers.connect("00 00", card_apdus=0)


def test_apdus_are_answered(gids: readers.VirtualCard) -> None:
    with readers.connect("00 00", limit=10) as session:
        with session.transaction() as was_reset:
            assert not was_reset
            selected = session.apdu(SELECT)
            assert selected and selected.sw == 0x9000
            data = session.apdu(bytes.fromhex("00CBA012045C02DF2000"))
            assert data.ok and "6968efd1" in data.data.hex()
        wrong = session.apdu("00FF000000")
        assert not wrong and wrong.text
        assert "6968" not in repr(data)
        with pytest.raises(cardwright.errors.InputError) as error:
            session.apdu("0020008002 31 3G")
        assert "31" not in str(error.value)
    with pytest.raises(cardwright.errors.InputError, match="closed"):
        session.apdu(SELECT)
    session.close()


def test_what_is_not_there_is_an_error_that_says_so() -> None:
    with pytest.raises(cardwright.errors.NoCard) as error:
        readers.connect()
    assert isinstance(error.value, LookupError) and error.value.code is cardwright.Code.NoCard
    with pytest.raises(cardwright.errors.NoCard, match="'nothing'"):
        readers.connect("nothing")
    with pytest.raises(cardwright.errors.InputError, match="several"):
        readers.connect("Test")
    with pytest.raises(cardwright.errors.NoCard):
        readers.VirtualCard("gids", "127.0.0.1:1")


def test_a_watch_tells_what_happens_in_order() -> None:
    with readers.watch() as watch:
        first = [watch.next_within(10) for _ in READERS]
        assert [event.kind for event in first if event] == ["reader-added"] * len(READERS)
        assert watch.next_within(0) is None
        with readers.VirtualCard("piv", ADDRESS):
            came = watch.next_within(20)
            assert came is not None and (came.kind, came.reader) == ("card-inserted", READERS[0])
            assert came.atr and cardwright.Atr(came.atr)
        gone = watch.next_within(20)
        assert gone is not None and gone.kind == "card-removed"


def test_a_watch_that_is_canceled_ends() -> None:
    watch = readers.watch()
    threading.Timer(0.2, watch.cancel).start()
    assert all(event.kind == "reader-added" for event in watch)
    assert watch.next_within(0) is None


def test_ctrl_c_ends_a_watch_that_would_never_end() -> None:
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        for _ in readers.watch():
            pass


def test_sessions_lose_nothing(gids: readers.VirtualCard) -> None:
    for _ in range(5):
        with readers.connect() as session:
            session.apdu(SELECT)
    before = threads()
    for _ in range(50):
        with readers.connect() as session:
            session.apdu(SELECT)
    gc.collect()
    end = time.monotonic() + 10
    while threads() > before:
        assert time.monotonic() < end, "threads are left"
        time.sleep(0.02)


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def test_the_program_of_readme_retires_a_card_that_is_put_in(cardwright_server: cardwright.Server) -> None:
    user, password = cardwright_server.auth
    given = {"CARDWRIGHT_URL": cardwright_server.mim_url, "CARDWRIGHT_USER": user, "CARDWRIGHT_PASSWORD": password}
    command = [sys.executable, "-u", str(EXAMPLES / "at_the_reader.py")]
    program = subprocess.Popen(
        command, env={**os.environ, **given}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    killer = threading.Timer(60, program.kill)
    killer.start()
    try:
        assert program.stdin is not None and program.stdout is not None
        program.stdin.write("y\n")
        program.stdin.flush()
        with readers.VirtualCard("gids", ADDRESS):
            said = program.stdout.readline()
        assert f"retire {CARD_ID}, Active?" in said and "state=Retired" in said
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=20) != 0
    finally:
        killer.cancel()
        program.kill()
        program.communicate()
    until("the card is gone", lambda: readers.readers()[0].slot == "empty")
