"""A client by the environment and by a profile, as the command has it."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from cardwright import CertiFlow, Dialect, MimCm, Server, errors
from list_server import ListServer, card

SECRET = "hush-hush"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Nothing of ours is set, and there is no config file."""
    for name in list(os.environ):
        if name.startswith("CARDWRIGHT_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return monkeypatch


def of(server: Server, environment: pytest.MonkeyPatch, **more: str) -> None:
    user, password = server.auth
    for name, value in {"URL": server.certiflow_url, "USER": user, "PASSWORD": password, **more}.items():
        environment.setenv(f"CARDWRIGHT_{name}", value)


def command(*arguments: str) -> str:
    """What the command says that it cannot do."""
    program = Path(sys.executable).parent / "cardwright"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    return done.stderr


def test_a_client_signs_in(cardwright_server: Server, environment: pytest.MonkeyPatch) -> None:
    of(cardwright_server, environment)
    with CertiFlow.from_environment(attempts=1) as client:
        assert client.find("02A1B3C4") is not None and client.url == cardwright_server.certiflow_url
        assert cardwright_server.auth[1] not in f"{client!r} {vars(client)}"
    environment.setenv("CARDWRIGHT_URL", cardwright_server.mim_url)
    with MimCm.from_environment() as mim:
        assert next(mim.cards())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"DIALECT": "g99"},
        {"TLS": "openssl"},
        {"AUTH": "kerberos"},
        {"AUTH": "basic"},
        {"AUTH": "bearer"},
        {"AUTH": "oidc"},
        {"USER": "u"},
        {"AUTH": "basic", "PASSWORD": SECRET},
        {"ISSUER": "https://i.example.com", "CLIENT_ID": "c"},
        {"ISSUER": "https://i.example.com"},
        {"CA": "/nonexistent.pem"},
        {"CLIENT_CERT": "/nonexistent.pem"},
        {"CLIENT_KEY": "/nonexistent.pem"},
        {"LIST_TIME_LIMIT": "soon"},
        {"TIME_LIMIT": "soon"},
        {"PROFILE": "prod"},
        {"PROFILE": "prod", "CONFIG": "/nonexistent.toml"},
        {"USER": "u\nv", "PASSWORD": SECRET},
        {"USER": "u", "PASSWORD": f"{SECRET}\n", "AUTH": "basic"},
        {"API": "certiflo"},
    ],
)
def test_what_the_command_refuses_is_refused_in_its_words(given: dict[str, str], environment: pytest.MonkeyPatch) -> None:
    if given:
        environment.setenv("CARDWRIGHT_URL", "http://127.0.0.1:1/certiflow/api")
    for name, value in given.items():
        environment.setenv(f"CARDWRIGHT_{name}", value)
    with pytest.raises(errors.ConfigError) as said:
        CertiFlow.from_environment()
    shown = "".join(traceback.format_exception(type(said.value), said.value, said.value.__traceback__))
    assert SECRET not in shown and isinstance(said.value, ValueError)
    first = str(said.value).partition(": give")[0].partition(": set")[0].partition(": write")[0].partition(": it has")[0]
    # The command prints a control character by its number.
    assert first.split(": ", 1)[-1][:40].strip() in command("cards", "--limit", "1") or "\n" in first or first in shown
    assert "CARDWRIGHT_" in str(said.value) or given


def test_nothing_given_names_the_variable(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.ConfigError, match="no server named.*CARDWRIGHT_URL"):
        MimCm.from_environment()


def test_a_client_of_another_system_is_refused(cardwright_server: Server, environment: pytest.MonkeyPatch) -> None:
    of(cardwright_server, environment)
    with pytest.raises(errors.ConfigError, match="CertiFlow"):
        MimCm.from_environment()
    environment.setenv("CARDWRIGHT_API", "mim")
    with pytest.raises(errors.ConfigError, match="MIM"):
        CertiFlow.from_environment()


def test_the_address_and_the_variable_tell_the_dialect(cardwright_server: Server, environment: pytest.MonkeyPatch) -> None:
    of(cardwright_server, environment, URL=cardwright_server.icmapi_url)
    with CertiFlow.from_environment() as client:
        assert client.dialect is Dialect.G1 and len(list(client.cards(user="aweber@demo.example"))) == 1
    of(cardwright_server, environment, DIALECT="g6")
    assert CertiFlow.from_environment().dialect is Dialect.G6
    assert CertiFlow.from_environment(dialect="G5").dialect is Dialect.G5
    environment.setenv("CARDWRIGHT_URL", cardwright_server.mim_url)
    with pytest.raises(errors.ConfigError, match="no dialects"):
        MimCm.from_environment()


def profile(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_a_profile_is_a_client(cardwright_server: Server, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    user, password = cardwright_server.auth
    (tmp_path / "password").write_text(password, encoding="utf-8")
    (tmp_path / "password").chmod(0o600)
    here = f"url = '{cardwright_server.certiflow_url}'\nuser = '{user}'\n"
    file = profile(
        tmp_path,
        f"[profile.file]\n{here}password_file = 'password'\ndialect = 'g6'\ncheck = 'strict'\n"
        f"[profile.program]\n{here}password_command = ['cat', '{tmp_path / 'password'}']\n"
        f"[profile.mim]\nurl = '{cardwright_server.mim_url}'\nuser = '{user}'\npassword_file = 'password'\n",
    )
    with CertiFlow.from_profile("file", config=file) as client:
        assert client.find("02A1B3C4") is not None and client.dialect is Dialect.G6
    with CertiFlow.from_profile("program", config=str(file), dialect="G7") as client:
        assert client.find("02A1B3C4") is not None and client.dialect is Dialect.G7
    with MimCm.from_profile("mim", config=file, status_scheme="A") as mim:
        assert next(mim.cards())
    with pytest.raises(errors.ConfigError, match="MIM"):
        CertiFlow.from_profile("mim", config=file)
    # By the environment, and in its usual place.
    environment.setenv("CARDWRIGHT_CONFIG", str(file))
    environment.setenv("CARDWRIGHT_PROFILE", "file")
    assert CertiFlow.from_environment().dialect is Dialect.G6
    environment.delenv("CARDWRIGHT_CONFIG")
    (tmp_path / "cardwright").mkdir()
    for name in ("config.toml", "password"):
        (tmp_path / name).rename(tmp_path / "cardwright" / name)
    assert CertiFlow.from_profile("file").dialect is Dialect.G6


def test_a_profile_that_is_named_keeps_the_exported_account_away(
    cardwright_server: Server, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    of(cardwright_server, environment)
    with ListServer([card(1)]) as other:
        file = profile(tmp_path, f"[profile.other]\nurl = '{other.url}'\n")
        with CertiFlow.from_profile("other", config=file, dialect="G7", attempts=1) as client:
            assert client.url == other.url and len(list(client.cards())) == 1
            assert client.explain().chosen is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profile.a]\nurl = 'http://h/certiflow/api'\npassword = 'hush-hush'\n", "config.toml:3: a password does not belong"),
        ("[profile.a]\nurl = 'http://h/certiflow/api'\ncolour = 'red'\n", "config.toml:3: unknown key colour"),
        ("[profile.b]\nurl = 'http://h/certiflow/api'\n", "has no profile a.*it has b"),
        ("[profile.a]\nuser = 'u'\n", "no server named"),
        ("[profile.a]\nurl = 'http://h/certiflow/api'\nuser = 'u'\n", "no password for u"),
    ],
)
def test_a_wrong_profile_is_told_with_its_line(
    environment: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(errors.ConfigError, match=said) as told:
        CertiFlow.from_profile("a", config=profile(tmp_path, text))
    assert SECRET not in str(told.value)


def test_options_take_precedence(cardwright_server: Server, environment: pytest.MonkeyPatch) -> None:
    of(cardwright_server, environment, CA="/nonexistent.pem", CLIENT_CERT="/nonexistent.pem", TLS="rustls")
    environment.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with CertiFlow.from_environment(ca=None, certificate=None, proxy=False) as client:
        assert client.find("02A1B3C4") is not None
    with CertiFlow.from_environment(ca=None, certificate=None, attempts=1) as client, pytest.raises(errors.ProxyError):
        client.find("02A1B3C4")
    with pytest.raises(errors.InputError, match="tls"):
        CertiFlow.from_environment(ca=None, certificate=None, tls="openssl")  # type: ignore[arg-type]


def test_a_warning_is_one_of_pythons(
    cardwright_server: Server, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    user, password = cardwright_server.auth
    (tmp_path / "password").write_text(password, encoding="utf-8")
    (tmp_path / "password").chmod(0o644)
    file = profile(tmp_path, f"[profile.a]\nurl = '{cardwright_server.certiflow_url}'\nuser = '{user}'\npassword_file = 'password'\n")
    with pytest.warns(UserWarning, match="password"):
        CertiFlow.from_profile("a", config=file)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_child_has_the_account_too(cardwright_server: Server, environment: pytest.MonkeyPatch) -> None:
    of(cardwright_server, environment)
    with CertiFlow.from_environment() as client:
        assert client.find("02A1B3C4") is not None
        child = os.fork()
        if child == 0:
            os._exit(0 if client.find("02A1B3C4") is not None else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
