"""The class of an error by its cause, against sockets and servers that misbehave so."""

from __future__ import annotations

import pickle
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cardwright import CardInfo, CertiFlow, Code, MimCm, Server, errors

SECRET = "hush-hush"
CARD = CardInfo('{"id": 1, "state": "Issued", "serialNumber": "01"}')
ROW = '{"id":1,"state":"Issued","serialNumber":"01","userName":"EXAMPLE\\\\anna","policyName":"Staff","certificates":[]}'


@contextmanager
def listener(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port where each connection is answered by this, and then closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        answer(connection)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def says(status: str, body: str = "", kind: str = "application/json") -> Callable[[socket.socket], None]:
    """An answer to every request."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall((head + body).encode())

    return answer


def resets(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def failed(url: str, **options: object) -> errors.CardwrightError:
    """What an operation raises there."""
    given: dict[str, object] = {"attempts": 1, "connect_timeout": 3, "timeout": 3, "settle": 0.001, "proxy": False, **options}
    with CertiFlow(url, **given) as client, pytest.raises(errors.CardwrightError) as said:  # type: ignore[arg-type]
        client.disable(CARD)
    assert pickle.loads(pickle.dumps(said.value)).__dict__.keys() == said.value.__dict__.keys()
    return said.value


def test_nothing_was_sent_where_the_name_has_no_address() -> None:
    error = failed("https://cards.invalid/certiflow/api")
    assert type(error) is errors.NotSent and (error.sent, error.outcome, error.code) == (False, "not sent", Code.Unreachable)
    assert isinstance(error, (errors.NetworkError, ConnectionError))


def test_nothing_was_sent_where_nobody_listens() -> None:
    error = failed(f"http://127.0.0.1:{free_port()}/certiflow/api")
    assert type(error) is errors.NotSent and error.sent is False


def test_a_handshake_that_ends_is_a_failure_of_tls_and_nothing_was_sent() -> None:
    with listener(lambda connection: connection.recv(65536)) as port:
        error = failed(f"https://127.0.0.1:{port}/certiflow/api")
    assert type(error) is errors.HandshakeError and error.sent is False
    assert isinstance(error, errors.TLSError) and isinstance(error, errors.NotSent)


def test_what_is_no_tls_is_the_same() -> None:
    with listener(says("200 OK")) as port:
        error = failed(f"https://127.0.0.1:{port}/certiflow/api")
    assert isinstance(error, errors.TLSError) and isinstance(error, errors.NotSent)


def test_no_connection_in_time_is_a_timeout_and_nothing_was_sent() -> None:
    done = threading.Event()
    with listener(lambda _: done.wait(5)) as port:
        error = failed(f"https://127.0.0.1:{port}/certiflow/api", connect_timeout=0.3)
        done.set()
    assert isinstance(error, errors.NetworkTimeout) and isinstance(error, TimeoutError)
    assert isinstance(error, errors.ConnectTimeout) and error.sent is False


@pytest.mark.parametrize(
    "answer",
    [
        says("407 Proxy Authentication Required"),
        says("403 Forbidden"),
        says("502 Bad Gateway"),
        resets,
        lambda connection: connection.sendall(b"220 mail.example.com ESMTP\r\n"),
    ],
)
def test_what_a_proxy_does_is_an_error_of_the_proxy(answer: Callable[[socket.socket], object]) -> None:
    with listener(answer) as port:
        error = failed("https://cards.example.com/certiflow/api", proxy={"https": f"http://127.0.0.1:{port}"})
    assert type(error) is errors.ProxyError and isinstance(error, errors.NotSent) and error.sent is False


def test_a_proxy_that_cannot_be_reached_is_one_too() -> None:
    error = failed("https://cards.example.com/certiflow/api", proxy=f"http://127.0.0.1:{free_port()}")
    assert type(error) is errors.ProxyError
    with listener(lambda connection: connection.recv(65536)) as port:
        error = failed("https://cards.example.com/certiflow/api", proxy=f"https://127.0.0.1:{port}")
    assert isinstance(error, errors.ProxyError)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl, which makes the certificate")
def test_a_certificate_of_nobodys_trust_is_a_failure_of_tls_at_server_and_proxy(tmp_path: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    subprocess.run(make, check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            inner.recv(65536)

    with listener(secured) as port:
        error = failed(f"https://127.0.0.1:{port}/certiflow/api")
        assert type(error) is errors.HandshakeError and error.code is Code.Tls and "ca=FILE" in error.__notes__[0]
        error = failed("https://cards.example.com/certiflow/api", proxy=f"https://127.0.0.1:{port}")
        assert type(error) is errors.ProxyHandshakeError and isinstance(error, errors.TLSError) and error.sent is False


def test_an_answer_that_is_lost_is_unknown() -> None:
    with listener(lambda connection: connection.recv(65536)) as port:
        error = failed(f"http://127.0.0.1:{port}/certiflow/api")
        assert type(error) is errors.OutcomeUnknown and error.sent is True
        with CertiFlow(f"http://127.0.0.1:{port}/certiflow/api", attempts=1, proxy=False) as client:
            with pytest.raises(errors.NetworkError) as said:
                client.find("01")
    assert type(said.value) is errors.NetworkError and said.value.sent is True


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("401 Unauthorized", "", errors.SignInFailed),
        ("403 Forbidden", "", errors.Forbidden),
        ("404 Not Found", "{}", errors.NotFound),
        ("400 Bad Request", "{}", errors.Refused),
        ("409 Conflict", "{}", errors.Conflict),
        ("412 Precondition Failed", "{}", errors.Conflict),
        ("422 Unprocessable Content", "{}", errors.Refused),
        ("500 Internal Server Error", "{}", errors.AnswerError),
        ("503 Service Unavailable", "{}", errors.AnswerError),
        ("200 OK", "<html><title>Sign in</title></html>", errors.Unexpected),
        ("302 Found", "", errors.Unexpected),
    ],
)
def test_each_answer_has_its_class(status: str, body: str, kind: type[errors.AnswerError]) -> None:
    how = "text/html" if body.startswith("<") else "application/json"
    with listener(says(status, body, how)) as port:
        url = f"http://127.0.0.1:{port}/certiflow/api"
        with CertiFlow(url, attempts=1, proxy=False, dialect="G7") as client, pytest.raises(errors.AnswerError) as said:
            list(client.cards())
    assert type(said.value) is kind, said.value
    assert said.value.status == int(status[:3]) and isinstance(said.value, errors.AnswerError)


def test_an_operation_that_does_not_fit_is_a_conflict_that_says_what_does() -> None:
    def once(connection: socket.socket) -> None:
        posted = connection.recv(65536, socket.MSG_PEEK).startswith(b"POST")
        (says("409 Conflict", '{"detail": "The card is locked"}') if posted else says("200 OK", ROW))(connection)

    with listener(once) as port:
        error = failed(f"http://127.0.0.1:{port}/certiflow/api", dialect="G7")
    assert type(error) is errors.Conflict and error.outcome == "refused" and "The card is locked" in str(error)
    assert error.legal and isinstance(error, errors.Refused)


def test_a_filter_that_is_passed_over_is_unexpected() -> None:
    with listener(says("200 OK", f'{{"cards":[{ROW}],"totalCount":1}}')) as port:
        url = f"http://127.0.0.1:{port}/certiflow/api"
        with CertiFlow(url, attempts=1, proxy=False, dialect="G7") as client, pytest.raises(errors.Unexpected) as said:
            list(client.cards(serial="02"))
    assert isinstance(said.value, errors.AnswerError)


def test_the_next_step_is_a_note_and_holds_no_secret(cardwright_server: Server) -> None:
    with CertiFlow(cardwright_server.certiflow_url, ("demo", SECRET), attempts=1) as client:
        with pytest.raises(errors.SignInFailed) as said:
            client.find("0A")
    shown = "".join(traceback.format_exception(type(said.value), said.value, said.value.__traceback__))
    (note,) = said.value.__notes__
    assert note and "--" not in note and SECRET not in note + shown
    assert pickle.loads(pickle.dumps(said.value)).__notes__ == [note]
    error = failed(f"http://127.0.0.1:{free_port()}/certiflow/api")
    assert error.__notes__ == ["is the address right, and the server up? client.doctor() looks"]
    with listener(says("407 Proxy Authentication Required")) as port:
        error = failed("https://cards.example.com/certiflow/api", proxy=f"http://127.0.0.1:{port}")
    assert any("USER:PASSWORD" in note and "instead of proxy=" in note for note in error.__notes__)


def test_the_proxy_is_that_of_the_addresss_scheme() -> None:
    url = "http://cards.example.com/certiflow/api"
    with listener(says("200 OK", ROW)) as port:
        address = f"http://127.0.0.1:{port}"
        for proxies in ({"http": address}, {"all": address}, {"http": address, "https": "http://127.0.0.1:1"}):
            with CertiFlow(url, proxy=proxies, attempts=1, dialect="G7") as client:
                assert client.card("1") is not None
        with CertiFlow(f"http://127.0.0.1:{port}/certiflow/api", proxy={"http": None}, attempts=1, dialect="G7") as client:
            assert client.card("1") is not None
    for wrong in ({"https": address}, {"no_proxy": "*", "http": address}, {"http": ""}, ""):
        with pytest.raises(errors.ConfigError, match="proxy") as said:
            CertiFlow(url, proxy=wrong)
        assert said.value.code is Code.Proxy
    for no_proxy in (3, b"x", ["http://127.0.0.1:1"], {"http": 3}, {1: address}):
        with pytest.raises(TypeError, match="proxy"):
            MimCm("http://h/CertificateManagement", proxy=no_proxy)  # type: ignore[arg-type]
