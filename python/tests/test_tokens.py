"""Tokens of an issuer, for a program and for a person."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cardwright import Bearer, CertiFlow, DeviceCode, Oidc, UserCode, errors
from issuer import AUDIENCE, CLIENT, SECRET, Issuer

STORY = "02A1B3C4"


def test_a_token_at_hand_signs_in(issuer: Issuer, believer: str) -> None:
    assert CertiFlow(believer, Bearer(issuer.token())).find(STORY) is not None
    token = issuer.token(lifetime=-3600)
    with pytest.raises(errors.SignInFailed) as refused:
        CertiFlow(believer, Bearer(token)).find(STORY)
    assert token not in f"{refused.value!r}"


def test_a_program_gets_its_own_and_keeps_it(issuer: Issuer, believer: str) -> None:
    auth = Oidc(issuer.url, CLIENT, SECRET, scope="cards", resource=AUDIENCE, audience="else")
    with CertiFlow(believer, auth) as client, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(client.find, [STORY] * 8))
    (form,) = issuer.forms
    assert (form["grant_type"], form["client_id"], form["client_secret"]) == ("client_credentials", CLIENT, SECRET)
    assert (form["scope"], form["resource"], form["audience"]) == ("cards", AUDIENCE, "else")


def test_a_file_shares_a_token_between_clients(issuer: Issuer, believer: str, tmp_path: Path) -> None:
    file = tmp_path / "token.json"
    auth = Oidc(issuer.url, CLIENT, SECRET, cache=file, token_endpoint=f"{issuer.url}/token")
    for _ in range(2):
        assert CertiFlow(believer, auth).find(STORY) is not None
    assert len(issuer.forms) == 1 and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_child_process_gets_a_token_of_its_own(issuer: Issuer, believer: str) -> None:
    client = CertiFlow(believer, Oidc(issuer.url, CLIENT, SECRET))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if client.find(STORY) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert client.find(STORY) is not None and len(issuer.forms) == 2


def test_a_wrong_secret_is_told_without_it(issuer: Issuer, believer: str) -> None:
    with CertiFlow(believer, Oidc(issuer.url, CLIENT, "a wrong s3cret")) as client:
        with pytest.raises(PermissionError, match="invalid_client") as refused:
            client.find(STORY)
    assert isinstance(refused.value, errors.SignInFailed) and "s3cret" not in f"{refused.value!r}"


def test_a_person_is_told_a_code_once(issuer: Issuer, believer: str) -> None:
    told: list[UserCode] = []
    issuer.waits = 1
    with CertiFlow(believer, DeviceCode(issuer.url, CLIENT, prompt=told.append, resource=AUDIENCE)) as client:
        assert client.find(STORY) is not None and client.find(STORY) is not None
    assert told == [("BCDF-GHJK", f"{issuer.url}/activate", None, 600)] and told[0].user_code == "BCDF-GHJK"


def test_without_a_prompt_the_code_goes_to_stderr_with_nothing_that_a_terminal_obeys(
    issuer: Issuer, believer: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = {**issuer.device(), "user_code": "AB\x1b[2JCD", "verification_uri_complete": "https://i/?code=AB"}
    monkeypatch.setattr(issuer, "device", lambda: device)
    assert CertiFlow(believer, DeviceCode(issuer.url, CLIENT)).find(STORY) is not None
    said = capsys.readouterr()
    assert f"open {issuer.url}/activate and type AB?[2JCD, within 10 min." in said.err and said.out == ""
    assert "Or open https://i/?code=AB" in said.err


def test_a_prompt_that_fails_is_shown_and_the_code_too(
    issuer: Issuer, believer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def prompt(_: UserCode) -> None:
        raise RuntimeError("no window")

    assert CertiFlow(believer, DeviceCode(issuer.url, CLIENT, prompt=prompt)).find(STORY) is not None
    said = capsys.readouterr().err
    assert "RuntimeError: no window" in said and "BCDF-GHJK" in said


@pytest.fixture
def interruptible() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_the_wait_for_a_person_and_the_code_stays_good(issuer: Issuer, believer: str) -> None:
    def later() -> None:
        assert issuer.asked.acquire(timeout=20)
        os.kill(os.getpid(), signal.SIGINT)

    issuer.waits = -1
    told: list[UserCode] = []
    threading.Thread(target=later, daemon=True).start()
    with CertiFlow(believer, DeviceCode(issuer.url, CLIENT, prompt=told.append)) as client:
        with pytest.raises(KeyboardInterrupt):
            client.find(STORY)
        issuer.waits = 0
        assert client.find(STORY) is not None and len(told) == 1


def test_cancel_gives_a_code_up(issuer: Issuer, believer: str) -> None:
    issuer.waits = -1
    with CertiFlow(believer, DeviceCode(issuer.url, CLIENT, prompt=lambda _: None)) as client:
        with ThreadPoolExecutor(1) as pool:
            waits = pool.submit(client.find, STORY)
            assert issuer.asked.acquire(timeout=20)
            client.cancel()
            with pytest.raises(errors.CardwrightError, match="told to stop"):
                waits.result(timeout=20)
