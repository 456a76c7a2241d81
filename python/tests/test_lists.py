"""Lists of cards: how they are begun, ended, and say how far they were read."""

from __future__ import annotations

import gc
import itertools
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cardwright
import pytest
from cardwright import CertiFlow, errors, MimCm, Server
from cardwright.errors import InputError
from list_server import ListServer, card


def waits(until: Callable[[], bool]) -> bool:
    """Whether something comes true within ten seconds."""
    end = time.monotonic() + 10
    while not until() and time.monotonic() < end:
        time.sleep(0.01)
    return until()


def test_the_first_card_is_one_request_and_leaves_the_list_as_it_is() -> None:
    with ListServer([card(n) for n in range(1, 2001)]) as server, server.client() as client:
        cards = client.cards()
        first = cards.first()
        assert first is not None and first.id == 1 and server.pages == 1
        assert "not read yet" in repr(cards) and len(list(cards)) == 2000
        none = client.cards(count=0)
        assert none.first() is None


def test_one_card_is_the_only_one() -> None:
    with ListServer([card(7)]) as server, server.client() as client:
        assert client.cards().one().id == client.cards(count=5).one().id == 7
    with ListServer([]) as server, server.client() as client:
        with pytest.raises(errors.NotFound, match="no card") as none:
            client.cards(state="Issued").one()
        assert none.value.code.name == "NotFound" and 'state="Issued"' in str(none.value)
        assert client.cards().first() is None
    with ListServer([card(7), card(8), card(9)]) as server, server.client() as client:
        with pytest.raises(errors.AnswerError, match="7 and 8") as several:
            client.cards().one()
        assert several.value.code.name == "Unexpected"
        assert client.cards(count=1).one().id == 7


def test_one_and_first_ask_in_mim_cm_too(cardwright_mim: MimCm) -> None:
    everything = list(cardwright_mim.cards())
    assert cardwright_mim.cards().first() == everything[0]
    assert cardwright_mim.cards(offset=1, count=1).one() == everything[1]


def test_an_error_of_the_first_card_is_raised() -> None:
    with ListServer([{"state": "Issued"}, card(2)]) as server, server.client() as client:
        for read in (client.cards().first, client.cards().one, client.cards().to_dicts):
            with pytest.raises(errors.JSONError):
                read()


WHOLE: list[Callable[[Any], object]] = [
    lambda cards: cards.first(),
    lambda cards: cards.one(),
    lambda cards: cards.table(),
    lambda cards: cards.to_arrow(),
    lambda cards: cards.to_pandas(),
    lambda cards: cards.to_dicts(),
    lambda cards: cardwright.plan(cards, "Disable"),
]


@pytest.mark.parametrize("read", WHOLE)
def test_who_wants_the_whole_of_a_list_is_told_how_many_were_taken(read: Callable[[Any], object]) -> None:
    with ListServer([card(n) for n in range(1, 101)]) as server, server.client() as client:
        cards = client.cards()
        assert [one.id for one in itertools.islice(cards, 3)] == [1, 2, 3]
        assert "3 taken" in repr(cards)
        with pytest.raises(InputError, match="3 were taken"):
            read(cards)
        # The others are not lost.
        assert [one.id for one in cards] == list(range(4, 101)) and list(cards) == []
        assert "read to the end, all 100" in repr(cards)
        with pytest.raises(InputError, match="all 100: ask for them again"):
            read(cards)


def test_what_a_table_has_is_not_iterated() -> None:
    pytest.importorskip("pyarrow")
    with ListServer([card(1)]) as server, server.client() as client:
        cards = client.cards()
        assert cards.to_arrow().num_rows == 1
        with pytest.raises(InputError, match="by a table"):
            next(cards)


def test_a_closed_list_is_over() -> None:
    with ListServer([card(n) for n in range(1000)]) as server, server.client() as client:
        with client.cards() as cards:
            next(cards)
            assert "1 taken" in repr(cards)
        for _ in range(2):
            cards.close()
            with pytest.raises(InputError, match="closed, after 1"):
                next(cards)
        new = client.cards()
        new.close()
        for read in (*WHOLE, next):
            with pytest.raises(InputError, match="closed, after 0"):
                read(new)
        with client.cards() as whole:
            assert len(list(whole)) == 1000
        assert list(whole) == [] and "all 1000" in repr(whole)


def end_by_close(cards: list[Any]) -> None:
    cards[0].close()


def end_by_drop(cards: list[Any]) -> None:
    cards.clear()
    gc.collect()


@pytest.mark.parametrize("end", [end_by_close, end_by_drop])
def test_a_list_that_is_ended_ends_its_request(end: Callable[[list[Any]], None]) -> None:
    everything = [card(n, label="x" * 1000) for n in range(1000)]
    with ListServer(everything, stop_after=500_000) as server, server.client(page_size=1000) as client:
        cards = [client.cards()]
        next(cards[0])
        assert not server.closed.wait(0.2)
        end(cards)
        assert server.closed.wait(10)


def test_who_waits_for_a_card_of_a_list_that_is_closed_is_told() -> None:
    everything = [card(n, label="x" * 1000) for n in range(1000)]
    with ListServer(everything, stop_after=500_000) as server, server.client(page_size=1000) as client:
        cards = client.cards()
        ended: list[object] = []

        def read() -> None:
            try:
                for _ in cards:
                    pass
            except InputError as error:
                ended.append(str(error))

        reader = threading.Thread(target=read)
        reader.start()
        assert waits(lambda: "taken" in repr(cards) or "being read" in repr(cards))
        time.sleep(0.3)
        began = time.monotonic()
        cards.close()
        reader.join(10)
        assert not reader.is_alive() and time.monotonic() - began < 5
        [message] = ended
        assert "closed, after" in str(message)


def test_many_threads_take_each_card_once() -> None:
    with ListServer([card(n) for n in range(3000)]) as server, server.client() as client:
        cards = client.cards()
        taken: list[list[object]] = [[] for _ in range(8)]
        threads = [threading.Thread(target=lambda mine=mine: mine.extend(one.id for one in cards)) for mine in taken]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(itertools.chain(*taken)) == list(range(3000))  # type: ignore[type-var]
        assert "all 3000" in repr(cards)


def test_many_threads_ask_for_the_first_at_the_same_time(cardwright_certiflow: CertiFlow) -> None:
    cards = cardwright_certiflow.cards()
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(cards.first())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [next(cards)] * 8


def test_a_list_of_dicts_is_what_the_cards_are(cardwright_certiflow: CertiFlow) -> None:
    assert cardwright_certiflow.cards().to_dicts() == [dict(one) for one in cardwright_certiflow.cards()]


def test_a_bounded_list_has_its_cards_each_once() -> None:
    with ListServer([card(n) for n in range(9000)]) as server, server.client() as client:
        for count in (499, 500, 501, 2499, 2500, 2501, 8999, 9000, 9001, 20000):
            assert [one.id for one in client.cards(count=count)] == list(range(min(count, 9000)))
        assert [one.id for one in client.cards(offset=3, count=4000)] == list(range(3, 4003))


def test_notebooks_are_shown_tables_in_which_nothing_is_markup() -> None:
    wrong = "<script>alert(1)</script>"
    with ListServer([card(1, label=wrong, state=wrong)]) as server, server.client() as client:
        cards = client.cards(comment=wrong)
        shown = cards._repr_html_()
        assert "not read yet" in shown and "&lt;script&gt;" in shown and server.pages == 0
        table = client.cards().table(["label"], errors="text")
        assert "label" in table._repr_html_() and server.pages == 0
        work = cardwright.plan(client.cards(), "Disable")
        for html in (shown, table._repr_html_(), work._repr_html_(), client.cards().one()._repr_html_()):
            assert html.startswith("<table>") and html.endswith("</table>") and "<script" not in html
        assert "&lt;script&gt;" in work._repr_html_() and "<th" in work._repr_html_()


def test_an_outcome_is_shown(cardwright_server: cardwright.Server) -> None:
    with cardwright_server.certiflow() as cm:
        issued = cm.cards(state="Issued").first()
        assert issued is not None
        shown = cm.disable(issued)._repr_html_()
        assert "done" in shown and "Disabled" in shown and "<CardInfo" not in shown


def test_the_lines_of_the_page_run(
    cardwright_certiflow: CertiFlow, cardwright_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password = cardwright_server.auth
    for name, value in (("URL", cardwright_server.certiflow_url), ("USER", user), ("PASSWORD", password)):
        monkeypatch.setenv(f"CARDWRIGHT_{name}", value)
    page = Path(__file__).parents[2] / "docs/python.md"
    found = re.search(r"<!-- run: python-lists -->\n```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    assert found is not None
    names: dict[str, Any] = {"CertiFlow": CertiFlow}
    exec(found.group(1), names)
    assert names["records"] == [dict(one) for one in cardwright_certiflow.cards()]
    assert names["some"] == [one.id for one in itertools.islice(cardwright_certiflow.cards(), 10)]
    assert "closed" in repr(names["cards"])
