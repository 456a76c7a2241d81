"""What names the cards of a bulk operation: ids, serial numbers, frames, tables and files."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow  # type: ignore[import-untyped]
import pytest
from list_server import ListServer, card

import cardwright
from cardwright import Bulk, CertiFlow, MimCm, Server
from cardwright.errors import AnswerError, InputError, NotFound


def ids(work: Bulk) -> list[str]:
    return [row["id"] for row in work.to_arrow().to_pylist()]


def sent(server: Server) -> int:
    return len(list(server.audit()))


@pytest.fixture
def three(cardwright_certiflow: CertiFlow) -> list[tuple[str, str]]:
    """Id and serial number of three cards."""
    cards = cardwright_certiflow.cards(state="Issued", count=3)
    return [(str(card.id), str(card.serial_number)) for card in cards]


def frame(rows: list[tuple[str, str]], names: tuple[str, str]) -> dict[str, list[str]]:
    return {names[0]: [row[0] for row in rows], names[1]: [row[1] for row in rows]}


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table], ids=lambda make: make.__module__)
@pytest.mark.parametrize(
    "names", [("id", "user"), ("user", "serial_number"), ("user", "serialNumber"), ("ID", "SerialNumber")]
)
def test_a_frame_names_cards_by_a_column(
    cardwright_certiflow: CertiFlow,
    three: list[tuple[str, str]],
    make: Callable[[Any], Any],
    names: tuple[str, str],
) -> None:
    work = cardwright.plan(make(frame(three, names)), "Disable", client=cardwright_certiflow)
    assert ids(work) == [card for card, _ in three]


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table], ids=lambda make: make.__module__)
def test_of_two_columns_the_ids_count_unless_the_other_is_asked_for(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]], make: Callable[[Any], Any]
) -> None:
    crossed = make({"id": [three[0][0]], "serial_number": [three[1][1]]})
    assert ids(cardwright.plan(crossed, "Disable", client=cardwright_certiflow)) == [three[0][0]]
    by_serial = cardwright.plan(crossed, "Disable", client=cardwright_certiflow, by="serial_number")
    assert ids(by_serial) == [three[1][0]]


def test_numbers_in_a_column_are_ids_and_no_serial_numbers(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]]
) -> None:
    numbers = [int(card) for card, _ in three]
    series: list[Any] = [
        pandas.DataFrame({"id": numbers}),
        polars.DataFrame({"id": numbers}),
        pyarrow.table({"id": pyarrow.array(numbers, pyarrow.uint16()).dictionary_encode()}),
        pandas.Series(numbers),
        pandas.Series(numbers, name="id"),
        polars.Series(numbers),
        polars.Series("id", numbers),
        pyarrow.chunked_array([numbers]),
        pyarrow.array(numbers),
        numbers,
        [{"id": number} for number in numbers],
    ]
    for column in series:
        assert ids(cardwright.plan(column, "Disable", client=cardwright_certiflow)) == [card for card, _ in three]
    for column in series:
        with pytest.raises((TypeError, InputError), match="a serial number is a text|no column has the serial number|has no"):
            cardwright.plan(column, "Disable", client=cardwright_certiflow, by="serial_number")


def test_a_series_says_by_its_name_what_it_has(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]]
) -> None:
    serials = [serial for _, serial in three]
    for make in (lambda name: pandas.Series(serials, name=name), lambda name: polars.Series(name, serials)):
        work = cardwright.plan(make("serialNumber"), "Disable", client=cardwright_certiflow)
        assert ids(work) == [card for card, _ in three]
        with pytest.raises(InputError, match='the columns are badge; by="id" or by="serial_number" says what it has'):
            cardwright.plan(make("badge"), "Disable", client=cardwright_certiflow)
        badges = cardwright.plan(make("badge"), "Disable", client=cardwright_certiflow, by="serial_number")
        assert ids(badges) == [card for card, _ in three]


def test_a_frame_of_cards_and_the_result_of_a_run_name_cards(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, cardwright_mim: MimCm
) -> None:
    cards = cardwright_certiflow.cards(state="Issued", count=5).to_pandas()
    work = cardwright_certiflow.bulk(cards, "Disable")
    assert work.counts.done == 5
    assert cardwright_certiflow.bulk(work, "Enable").counts.done == 5
    outcomes = work.to_pandas()
    assert cardwright_certiflow.bulk(outcomes[outcomes["fate"] == "done"], "Disable").counts.done == 5
    mine = cardwright_mim.cards().to_polars()
    assert cardwright.plan(mine, "Retire", client=cardwright_mim).counts.total == mine.height > 0


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("# two of them\n{0}\n\n {1} \n{0}\n", None),
        ("id\n{0}\n{1}\n", None),
        ("\ufeffserialNumber;userName\r\n{2};\"Doe; Jane\"\r\n{3};\"two\r\nlines\"\r\n", None),
        ("user,id,serial_number\nx,{0},\ny,{1},\n", None),
        ("{2}\n{3}\n", "serial_number"),
        ("id\tserial number\n9\t{2}\n8\t{3}\n", "serial_number"),
    ],
)
def test_a_file_names_cards_as_for_the_command(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]], tmp_path: Path, text: str, by: Any
) -> None:
    (first, one), (second, two), _ = three
    file = tmp_path / "cards.csv"
    file.write_bytes(text.format(first, second, one, two).encode())
    for name in (file, str(file)):
        assert ids(cardwright.plan(name, "Disable", client=cardwright_certiflow, by=by)) == [first, second]


def test_rows_of_a_csv_reader_name_cards(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "cards.csv"
    file.write_text("holder,serialNumber\n" + "".join(f"x,{serial}\n" for _, serial in three), encoding="utf-8")
    with file.open(encoding="utf-8") as lines:
        work = cardwright_certiflow.bulk(csv.DictReader(lines), "Disable")
    assert ids(work) == [card for card, _ in three] and work.counts.done == 3


def test_serial_numbers_and_ids_name_a_card_once(
    cardwright_certiflow: CertiFlow, three: list[tuple[str, str]]
) -> None:
    serials = [serial for _, serial in three]
    again = [serial.lower() for serial in serials]
    work = cardwright.plan([*serials, *again], "Disable", client=cardwright_certiflow, by="serial_number")
    assert ids(work) == [card for card, _ in three]
    record = cardwright_certiflow.card(three[0][0])
    assert record is not None
    both = cardwright.plan([record, *[card for card, _ in three]], "Disable", client=cardwright_certiflow)
    assert ids(both) == [card for card, _ in three]


def test_cards_that_are_missing_are_named_and_nothing_is_sent(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, three: list[tuple[str, str]], tmp_path: Path
) -> None:
    before = sent(cardwright_server)
    one = three[0][0]
    lists: list[Any] = [[one, "888888", 999999], pandas.DataFrame({"id": [888888, int(one), 999999]})]
    for cards in lists:
        with pytest.raises(NotFound, match="has none of the cards 888888, 999999;"):
            cardwright_certiflow.bulk(cards, "Disable")
    with pytest.raises(NotFound, match="no card DEADBEEF01$"):
        cardwright_certiflow.bulk([three[0][1], "DEADBEEF01"], "Disable", by="serial_number")
    with pytest.raises(NotFound, match=r'999999; if these are serial numbers, by="serial_number" says so'):
        cardwright_certiflow.bulk([one, "999999"], "Disable")
    file = tmp_path / "ids.txt"
    file.write_text(f"{one}\n999999\n", encoding="utf-8")
    with pytest.raises(NotFound, match=r"ids\.txt, line 2: CertiFlow has no card 999999"):
        cardwright_certiflow.bulk(file, "Disable")
    many = [str(900_000 + n) for n in range(1000)]
    with pytest.raises(NotFound, match="900000, 900001, .*900009, and perhaps others"):
        cardwright_certiflow.bulk(many, "Disable")
    assert sent(cardwright_server) == before


def test_two_records_with_one_serial_number_are_not_chosen_between() -> None:
    twins = [card(n, serialNumber="02A1B3C4") for n in (7, 8)]
    with ListServer(twins) as server, pytest.raises(AnswerError, match="two cards with serial number 02A1B3C4: 7 and 8"):
        cardwright.plan(["02A1B3C4"], "Disable", client=server.client(), by="serial_number")


@pytest.mark.parametrize(
    ("cards", "kind", "said"),
    [
        (7, TypeError, r"as a list, \[7\]"),
        ("1013", FileNotFoundError, r"a text alone is the name of a file, and ids are a list, \['1013'\]"),
        ({"id": [7]}, TypeError, "not dict"),
        (b"1013", TypeError, "not bytes"),
        (None, TypeError, "not NoneType"),
        ([True], TypeError, "item 0 is no card and no id: bool"),
        ([7.0], TypeError, "item 0 is no card and no id: float"),
        (["1013", None], InputError, "item 1 has no id"),
        (["1013", " "], InputError, "item 1 has no id"),
        (pandas.DataFrame({"id": ["1013", None]}), InputError, "item 1 has no id"),
        (pandas.DataFrame({"id": [1013, None]}), TypeError, "item 0 is no card and no id: float"),
        (polars.DataFrame({"id": ["1013", None]}), InputError, "item 1 has no id"),
        (polars.DataFrame({"id": [1.5]}), TypeError, "not of Float64"),
        (pandas.DataFrame({"card": ["1013"]}), InputError, "no column has the id or serial number .* are card"),
        (polars.DataFrame({"card": ["1013"]}), InputError, "no column has the id or serial number .* are card"),
        ([{"card": "1013"}], InputError, "no column has the id or serial number .* are card"),
        (pandas.DataFrame({"id": ["1"], "ID": ["2"]}), InputError, "two columns have the id of a card, id and ID"),
    ],
)
def test_what_names_no_cards_is_refused(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, cards: Any, kind: type[Exception], said: str
) -> None:
    before = sent(cardwright_server)
    with pytest.raises(kind, match=said):
        cardwright_certiflow.bulk(cards, "Disable")
    assert sent(cardwright_server) == before


def test_a_wrong_word_for_what_texts_are_is_named(cardwright_certiflow: CertiFlow, tmp_path: Path) -> None:
    file = tmp_path / "cards.txt"
    file.write_text("1013\n", encoding="utf-8")
    by: Any = "serial"
    for cards in (["1013"], file, pandas.DataFrame({"id": ["1013"]}), polars.DataFrame({"id": ["1013"]})):
        with pytest.raises(InputError, match='by must be "id" or "serial_number", not .serial.'):
            cardwright_certiflow.bulk(cards, "Disable", by=by)


def test_a_list_of_another_client_is_not_done_by_this_one(
    cardwright_server: Server, cardwright_certiflow: CertiFlow
) -> None:
    before = sent(cardwright_server)
    with cardwright_server.certiflow() as other, pytest.raises(InputError, match="of another client"):
        other.bulk(cardwright_certiflow.cards(state="Issued"), "Disable")
    assert sent(cardwright_server) == before
    assert cardwright_certiflow.bulk(cardwright_certiflow.cards(state="Issued", count=2), "Disable").counts.done == 2


@pytest.mark.parametrize("by", [None, "serial_number"])
def test_a_finished_journal_is_run_again_without_anything_done_and_says_so(
    cardwright_server: Server,
    cardwright_certiflow: CertiFlow,
    three: list[tuple[str, str]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    by: Any,
) -> None:
    journal = tmp_path / "a.ndjson"
    cards = [pair[1 if by else 0] for pair in three]

    def disable() -> Bulk:
        return cardwright_certiflow.bulk(cards, "Disable", journal=journal, resume=True, by=by)

    first = disable()
    assert first.counts.done == 3 and first.note is None and not caplog.records
    before, kept = sent(cardwright_server), journal.read_bytes()
    again = disable()
    assert (again.counts, again.note) == (first.counts, "nothing was left to do")
    [record] = caplog.records
    assert (record.name, record.levelno) == ("cardwright.bulk", logging.WARNING)
    assert record.getMessage() == f"{journal}: nothing was left to do"
    assert (sent(cardwright_server), journal.read_bytes()) == (before, kept)
    # So it is where the journal is taken up by hand.
    work = cardwright.resume(cardwright_certiflow, journal)
    work.run()
    assert (work.counts, work.note) == (first.counts, "nothing was left to do")


def test_a_finished_journal_with_failures_says_what_tries_them_again(
    cardwright_server: Server, cardwright_certiflow: CertiFlow, three: list[tuple[str, str]], tmp_path: Path
) -> None:
    journal = tmp_path / "a.ndjson"
    cardwright_server.set_faults({"rules": [{"path": "**/disable", "times": 1, "status": 403}]})

    def disable() -> Bulk:
        return cardwright_certiflow.bulk([card for card, _ in three], "Disable", journal=journal, resume=True)

    assert disable().counts.failed == 1
    work = disable()
    assert work.note is not None and "the card that failed is tried again only where that is asked for" in work.note
    work.retry_failed()
    work.run()
    assert work.counts.done == 3 and work.note is None
