"""Cards as Arrow tables, against the embedded server and odd lists."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas
import polars
import pyarrow  # type: ignore[import-untyped]
import pytest
from list_server import ListServer, card
from test_examples import run

import cardwright
from cardwright import AtrTable, Cards, CertiFlow, MimCm, Table
from cardwright.errors import InputError, JSONError, NetworkError


def plain(value: Any) -> Any:
    """What a property gives, as Arrow gives it."""
    if isinstance(value, cardwright.Record):
        return {name: plain(getattr(value, name)) for name in properties(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if hasattr(value, "name") and not isinstance(value, (str, datetime)):
        return value.name
    return value


def properties(record: cardwright.Record) -> list[str]:
    return [name for name in type(record).__dict__ if not name.startswith("_")]


@pytest.mark.parametrize("batch_size", [7, 8192])
def test_each_column_holds_what_the_property_of_the_card_gives(
    cardwright_certiflow: CertiFlow, batch_size: int
) -> None:
    cards = list(cardwright_certiflow.cards())
    table = cardwright_certiflow.cards().table(batch_size=batch_size).to_arrow()
    assert sorted(table.column_names) == sorted(properties(cards[0]))
    assert len(cards) > 100
    assert table.to_pylist() == [plain(card) for card in cards]


def test_cards_of_mim_have_a_column_for_the_assumed_state(cardwright_mim: MimCm) -> None:
    cards = list(cardwright_mim.cards())
    rows = cardwright_mim.cards().to_arrow().to_pylist()
    assert len(rows) == len(cards) > 0
    for card, row in zip(cards, rows):
        state = row.pop("state")
        assert state in cardwright.SmartcardStatus.__members__
        assert row == {name: getattr(card, name) for name in row}


def test_types_are_those_of_the_documentation(cardwright_certiflow: CertiFlow) -> None:
    schema = cardwright_certiflow.cards().to_arrow().schema
    assert schema.field("id").type == pyarrow.int64()
    assert schema.field("user_id").type == pyarrow.string()
    assert schema.field("label").type == pyarrow.string()
    assert schema.field("expiration_date").type == pyarrow.timestamp("us", "UTC")
    assert schema.field("state").type == pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    certificate = schema.field("certificates").type.value_type
    assert certificate.field("valid_to").type == pyarrow.timestamp("us", "UTC")
    assert certificate.field("kind").type == pyarrow.string()


def test_all_three_libraries_and_sql_read_the_same(cardwright_certiflow: CertiFlow) -> None:
    arrow = cardwright_certiflow.cards().to_arrow()
    frame = cardwright_certiflow.cards().to_pandas()
    plain_frame = cardwright_certiflow.cards().to_pandas(dtype_backend=None)
    pl = cardwright_certiflow.cards().to_polars()
    table = cardwright_certiflow.cards().table()
    ids = arrow.column("id").to_pylist()
    assert frame["id"].tolist() == plain_frame["id"].tolist() == pl["id"].to_list() == ids
    assert list(frame["state"].cat.categories)[:3] == ["Clean", "Assigned", "Pending"]
    assert pl["state"].to_list() == arrow.column("state").to_pylist() == list(frame["state"])
    connection = duckdb.connect()
    connection.register("cards", table)
    for _ in range(2):
        found = dict(connection.execute("select state::varchar, count(*) from cards group by 1").fetchall())
        assert found == dict(frame["state"].value_counts()[lambda n: n > 0])


def test_columns_can_be_chosen_and_the_whole_record_is_one(cardwright_certiflow: CertiFlow) -> None:
    table = cardwright_certiflow.cards().to_arrow(["json", "id"])
    assert table.column_names == ["json", "id"]
    assert [card.json for card in cardwright_certiflow.cards()] == table.column("json").to_pylist()
    with pytest.raises(InputError, match=r'no column "colour": there are id, serial_number, .*, json'):
        cardwright_certiflow.cards().table(["id", "colour"])
    with pytest.raises(InputError, match="1 to 1048576"):
        cardwright_certiflow.cards().table(batch_size=0)


def test_an_empty_list_has_all_columns_and_no_rows(cardwright_certiflow: CertiFlow) -> None:
    table = cardwright_certiflow.cards(serial="00112233").to_arrow()
    assert (table.num_rows, table.num_columns) == (0, 21)


def test_what_nobody_knows_is_kept() -> None:
    cards = [
        card(1, state="Melted", label="\U0001f600 \"x\" \\", tags=["a", "\u0411"], timeIssued="0001-01-01T00:00:00"),
        card(2, state=None, tags="lone", timeIssued="soon", colour="red"),
        card(3, state="Issued", timeIssued="2024-12-03T11:22:20.123456789+03:00", certificates=[{"type": "Odd"}]),
        card(4, state=17),
    ]
    with ListServer(cards) as server, server.client() as client:
        columns = ["state", "label", "tags", "time_issued", "certificates", "json"]
        rows = client.cards().to_arrow(columns, errors="null").to_pylist()
    assert [row["state"] for row in rows] == ["Melted", None, "Issued", "17"]
    assert rows[0]["label"] == '\U0001f600 "x" \\'
    assert [row["tags"] for row in rows] == [["a", "\u0411"], ["lone"], [], []]
    issued = datetime(2024, 12, 3, 8, 22, 20, 123456, timezone.utc)
    assert [row["time_issued"] for row in rows] == [None, None, issued, None]
    assert rows[2]["certificates"][0]["kind"] == "Odd"
    assert '"colour": "red"' in rows[1]["json"]


def test_an_unknown_state_of_a_later_batch_is_kept_too() -> None:
    cards = [card(n, state="Issued" if n < 30 else f"New{n % 3}") for n in range(60)]
    with ListServer(cards) as server, server.client() as client:
        frame = client.cards().table(["state"], batch_size=10).to_pandas()
        pl = client.cards().table(["state"], batch_size=10).to_polars()
    assert frame["state"].tolist() == pl["state"].to_list() == [c["state"] for c in cards]


def test_an_id_is_a_number_where_the_server_sends_numbers_and_else_a_text() -> None:
    with ListServer([card(1), card(2, userId=7)]) as server, server.client() as client:
        schema = client.cards().to_arrow().schema
        assert (schema.field("id").type, schema.field("user_id").type) == (pyarrow.int64(), pyarrow.int64())
    mixed = [card(1), {"id": "A-2"}, card(2**70)]
    with ListServer(mixed) as server, server.client() as client:
        assert client.cards().to_arrow(["id"]).column("id").to_pylist() == ["1", "A-2", str(2**70)]


def test_a_text_after_numbers_is_an_error_that_says_what_helps() -> None:
    with ListServer([*(card(n) for n in range(20)), {"id": "A-2"}]) as server, server.client() as client:
        with pytest.raises(JSONError, match=r'card A-2: id: .*; text=\["id"\] makes a text of it'):
            client.cards().table(batch_size=10).to_arrow()
        ids = client.cards().table(["id"], text=["id"], batch_size=10).to_arrow().column("id").to_pylist()
        assert ids[0] == "0" and ids[-1] == "A-2"


@pytest.mark.parametrize("read", [Table.to_arrow, Table.to_pandas, Table.to_polars])
def test_an_error_in_the_middle_is_the_same_exception_as_elsewhere(read: Callable[[Table], Any]) -> None:
    cards = [card(n) for n in range(30)]
    del cards[25]["id"]
    with ListServer(cards) as server, server.client() as client:
        with pytest.raises(JSONError) as raised:
            read(client.cards().table(batch_size=10))
        assert raised.value.code is cardwright.Code.JsonMissing
        # Others make an exception of their own, with the same words.
        with pytest.raises(Exception, match="id"):
            polars.DataFrame(client.cards().table(batch_size=10))


def test_a_server_that_is_not_there_is_an_exception_of_its_own() -> None:
    with ListServer([]) as server:
        url = server.url
    with CertiFlow(url, attempts=1) as client, pytest.raises(NetworkError):
        client.cards().to_arrow()


DATES = ["2026-11-22T01:02:03+02:00", "2026-11-22T01:02:03", None, "0001-01-01T00:00:00", "30.02.2026"]


def dated(text: str | None) -> dict[str, Any]:
    return {"expirationDate": text, "certificates": [{"validTo": text}]}


@pytest.mark.parametrize("column, place", [("expiration_date", "expiration_date"), ("certificates", "certificates.valid_to")])
def test_a_date_that_cannot_be_read_stops_a_table_and_says_what_helps(column: str, place: str) -> None:
    with ListServer([card(n, **dated(text)) for n, text in enumerate(DATES)]) as server, server.client() as client:
        reads: list[Callable[[Cards[Any]], object]] = [
            lambda cards: cards.to_arrow([column]),
            lambda cards: cards.to_polars([column]),
            lambda cards: cards.to_pandas([column], errors="raise"),
            lambda cards: cards.table([column], batch_size=2).to_arrow(),
        ]
        for read in reads:
            with pytest.raises(JSONError) as raised:
                read(client.cards())
            for said in ("card 4", f'{place}: "30.02.2026"', 'errors="null"', 'errors="text"'):
                assert said in str(raised.value)
        # A table without the column has nothing to say of it.
        assert client.cards().to_arrow(["id"]).num_rows == 5


def test_a_date_that_cannot_be_read_is_null_or_text_where_that_is_wanted() -> None:
    utc = timezone.utc
    as_null = [datetime(2026, 11, 21, 23, 2, 3, tzinfo=utc), datetime(2026, 11, 22, 1, 2, 3, tzinfo=utc), None, None, None]
    with ListServer([card(n, **dated(text)) for n, text in enumerate(DATES)]) as server, server.client() as client:
        columns = ["expiration_date", "certificates"]
        wanted: list[tuple[Literal["null", "text"], list[Any]]] = [("null", as_null), ("text", DATES)]
        for errors, dates in wanted:
            read = client.cards().to_arrow(columns, errors=errors)
            assert read["expiration_date"].to_pylist() == dates
            assert [row[0]["valid_to"] for row in read["certificates"].to_pylist()] == dates
            frame = client.cards().to_polars(columns, errors=errors)
            assert frame["expiration_date"].to_list() == dates
            assert client.cards().to_pandas(["expiration_date"], errors=errors).isna().sum().item() == dates.count(None)
            assert client.cards().table(columns, errors=errors, batch_size=2).to_arrow().equals(read.combine_chunks())
        cards: Any = client.cards()
        for call in (cards.table, cards.to_arrow, cards.to_pandas, cards.to_polars):
            with pytest.raises(InputError, match='errors must be "raise", "null" or "text", not "ignore"'):
                call(errors="ignore")


def test_cards_that_are_being_read_are_no_table(cardwright_certiflow: CertiFlow) -> None:
    cards = cardwright_certiflow.cards()
    next(cards)
    with pytest.raises(InputError, match="being read already"):
        cards.to_arrow()
    cards = cardwright_certiflow.cards()
    cards.table()
    with pytest.raises(InputError, match="being read already"):
        cards.table()


def waits(until: Callable[[], bool]) -> bool:
    """Whether it comes to be so, within a minute."""
    for _ in range(600):
        if until():
            return True
        time.sleep(0.1)
    return False


def reading_threads() -> int:
    tasks = Path("/proc/self/task")
    names = []
    for task in tasks.iterdir():
        try:
            names.append((task / "comm").read_text().strip())
        except OSError:
            continue
    return names.count("cardwright-table"[:15])


def test_pages_are_asked_for_when_somebody_reads() -> None:
    with ListServer([card(n) for n in range(400)]) as server, server.client(page_size=10) as client:
        table = client.cards().table(["id"], batch_size=10)
        assert server.pages == 0
        reader = pyarrow.RecordBatchReader.from_stream(table)
        reader.read_next_batch()
        time.sleep(0.5)
        # That one, one that waits to be fetched, one that waits to be sent, and the page after it.
        assert server.pages <= 4
        assert 10 + sum(batch.num_rows for batch in reader) == 400
        # Each page begins with the last card of the page before.
        assert 41 < server.pages < 50


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_stream_dropped_half_way_ends_its_thread_and_closes_its_connection() -> None:
    cards = [card(n, label="x" * 1000) for n in range(1000)]
    with ListServer(cards, stop_after=500_000) as server, server.client(page_size=1000) as client:
        reader = pyarrow.RecordBatchReader.from_stream(client.cards().table(["id"], batch_size=10))
        reader.read_next_batch()
        assert not server.closed.is_set()
        assert reading_threads() == 1
        del reader
        gc.collect()
        assert waits(server.closed.is_set)
        assert waits(lambda: reading_threads() == 0)


def test_no_reference_is_left_by_ten_thousand_streams() -> None:
    with ListServer([card(n) for n in range(3)]) as server, server.client() as client:

        def some(times: int) -> None:
            for _ in range(times):
                table = client.cards().table()
                table.__arrow_c_schema__()
                pyarrow.RecordBatchReader.from_stream(table).read_next_batch()
                table.__arrow_c_stream__()

        def columns(times: int) -> None:
            for _ in range(times):
                column = cardwright.parse_atrs(["3B00", None, b"\x3b", "3B8D0180FBA000000397425446590301C8"])
                column.to_arrow()
                column.__arrow_c_array__()

        some(20)
        columns(20)
        gc.collect()
        before = sys.getallocatedblocks()
        some(200)
        columns(10_000)
        gc.collect()
        assert sys.getallocatedblocks() - before < 2_000
        if sys.platform.startswith("linux"):
            assert waits(lambda: reading_threads() == 0)


CTRL_C = """
import cardwright, sys
client = cardwright.CertiFlow(sys.argv[1], page_size=1000)
print("reads", flush=True)
try:
    {read}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize(
    "read",
    [
        "client.cards().to_arrow()",
        "client.cards().table(batch_size=10).to_pandas()",
        "client.cards().table(batch_size=10).to_polars()",
    ],
)
def test_ctrl_c_ends_a_stream_that_would_never_end(read: str) -> None:
    cards = [card(n) for n in range(1000)]
    with ListServer(cards, stop_after=20_000) as server:
        command = [sys.executable, "-c", CTRL_C.format(read=read), server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "reads\n"
            # Until it hangs in the answer.
            assert waits(lambda: server.pages > 0)
            time.sleep(1)
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=60)
            assert said == "interrupted\n"


def test_the_interpreter_is_free_while_a_stream_waits() -> None:
    with ListServer([card(n) for n in range(1000)], stop_after=20_000) as server, server.client() as client:
        table = client.cards().table(batch_size=10)
        thread = threading.Thread(target=lambda: pytest.raises(cardwright.CardwrightError, table.to_arrow))
        thread.start()
        assert waits(lambda: server.pages > 0)
        # This would not go on if that thread held the interpreter.
        assert sum(range(1000)) == 499_500
        client.cancel()
        thread.join(60)
        assert not thread.is_alive()


def test_a_table_is_read_where_a_function_of_ours_is_further_up(cardwright_certiflow: CertiFlow) -> None:
    """A reader releases the interpreter without the knowledge of the function that called it."""
    seen = []
    disabled = cardwright_certiflow.cards(state="Disabled")

    def progress(_: cardwright.Progress) -> None:
        seen.append(cardwright_certiflow.cards().table(batch_size=10).to_arrow().num_rows)

    cardwright.bulk(disabled, "Enable", progress=progress)
    assert set(seen) == {len(list(cardwright_certiflow.cards()))}


def test_a_library_that_is_missing_is_named() -> None:
    script = """
import sys
sys.modules[sys.argv[1]] = None
import cardwright
with cardwright.Server(cards=1) as server, server.certiflow() as client:
    try:
        getattr(client.cards(), sys.argv[2])()
    except ImportError as error:
        print(error.name, error)
"""
    for name, method, install in [
        ("pyarrow", "to_arrow", "pyarrow"),
        ("pyarrow", "to_pandas", "pandas pyarrow"),
        ("pandas", "to_pandas", "pandas pyarrow"),
        ("polars", "to_polars", "polars"),
    ]:
        said = subprocess.run(
            [sys.executable, "-c", script, name, method], capture_output=True, text=True, timeout=120, check=True
        ).stdout
        assert said.startswith(f"{name} {method}() needs {name}") and said.endswith(f": pip install {install}\n")


ATRS = ["3B8D0180FBA000000397425446590301C8", None, "3B 02", "no"]
COLUMNS: list[tuple[str, Any]] = [
    ("list", ATRS),
    ("generator", (atr for atr in ATRS)),
    ("pyarrow", pyarrow.array(ATRS)),
    ("pyarrow large", pyarrow.array(ATRS, pyarrow.large_string())),
    ("pyarrow view", pyarrow.array(ATRS, pyarrow.string_view())),
    ("pyarrow dictionary", pyarrow.array(ATRS).dictionary_encode()),
    ("pyarrow chunks", pyarrow.chunked_array([ATRS[:2], ATRS[2:]])),
    ("polars", polars.Series(ATRS)),
    ("polars category", polars.Series(ATRS, dtype=polars.Categorical)),
    ("pandas", pandas.Series(ATRS, dtype="string[pyarrow]")),
]


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=[kind for kind, _ in COLUMNS])
def test_a_column_of_atrs_in_any_form_is_read(kind: str, column: Any) -> None:
    rows = cardwright.parse_atrs(column).to_arrow().to_pylist()
    assert rows[0] == {
        "atr": ATRS[0],
        "convention": "direct",
        "protocols": [1],
        "default_protocol": 1,
        "pcsc_protocol": 1,
        "historical_bytes": bytes.fromhex("80FBA000000397425446590301"),
        "findings": [],
        "error": None,
        "code": None,
    }
    assert rows[1] is None
    for row, code in zip(rows[2:], [cardwright.Code.Short, cardwright.Code.Hex]):
        assert row["code"] == code and row["error"]
        assert all(row[name] is None for name in row if name not in ("error", "code"))


@pytest.mark.parametrize("kind", [pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view(), pyarrow.binary(2)])
def test_a_column_of_bytes_is_read(kind: pyarrow.DataType) -> None:
    rows = cardwright.parse_atrs(pyarrow.array([b"\x3b\x00", b"\x3b\x02"], kind)).to_arrow().to_pylist()
    assert [row["atr"] for row in rows] == ["3B00", None]
    assert rows[1]["code"] == cardwright.Code.Short


def test_what_a_column_of_atrs_says_is_what_an_atr_says() -> None:
    atrs = ["3B7F96000080318065B0855956FB120FFE829000", "3F2F008069AF0307015900000A0E833E9F16"]
    table = cardwright.parse_atrs(atrs)
    assert isinstance(table, AtrTable) and len(table) == 2
    for text, row in zip(atrs, table.to_arrow().to_pylist()):
        atr = cardwright.Atr(text)
        assert row["atr"] == text
        assert row["convention"] == atr.convention
        assert tuple(row["protocols"]) == atr.protocols
        assert row["default_protocol"] == atr.default_protocol
        assert row["pcsc_protocol"] == atr.pcsc_protocol
        assert row["historical_bytes"] == atr.historical_bytes
        assert row["findings"] == [str(finding) for finding in atr.findings]
    assert table.to_polars().struct.field("atr").to_list() == atrs
    assert table.to_pandas().struct.field("atr").tolist() == atrs


def test_a_column_of_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="text or bytes is wanted, not of Int64"):
        cardwright.parse_atrs(pyarrow.array([1, 2]))
    with pytest.raises(TypeError, match="item 1 must be str, bytes or None, not int"):
        cardwright.parse_atrs(["3B00", 5])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        cardwright.parse_atrs(5)  # type: ignore[arg-type]


def test_a_table_is_not_read_in_a_forked_child(cardwright_certiflow: CertiFlow) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    table = cardwright_certiflow.cards().table()
    child = os.fork()
    if child == 0:
        try:
            table.to_arrow()
        except InputError as error:
            os._exit(0 if "fork" in str(error) else 1)
        os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


def test_cards_say_that_they_are_cards(cardwright_certiflow: CertiFlow) -> None:
    cards = cardwright_certiflow.cards()
    assert isinstance(cards, Cards)
    assert repr(cards.table()) == "<Table of 21 columns>"


def test_the_question_in_sql_is_answered(cardwright_server: cardwright.Server) -> None:
    done = run(cardwright_server, "tables.py", "1000")
    assert done.returncode == 0, done.stderr
    assert "policy_name" in done.stdout and "Default" in done.stdout
