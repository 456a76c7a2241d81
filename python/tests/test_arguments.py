"""Wrong arguments of every public call: a `TypeError` or a `ValueError` that names the parameter, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cardwright
import pytest
from cardwright import CardState, CertiFlow, Lifecycle, Server, errors

WRONG: list[Any] = [
    True, -1, 1 << 31, 1 << 70, 1.5, float("nan"), float("inf"), "", "text", "a\nb", "\ud800", None, b"bytes", [], [1],
    {}, {"a": 1}, (), object(),
]
"""What one of these is right for is taken, or refused by the server."""

GUID = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32"

GOOD: dict[str, Any] = {
    "url": "http://127.0.0.1:1/certiflow/api", "card": "1001", "operation": "Disable", "request": GUID, "uuid": GUID,
    "method": "GET", "path": "/Cards", "user": "u", "key": "1", "id": "1", "serial": GUID, "token": "t", "password": "p",
    "issuer": "https://i.example.com", "client_id": "c", "secret": "s", "cert": b"x", "reason": "CardLost",
    "journal": "/nonexistent/journal", "client": CertiFlow("http://127.0.0.1:1/certiflow/api", attempts=1, proxy=False), "name": "nobody", "dialect": "G7", "faults": {"rules": []}, "config": "/nonexistent", "cards": [],
}
"""An argument that is right where another one is wrong."""

UNCHECKED = {
    # A profile, a file or a journal that is not there is named itself.
    ("from_profile", "name"), ("from_profile", "config"), ("from_profile", "dialect"), ("resume", "journal"),
    # What is no name of an account is one that has not approved yet; the errors of faults name the part that is wrong.
    ("approve", "by"), ("deny", "by"), ("Server", "faults"),
    ("from_environment", "dialect"), ("from_environment", "status_scheme"), ("from_profile", "status_scheme"),
    ("ClientCertificate", "cert"), ("ClientCertificate", "key"), ("option", "ca"), ("record", "path"),
}


def calls(server: Server) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The methods of clients, the server and what else is given to programs, and the functions and ways to sign in."""
    certiflow, mim = server.certiflow(attempts=1), server.mim(attempts=1)
    for holder in (certiflow, mim, certiflow.own_server(), server, Lifecycle(CardState.Issued)):
        for name in dir(holder):
            if not name.startswith("_") and name not in ("cancel", "stop") and inspect.ismethod(getattr(holder, name)):
                yield name, getattr(holder, name)
    for name in ("plan", "resume", "Lifecycle", "Server", "CertiFlow", "MimCm", "Basic", "Bearer", "Negotiate", "Ntlm", "SignIn",
                 "Oidc", "DeviceCode", "ClientCertificate"):
        yield name, getattr(cardwright, name)
    for option in cardwright._client._OPTIONS:
        yield "option", _option(certiflow.url, option)


def _option(url: str, name: str) -> Callable[..., Any]:
    def call(**given: Any) -> Any:
        return CertiFlow(url, **given)

    kind = inspect.Parameter.KEYWORD_ONLY
    call.__signature__ = inspect.Signature([inspect.Parameter(name, kind, default=None)])  # type: ignore[attr-defined]
    return call


def fault(call: Callable[..., Any], name: str, given: dict[str, Any]) -> str | None:
    """What is wrong with how a call refuses."""
    try:
        result = call(**given)
        if isinstance(result, cardwright.Server):
            result.stop()
        elif isinstance(result, Iterator):
            next(result, None)
    except (TypeError, errors.InputError, errors.ConfigError, errors.MissingArgument) as error:
        return None if name.casefold() in str(error).casefold() else f"{error!r} does not name it"
    except errors.InternalError as error:
        return repr(error)
    except errors.CardwrightError:
        return None
    except FileNotFoundError as error:
        return None if name == "cards" and "cards" in str(error) else repr(error)
    except Exception as error:  # noqa: BLE001
        return repr(error)
    return None


@pytest.mark.filterwarnings("ignore")
def test_what_is_wrong_is_said_by_its_name(
    cardwright_server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Some of it is the name of a folder.
    monkeypatch.chdir(tmp_path)
    for variable in ("CARDWRIGHT_URL", "CARDWRIGHT_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    faults, tried = [], 0
    for label, call in calls(cardwright_server):
        parameters = inspect.signature(call).parameters
        for name, parameter in parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD or (label, name) in UNCHECKED:
                continue
            for wrong in WRONG:
                if (label, name, wrong) == ("Server", "cards", 1 << 31):
                    # It would make them.
                    continue
                needed = {
                    other: GOOD[other]
                    for other, its in parameters.items()
                    if (its.default is its.empty or other == "client") and its.kind is not its.VAR_KEYWORD
                }
                tried += 1
                if (said := fault(call, name, {**needed, name: wrong})) is not None:
                    faults.append(f"{label}({name}={wrong!r}): {said}")
    assert not faults, "\n".join(faults)
    assert tried > 2500, tried


def test_truth_is_no_number_and_a_number_no_truth() -> None:
    url = GOOD["url"]
    wrong: list[dict[str, Any]] = [
        {"attempts": True}, {"page_size": False}, {"timeout": True}, {"system_trust": 1}, {"system_trust": "no"}, {"attempts": 1.0},
        {"settle": "5"}, {"user_agent": b"kiosk"}, {"tls": None, "check": 1}, {"trust_filters": {"userName": True}},
    ]
    for options in wrong:
        with pytest.raises(TypeError, match="|".join(options)):
            CertiFlow(url, **options)


@pytest.mark.parametrize("text", ["kiosk\r\nX-More: 1", "kiosk\n", "kiosk\0", "Kiosk\x7f", "Kiosk é", "Киоск"])
def test_texts_for_headers_are_looked_at_at_once(text: str) -> None:
    with pytest.raises(errors.ConfigError, match="user_agent"):
        CertiFlow(GOOD["url"], user_agent=text)
    with pytest.raises(errors.ConfigError, match="token") as said:
        CertiFlow(GOOD["url"], cardwright.Bearer(f"hush-hush{text}"))
    assert "hush-hush" not in str(said.value)
    if not text.isprintable():
        for auth in (
            (text, "p"), cardwright.Ntlm(text, "p"), cardwright.SignIn(text, "p"),
            cardwright.Negotiate(principal=text, password="p"), cardwright.Negotiate(principal=text),
        ):
            with pytest.raises(errors.ConfigError, match="user"):
                CertiFlow(GOOD["url"], auth)
        with pytest.raises(errors.ConfigError, match="password") as said:
            CertiFlow(GOOD["url"], ("operator", f"hush-hush{text}"))
        assert "hush-hush" not in str(said.value)
