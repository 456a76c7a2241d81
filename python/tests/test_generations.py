"""Which generation of CertiFlow's API a server speaks, and the register that the newest one may have."""

from __future__ import annotations

import pickle
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import cardwright
import pytest
from cardwright import CertiFlow, Dialect, Generation, MimCm, Server, Sure, errors

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_a_probe_tells_the_generation_how_sure_it_is_and_from_what(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.certiflow_url, cardwright_server.auth) as client:
        found = client.probe()
        assert found.dialect is Dialect.G7 and found.dialects == (Dialect.G7,) and found.sure is Sure.Shown
        assert found.text == "G7: Cards answers, Cards/{id} answers" and found.text in repr(found)
        assert client.dialect is Dialect.G7
        with pytest.raises(AttributeError):
            found.dialect = Dialect.G1  # type: ignore[misc]
        again = pickle.loads(pickle.dumps(found))
        assert isinstance(again, Generation) and (again.dialect, again.dialects, again.sure) == (
            found.dialect, found.dialects, found.sure,
        )
    with CertiFlow(cardwright_server.icmapi_url, cardwright_server.auth) as client:
        assert client.probe().dialect is Dialect.G1 and client.dialect is Dialect.G1


def test_a_generation_that_is_given_is_spoken_and_a_wrong_one_is_told(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.certiflow_url, cardwright_server.auth, dialect="G6") as client:
        assert client.dialect is Dialect.G6
        assert client.probe().dialect is Dialect.G7
        assert client.dialect is Dialect.G6
    with CertiFlow(cardwright_server.certiflow_url, cardwright_server.auth, dialect=Dialect.G3) as client:
        with pytest.raises(errors.WrongDialect, match="does not speak G3") as told:
            next(client.cards())
        assert told.value.dialect is Dialect.G7 and isinstance(told.value, errors.AnswerError)
        assert pickle.loads(pickle.dumps(told.value)).dialect is Dialect.G7


def test_no_answer_to_the_first_question_is_an_error() -> None:
    with CertiFlow("http://127.0.0.1:1/certiflow/api", attempts=1) as client, pytest.raises(errors.NetworkError):
        client.probe()


def test_the_environment_names_the_dialect_and_an_argument_wins(
    cardwright_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDWRIGHT_URL", cardwright_server.certiflow_url)
    user, password = cardwright_server.auth
    monkeypatch.setenv("CARDWRIGHT_USER", user)
    monkeypatch.setenv("CARDWRIGHT_PASSWORD", password)
    monkeypatch.setenv("CARDWRIGHT_DIALECT", "g6")
    assert CertiFlow.from_environment().dialect is Dialect.G6
    assert CertiFlow.from_environment(dialect="G5").dialect is Dialect.G5
    with pytest.raises(errors.ConfigError, match="CertiFlow"):
        MimCm.from_environment()
    monkeypatch.setenv("CARDWRIGHT_DIALECT", "g9")
    with pytest.raises(errors.ConfigError, match="CARDWRIGHT_DIALECT"):
        CertiFlow.from_environment()
    monkeypatch.delenv("CARDWRIGHT_DIALECT")
    assert CertiFlow.from_environment().dialect is Dialect.G7


def test_the_probe_in_the_book_runs(
    cardwright_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"<!-- run: python-generation -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found is not None
    monkeypatch.setenv("CARDWRIGHT_URL", cardwright_server.certiflow_url)
    user, password = cardwright_server.auth
    monkeypatch.setenv("CARDWRIGHT_USER", user)
    monkeypatch.setenv("CARDWRIGHT_PASSWORD", password)
    monkeypatch.delenv("CARDWRIGHT_DIALECT", raising=False)
    exec(found[1], vars(cardwright).copy())
    assert "Cards/{id} answers" in capsys.readouterr().out


@contextmanager
def register(entries: list[str]) -> Iterator[tuple[str, list[str]]]:
    """A server that has these entries, and the requests that came."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            found = parts.path == "/cm/api/Skzi"
            offset, count = int(query.get("offset", ["0"])[0]), int(query.get("count", ["0"])[0])
            body = ("[" + ",".join(entries[offset : offset + count]) + "]" if found else "{}").encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/cm/api", requests
        server.shutdown()
        thread.join()


def test_the_register_is_read_page_by_page_and_repeats_are_left_out() -> None:
    entries = ['{"n": 1, "имя": "ключ"}', '{"n": 2}', '{"n": 2}', '7', '{"n": 3}']
    with register(entries) as (url, requests), CertiFlow(url, page_size=2) as client:
        found = client.skzi(object_type="KeyDocument", user="Ivan Petrov", start=date(2024, 12, 3))
        assert requests == []
        assert next(found) == {"n": 1, "имя": "ключ"} and next(found) == {"n": 2}
        with pytest.raises(errors.JSONError):
            next(found)
        assert list(found) == [{"n": 3}]
        assert requests[0].startswith("/cm/api/Skzi?objectType=KeyDocument&userName=Ivan%20Petrov&startDate=2024-12-03")
        assert [entry["n"] for entry in client.skzi(offset=1, count=1)] == [2]


def test_a_server_without_the_register_is_told_from_an_older_generation(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.certiflow_url, cardwright_server.auth) as client:
        with pytest.raises(errors.NotFound, match="only Indeed CM 7.1"):
            next(client.skzi())
        with pytest.raises(errors.InputError):
            client.skzi(state="")
    with CertiFlow(cardwright_server.icmapi_url, cardwright_server.auth) as client, pytest.raises(errors.NotSupported):
        client.skzi()
