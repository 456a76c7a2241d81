"""A class for each way to sign in."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, NoReturn, Union

from . import _arguments

if TYPE_CHECKING:
    _File = Union[str, os.PathLike[str]]
    _Scheme = Literal["negotiate", "ntlm", "basic"]
    _Mutual = Literal["warn", "require"]

SCHEMES: tuple[_Scheme, ...] = ("negotiate", "ntlm", "basic")


class _Secret:
    """A text that nothing shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return ".."

    def __reduce__(self) -> NoReturn:
        raise TypeError("passwords, tokens and keys are not pickled: give them to each process anew")


class Auth:
    """The base of all ways to sign in: they can be compared, not changed, and no text shows their secrets.

    One that holds a secret cannot be pickled. Any number of clients can share one.
    """

    __slots__ = ("_given",)

    _given: Mapping[str, Any]
    _kind: ClassVar[str]

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__} is what ways to sign in have in common: use one of them, such as Negotiate")

    def _take(self, given: Mapping[str, Any], *secrets: str) -> None:
        """Keeps the arguments of a constructor."""
        kept = {name: value for name, value in given.items() if name not in ("self", "kept")}
        for name in ("user", "principal", "issuer", "client_id", *secrets):
            if not isinstance(kept.get(name, ""), (str, type(None))):
                raise TypeError(f"{name} must be str, not {type(kept[name]).__name__}")
        for name in secrets:
            kept[name] = None if kept[name] is None else _Secret(kept[name])
        object.__setattr__(self, "_given", kept)

    def _plain(self) -> dict[str, Any]:
        return {name: value._text if isinstance(value, _Secret) else value for name, value in self._given.items()}

    def _settings(self) -> dict[str, Any]:
        """What the extension takes."""
        return {self._kind: self._plain()}

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed: make another")

    def __delattr__(self, name: str) -> NoReturn:
        self.__setattr__(name, None)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Auth) and self._given == other._given

    def __hash__(self) -> int:
        return hash((type(self), repr(self)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._given.items() if value is not None)
        return f"{type(self).__name__}({shown})"

    def __copy__(self) -> Auth:
        return self

    def __deepcopy__(self, _: object) -> Auth:
        return self

    def __reduce__(self) -> Any:
        return (_made, (type(self), dict(self._given)))


def _made(kind: type[Auth], given: Mapping[str, Any]) -> Auth:
    made = kind.__new__(kind)
    object.__setattr__(made, "_given", given)
    return made


class Bearer(Auth):
    """A bearer token (RFC 6750) that is at hand already; `Oidc` gets and renews its own.

    >>> Bearer("secret")
    Bearer(token=..)
    """

    __slots__ = ()
    _kind = "bearer"

    def __init__(self, token: str) -> None:
        self._take(locals(), "token")

    def _settings(self) -> dict[str, Any]:
        return {"bearer": self._plain()["token"]}


class Basic(Auth):
    """Name and password by HTTP Basic (RFC 7617), with the first request; `(user, password)` is the same.

    It is sent over TLS or to this machine only, unless `in_clear` is set: then anyone on the way can read the password.

    >>> Basic("operator", "secret")
    Basic(user='operator', password=.., in_clear=False)
    """

    __slots__ = ()
    _kind = "basic"

    def __init__(self, user: str, password: str, *, in_clear: bool = False) -> None:
        self._take(locals(), "password")

    def _settings(self) -> dict[str, Any]:
        plain = self._plain()
        if plain["in_clear"]:
            return {"sign_in": {"user": plain["user"], "password": plain["password"], "schemes": ["basic"], "basic_in_clear": True}}
        return {"basic": (plain["user"], plain["password"])}


class Negotiate(Auth):
    """Kerberos by SPNEGO (RFC 4559), by the system's own library, which is looked for when it is needed.

    With a `password` or a `keytab` it signs in as `principal`, which is `name@REALM`; without, by the ticket of `kinit`,
    in the file `ccache` or where the environment says (`KRB5CCNAME`, `KRB5_CLIENT_KTNAME`).

    `mutual` is what happens with a server that does not prove its identity: a warning (`"warn"`) or an error
    (`"require"`); a wrong proof is always an error. `channel_bindings` binds the sign-in to the TLS connection ("Extended
    Protection"); it must be off where a proxy ends TLS. `service` is the server's name. Default: `HTTP@` and the
    address's host.

    >>> Negotiate(principal="batch@EXAMPLE.COM", keytab="batch.keytab")
    Negotiate(principal='batch@EXAMPLE.COM', keytab='batch.keytab', mutual='warn', channel_bindings=True)
    """

    __slots__ = ()

    def __init__(
        self,
        *,
        principal: str | None = None,
        password: str | None = None,
        keytab: _File | None = None,
        ccache: _File | None = None,
        service: str | None = None,
        mutual: _Mutual = "warn",
        channel_bindings: bool = True,
    ) -> None:
        self._take(locals(), "password")

    def _settings(self) -> dict[str, Any]:
        plain = self._plain()
        return {"sign_in": {**plain, "user": plain["principal"], "schemes": ["negotiate"]}}


class Ntlm(Auth):
    """NTLMv2 (MS-NLMP). `user` is `DOMAIN\\name`, `name@domain` or `name`.

    `channel_bindings` and `service` are as in `Negotiate`.

    >>> Ntlm("EXAMPLE\\\\operator", "secret")
    Ntlm(user='EXAMPLE\\\\operator', password=.., channel_bindings=True)
    """

    __slots__ = ()

    def __init__(
        self, user: str, password: str, *, service: str | None = None, channel_bindings: bool = True
    ) -> None:
        self._take(locals(), "password")

    def _settings(self) -> dict[str, Any]:
        return {"sign_in": {**self._plain(), "schemes": ["ntlm"]}}


class SignIn(Auth):
    """A user, by the strongest scheme that the server offers, of `schemes`: Negotiate before NTLM before Basic.

    Without `user` and `password`, the Kerberos ticket at hand says who it is. A refused password is not sent again, by
    any scheme. Everything else is as in `Negotiate`; `basic_in_clear` is `in_clear` of `Basic`.

    >>> SignIn("EXAMPLE\\\\operator", "secret", schemes=["negotiate", "ntlm"])
    SignIn(user='EXAMPLE\\\\operator', password=.., schemes=('negotiate', 'ntlm'), mutual='warn', channel_bindings=True, basic_in_clear=False)
    """

    __slots__ = ()
    _kind = "sign_in"

    def __init__(
        self,
        user: str | None = None,
        password: str | None = None,
        *,
        schemes: Iterable[_Scheme] = SCHEMES,
        service: str | None = None,
        mutual: _Mutual = "warn",
        channel_bindings: bool = True,
        basic_in_clear: bool = False,
    ) -> None:
        kept = tuple(_arguments.texts("schemes", schemes))
        self._take({**locals(), "schemes": kept}, "password")


class Oidc(Auth):
    """Tokens of an OpenID Connect issuer, AD FS among them, for a program: by its client id and `secret`.

    The issuer's document `/.well-known/openid-configuration` names its token endpoint; `token_endpoint` does where there
    is no such document. `resource` is AD FS's name for the server (the relying party's identifier), `audience` the same
    for other issuers, `scope` the scopes to ask for, with blanks between. A token is renewed before it expires.

    Each client gets its own; `cache` names a file that shares them with other clients and processes. Only its owner can
    read it; anyone who can may act with the token until it expires. The client's `ca` and `proxy` apply to the issuer too.

    >>> Oidc("https://adfs.example.com/adfs", "cardwright", "secret", resource="https://cm.example.com/certiflow")
    Oidc(issuer='https://adfs.example.com/adfs', client_id='cardwright', secret=.., resource='https://cm.example.com/certiflow')
    """

    __slots__ = ()
    _kind = "oidc"

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        *,
        scope: str | None = None,
        resource: str | None = None,
        audience: str | None = None,
        token_endpoint: str | None = None,
        cache: _File | None = None,
    ) -> None:
        self._take(locals(), "secret")

    def _settings(self) -> dict[str, Any]:
        return {"oidc": {**self._plain(), "device_endpoint": None, "prompt": None}}


class UserCode(NamedTuple):
    """What a person needs to sign in by a `DeviceCode`."""

    user_code: str
    """What to type."""
    address: str
    """Where, in any browser on any device."""
    address_with_code: str | None
    """The same with the code in it already, where the issuer has such an address."""
    seconds: int
    """How long the code is valid."""


class DeviceCode(Auth):
    """Tokens of an issuer for a person (RFC 8628): the first request tells a code, and where to type it.

    `prompt` is called with a `UserCode`, from any thread. Default: it is printed to `sys.stderr`. The request waits until
    the code has been typed. Ctrl-C ends that wait, and the next request continues with the same code; `cancel()` drops it.

    Everything else is as in `Oidc`; few issuers want a `secret` here. A token is renewed without another prompt where the
    issuer returns a refresh token; some do so only for the scope `offline_access`.

    >>> DeviceCode("https://adfs.example.com/adfs", "cardwright")
    DeviceCode(issuer='https://adfs.example.com/adfs', client_id='cardwright')
    """

    __slots__ = ()

    def __init__(
        self,
        issuer: str,
        client_id: str,
        *,
        prompt: Callable[[UserCode], object] | None = None,
        secret: str | None = None,
        scope: str | None = None,
        resource: str | None = None,
        audience: str | None = None,
        token_endpoint: str | None = None,
        device_endpoint: str | None = None,
        cache: _File | None = None,
    ) -> None:
        self._take(locals(), "secret")

    def _settings(self) -> dict[str, Any]:
        return {"oidc": {**self._plain(), "prompt": self._tell}}

    def _tell(self, *code: Any) -> None:
        told = UserCode(*code)
        prompt = self._given["prompt"]
        if prompt is not None:
            try:
                prompt(told)
                return
            except Exception:  # noqa: BLE001
                # The person must be told all the same.
                traceback.print_exc()
        _show(told)


def _show(code: UserCode) -> None:
    print(f"To sign in, open {_escape_controls(code.address)} and type {_escape_controls(code.user_code)}, "
          f"within {-(-code.seconds // 60)} min.", file=sys.stderr)
    if code.address_with_code:
        print(f"Or open {_escape_controls(code.address_with_code)}", file=sys.stderr, flush=True)


def _show_code(*code: Any) -> None:
    """Tells the code of a client whose sign-in the environment or a profile names."""
    _show(UserCode(*code))


def _escape_controls(text: str) -> str:
    """A text of an issuer, without control characters that a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


class ClientCertificate:
    """A certificate that a client shows where the server asks for one, and its key.

    Both are PEM as `bytes`, or files of it; without `key`, it stands in the same file. The key is PKCS #8, PKCS #1 or
    SEC 1. The first may also be PKCS #12. These, and keys with a `password`, are read by the system's OpenSSL. That
    the two belong together is checked when a client is made.

    >>> CertiFlow("https://cm.example.com/certiflow/api", certificate=ClientCertificate("client.pem", "client.key"))
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'client.pem'
    """

    __slots__ = ("_cert", "_key", "_password")

    def __init__(self, cert: _File | bytes, key: _File | bytes | None = None, password: str | None = None) -> None:
        self._cert = pem("cert", cert)
        self._key = None if key is None else pem("key", key)
        self._password = _arguments.optional_text("password", password)

    def _settings(self) -> tuple[bytes, bytes | None, str | None]:
        """What the extension takes."""
        return self._cert, self._key, self._password

    def __repr__(self) -> str:
        return "ClientCertificate(..)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a ClientCertificate has a key, and is not pickled: give it to each process anew")


def pem(name: str, given: object) -> bytes:
    """What a parameter gives, or the file that it names."""
    if isinstance(given, bytes):
        return given
    if not isinstance(given, (str, os.PathLike)):
        _arguments.wrong(name, "bytes, str or a path", given)
    with open(_arguments.file(name, given), "rb") as file:
        return file.read()


def settings_of(auth: Auth | tuple[str, str] | None) -> dict[str, Any] | None:
    """What the extension takes."""
    if auth is None:
        return None
    if isinstance(auth, Auth):
        return auth._settings()
    if isinstance(auth, tuple) and len(auth) == 2 and all(isinstance(one, str) for one in auth):
        return {"basic": auth}
    raise TypeError("auth must be (user, password), one of the ways to sign in such as Negotiate(), or None")
