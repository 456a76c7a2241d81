"""Kerberos, NTLM and Basic against Apache; what the ways to sign in show of themselves."""

from __future__ import annotations

import copy
import pickle
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import cardwright
import pytest
from cardwright import (
    Auth,
    Basic,
    Bearer,
    CertiFlow,
    ClientCertificate,
    DeviceCode,
    MimCm,
    Negotiate,
    Ntlm,
    Oidc,
    Server,
    SignIn,
    errors,
)
from realm import Realm

STORY = "02A1B3C4"
ANNA, PASSWORD = "CORP\\anna", "Anna-Passw0rd"
OPERATOR = "operator@EXAMPLE.TEST"
SECRET = "a-s3cret"


@pytest.mark.parametrize(
    ("way", "auth", "chosen", "user"),
    [
        ("kerberos", lambda lab: Negotiate(), "negotiate", OPERATOR),
        ("kerberos", lambda lab: Negotiate(ccache=lab.folder / "ccache", mutual="require"), "negotiate", OPERATOR),
        ("bound", lambda lab: Negotiate(principal=OPERATOR, password="operator-password"), "negotiate", OPERATOR),
        (
            "kerberos",
            lambda lab: Negotiate(principal="batch@EXAMPLE.TEST", keytab=str(lab.folder / "batch.keytab")),
            "negotiate",
            "batch@EXAMPLE.TEST",
        ),
        ("kerberos", lambda lab: Negotiate(service="HTTP@localhost"), "negotiate", OPERATOR),
        ("ntlm", lambda lab: Ntlm(ANNA, PASSWORD), "ntlm", "CORP\\\\anna"),
        ("ntlm", lambda lab: SignIn(ANNA, PASSWORD, schemes=["ntlm", "basic"]), "ntlm", "CORP\\\\anna"),
        ("basic", lambda lab: SignIn("anna", PASSWORD), "basic", "anna"),
        ("basic", lambda lab: Basic("anna", PASSWORD), "basic", "anna"),
        ("basic", lambda lab: ("anna", PASSWORD), "basic", "anna"),
    ],
)
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_each_scheme_signs_in(
    lab: Realm, request: pytest.FixtureRequest, way: str, auth: Callable[[Realm], Any], chosen: str, user: str, tls: bool
) -> None:
    url = lab.tls_url(way) if tls else lab.url(way)
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    with CertiFlow(url, auth(lab), ca=lab.folder / "tls.pem", user_agent=name) as client:
        assert client.find(STORY) is not None
        how = client.explain()
        assert client.find(STORY) is not None
    assert how.chosen == chosen and chosen in {scheme for scheme, _ in how.tried}
    assert (user, 200) in lab.seen(name, 2)


def test_a_scheme_that_is_not_offered_is_explained(lab: Realm) -> None:
    with CertiFlow(lab.url("basic"), Negotiate()) as client:
        with pytest.raises(PermissionError, match="Basic") as refused:
            client.find(STORY)
        how = client.explain()
    assert isinstance(refused.value, errors.SignInFailed)
    assert how.chosen is None and how.offered == ["Basic"] and ("basic", "not allowed") in how.tried
    assert str(how) in repr(how) and "not allowed" in str(how) and how == client.explain() and how != 1


@pytest.mark.parametrize(
    ("way", "auth"),
    [
        ("ntlm", Ntlm(ANNA, SECRET)),
        ("ntlm", SignIn(ANNA, SECRET)),
        ("basic", SignIn("anna", SECRET)),
        ("kerberos", Negotiate(principal=OPERATOR, password=SECRET)),
    ],
)
def test_a_wrong_password_is_tried_once_and_shown_nowhere(
    lab: Realm, request: pytest.FixtureRequest, way: str, auth: Auth
) -> None:
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    with CertiFlow(lab.url(way), auth, user_agent=name) as client:
        texts = []
        for _ in range(2):
            with pytest.raises(errors.SignInFailed) as refused:
                client.find(STORY)
            texts += ["".join(traceback.format_exception(refused.type, refused.value, refused.tb)), repr(vars(refused.value))]
        texts += [repr(client.explain()), str(client.explain().tried), repr(client), repr(vars(client)), repr(auth)]
    assert not [text for text in texts if SECRET in text]
    # The first question, at most three legs with the password, and the question of the second call.
    assert all(status == 401 for _, status in lab.seen(name, 1)) and len(lab.seen(name, 1)) <= 5


def test_threads_sign_in_side_by_side(lab: Realm) -> None:
    with CertiFlow(lab.url("bound"), Negotiate()) as client, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(client.find, [STORY] * 12))


WITH_SECRETS: list[Auth] = [
    Basic("operator", SECRET),
    Bearer(SECRET),
    Ntlm("operator", SECRET),
    Negotiate(principal=OPERATOR, password=SECRET),
    SignIn("operator", SECRET),
    Oidc("https://issuer.example", "id", SECRET),
    DeviceCode("https://issuer.example", "id", secret=SECRET),
]


@pytest.mark.parametrize("auth", WITH_SECRETS, ids=repr)
def test_a_secret_is_never_shown_pickled_or_changed(auth: Auth) -> None:
    assert SECRET not in f"{auth!r} {auth!s} {auth.__reduce__()} {getattr(auth, '__dict__', '')}"
    with pytest.raises(TypeError, match="each process anew") as refused:
        pickle.dumps(auth)
    assert SECRET not in "".join(traceback.format_exception(refused.type, refused.value, refused.tb))
    assert copy.copy(auth) is auth is copy.deepcopy(auth)
    assert auth == auth and auth != Bearer("another") and len({auth, copy.copy(auth)}) == 1
    with pytest.raises(AttributeError, match="make another"):
        setattr(auth, "password", "x")
    with pytest.raises(AttributeError, match="make another"):
        delattr(auth, "_given")
    for system in (CertiFlow, MimCm):
        assert SECRET not in repr(vars(system("https://cm.example.com/certiflow/api", auth)))


def test_every_way_that_takes_a_secret_is_looked_at() -> None:
    assert {type(auth) for auth in WITH_SECRETS} == set(Auth.__subclasses__())


def test_what_has_no_secret_is_pickled() -> None:
    for auth in (Negotiate(), Negotiate(principal="batch", keytab="a"), SignIn(schemes=["ntlm"]), DeviceCode("https://i", "c")):
        assert pickle.loads(pickle.dumps(auth)) == auth != Negotiate(principal="else")
    with pytest.raises(TypeError, match="such as Negotiate"):
        Auth()


@pytest.mark.parametrize(
    ("make", "wrong", "why"),
    [
        (lambda: Negotiate(password=SECRET), errors.InputError, "a password without a name"),
        (lambda: Negotiate(principal="a", password=SECRET, keytab="k"), errors.InputError, "not both"),
        (lambda: Negotiate(mutual="always"), errors.InputError, '"warn" or "require"'),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        (lambda: SignIn("a", SECRET, schemes=["kerberos"]), errors.InputError, ", ".join(cardwright._auth.SCHEMES)),  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
        (lambda: SignIn("a", SECRET, schemes=[]), errors.InputError, "schemes is empty"),
        (lambda: ("user", SECRET, SECRET), TypeError, "auth must be"),
        (lambda: ("user", None), TypeError, "auth must be"),
        (lambda: Basic("user", 1), TypeError, "password must be str, not int"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        (lambda: Oidc("http://issuer.example", "id", SECRET), errors.ConfigError, "https"),
        (lambda: Oidc("issuer.example", "id", SECRET), errors.ConfigError, "issuer.example"),
        (lambda: ("CORP:anna", SECRET), errors.ConfigError, "the colon in the user"),
        (lambda: Basic("CORP:anna", SECRET), errors.ConfigError, "DOMAIN\\name or name@domain"),
        (lambda: SignIn("CORP:anna", SECRET), errors.ConfigError, "or allow other schemes alone"),
        (lambda: Basic("anna\n", SECRET), errors.ConfigError, "the control character in the user"),
        (lambda: Basic("anna", SECRET + "\n"), errors.ConfigError, "the control character in the password"),
    ],
)
def test_what_does_not_fit_together_is_said_at_once(make: Callable[[], Any], wrong: type[Exception], why: str) -> None:
    with pytest.raises(wrong) as said:
        CertiFlow("https://cm.example.com/certiflow/api", make())
    assert why in str(said.value) and SECRET not in str(said.value)


def test_basic_goes_to_another_machine_in_clear_only_where_that_is_said() -> None:
    url = "http://cm.example.invalid/certiflow/api"
    with pytest.raises(errors.ConfigError, match="plain HTTP"):
        CertiFlow(url, ("operator", SECRET))
    assert CertiFlow(url, Basic("operator", SECRET, in_clear=True)).url == url


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"AUTH": "none", "USER": "u", "PASSWORD": SECRET}, None),
        ({"USER": "u", "PASSWORD": SECRET}, "u"),
        ({"PASSWORD": SECRET}, None),
        ({"AUTH": "basic", "ISSUER": "https://i", "USER": "u", "PASSWORD": SECRET}, "u"),
    ],
)
def test_the_environment_says_who_signs_in_as_it_does_for_the_command(
    cardwright_server: Server, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: str | None
) -> None:
    for name in ("AUTH", "USER", "PASSWORD", "ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"CARDWRIGHT_{name}", raising=False)
    for name, value in {"URL": cardwright_server.certiflow_url, **given}.items():
        monkeypatch.setenv(f"CARDWRIGHT_{name}", value)
    with CertiFlow.from_environment(attempts=1) as client, pytest.raises(errors.SignInFailed) as said:
        client.find(STORY)
    assert SECRET not in str(said.value) and bool(client.explain().tried) is (expected is not None)


def test_a_client_of_the_environment_signs_in(lab: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"URL": lab.tls_url("ntlm"), "USER": ANNA, "PASSWORD": PASSWORD, "CA": str(lab.folder / "tls.pem")}
    for name, value in settings.items():
        monkeypatch.setenv(f"CARDWRIGHT_{name}", value)
    with CertiFlow.from_environment() as client:
        assert client.find(STORY) is not None and client.explain().chosen == "ntlm"
    monkeypatch.setenv("CARDWRIGHT_CLIENT_CERT", "/nonexistent.pem")
    with pytest.raises(errors.ConfigError, match="nonexistent"):
        CertiFlow.from_environment()
    with pytest.raises(errors.TLSError):
        CertiFlow.from_environment(ca=None, certificate=None, attempts=1).find(STORY)


def test_the_key_of_a_certificate_is_not_shown_or_pickled() -> None:
    certificate = ClientCertificate(SECRET.encode())
    assert repr(certificate) == "ClientCertificate(..)" and not hasattr(certificate, "__dict__")
    with pytest.raises(TypeError, match="each process anew"):
        pickle.dumps(certificate)
