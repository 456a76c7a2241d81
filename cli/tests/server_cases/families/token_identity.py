"""Bearer tokens: issuer and subject identify their bearer, never the name that is shown (RFC 7519, 4.1.2)."""

import base64
import hashlib
import hmac
import json
import random
import re
import time
import unicodedata

from kit import CARD, CERTIFLOW, MIM, must, rows

ISSUER, AUDIENCE = "https://issuer.example.com", "https://cards.example.com"
# A template whose enrolment two have to approve.
TWO_APPROVALS = "6a1d3c9f-8e75-4b2a-9d4e-3c7da2f18b65"


class Key:
    """An RSA key for these cases alone, always the same one, made from a number."""

    made = {}

    def __init__(self, number):
        chance = random.Random(number)
        p, q = prime(chance), prime(chance)
        self.n, self.e = p * q, 65537
        self.d = pow(self.e, -1, (p - 1) * (q - 1))

    @classmethod
    def of(cls, number):
        if number not in cls.made:
            cls.made[number] = cls(number)
        return cls.made[number]

    def jwk(self, kid="k1"):
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": b64(number_bytes(self.n)), "e": b64(number_bytes(self.e))}

    def sign(self, message):
        """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2)."""
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
        size = (self.n.bit_length() + 7) // 8
        padded = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
        return pow(int.from_bytes(padded, "big"), self.d, self.n).to_bytes(size, "big")


def prime(chance):
    small = [n for n in range(3, 2000, 2) if all(n % m for m in range(3, int(n**0.5) + 1, 2))]
    while True:
        number = chance.getrandbits(1024) | 3 << 1022 | 1
        if all(number % n for n in small) and number % 65537 != 1 and all(strong(number, chance.randrange(2, number)) for _ in range(8)):
            return number


def strong(number, base):
    """A round of Miller and Rabin."""
    odd, twos = number - 1, 0
    while not odd & 1:
        odd, twos = odd >> 1, twos + 1
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(twos - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False


def number_bytes(number):
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(header=None, key=1, signed=True, **claims):
    """A token; claims given as None are left out."""
    now = int(time.time())
    payload = {"iss": ISSUER, "aud": AUDIENCE, "sub": "subject-1", "iat": now, "exp": now + 600, "roles": ["administrator"],
               "preferred_username": "Ann", **claims}
    payload = {name: value for name, value in payload.items() if value is not None}
    head = {"alg": "RS256", "kid": "k1", "typ": "JWT", **(header or {})}
    text = b64(json.dumps(head).encode()) + "." + b64(json.dumps(payload).encode())
    if head["alg"] == "HS256":
        secret = number_bytes(Key.of(key).n)
        return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"
    return f"{text}.{b64(Key.of(key).sign(text.encode())) if signed else ''}"


def believing(world, *words):
    """A server that believes the tokens of the key number 1."""
    world.path("keys.json").write_text(json.dumps({"keys": [Key.of(1).jwk()]}))
    return world.serve("--data", world.path("data"), "--cards", 20, "--log", "--bearer-issuer", ISSUER, "--bearer-audience",
                       AUDIENCE, "--bearer-keys", world.path("keys.json"), *words)


def approve(server, request, auth):
    answer = server.ask("POST", f"/_sandbox/requests/{request}/approve", auth)
    must(answer.status in (200, 403, 409), answer, "an approval is answered 200, or refused with 403 or 409")
    return json.loads(answer.body) if answer.status == 200 else None


def approvals(world, by, right, words=()):
    """Approvals by these, each a dictionary of claims or "demo", and how many count in the end."""
    server = believing(world, *words)
    made = server.ask("POST", f"{MIM}/requests", "Bearer " + token(sub="subject-9", preferred_username="Eve"), body={"type": "Enroll", "profiletemplateuuid": TWO_APPROVALS, "comment": "x", "datacollection": []})
    must(made.status == 201, made, "a request that two have to approve is made")
    request = re.search(r"[0-9a-f-]{36}", made.body.decode())[0]
    said = None
    for one in by:
        said = approve(server, request, "right" if one == "demo" else "Bearer " + token(**one)) or said
    must(said is not None, "no approval was taken", f"{right} of 2")
    got = f"{said['approvals']} of {said['needed']}, {said['status']}"
    must(said["approvals"] == right and (said["status"] == "Approved") == (right >= 2), got, f"{right} of 2 approvals")


def told_apart(world, one, other):
    """The changes of two bearers, which the audit log must tell apart: each row names its subject."""
    server = believing(world)
    for claims, operation in ((one, "Disable"), (other, "Enable")):
        answer = server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/{operation}", "Bearer " + token(**claims))
        must(answer.status == 200, answer, f"{operation} by token is carried out")
    found = [" ".join(map(str, row)) for row in rows(world.path("data"), "SELECT * FROM audit WHERE card = ? ORDER BY id", (CARD,))][-2:]
    must(len(found) == 2, f"{len(found)} rows", "a row for each change")
    for claims, row in zip((one, other), found):
        must(claims["sub"] in row, f"a row without the subject {claims['sub']}: {row}", "rows name the subject, beside the name that is shown")


def unclean(text):
    """Characters that change how a line looks: controls, direction, line ends, invisible ones."""
    return sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")})


def clean_name(world, name):
    """A name with such characters, in the audit log and in the line of the log."""
    server = believing(world)
    answer = server.ask("POST", f"{CERTIFLOW}/Cards/{CARD}/Disable", "Bearer " + token(sub="subject-7", preferred_username=name))
    must(answer.status in (200, 401, 403), answer, "the name is cleaned, or the token refused")
    for row in rows(world.path("data"), "SELECT * FROM audit WHERE card = ?", (CARD,)):
        bad = unclean(" ".join(map(str, row)))
        must(not bad, f"{', '.join(bad)} in the audit log", "names are cleaned of what is not seen")
    lines = server.lines_when(lambda lines: lines)
    must(len(lines) == 1, f"{len(lines)} lines", "one line for one request")
    bad = unclean(str(lines[0].get("account")))
    must(not bad, f"{', '.join(bad)} in the line of the log", "names are cleaned of what is not seen")


def judged(world, right, method="GET", path=f"{CERTIFLOW}/Cards/{CARD}", expires=None, **given):
    """The answer to a request with this token."""
    server = believing(world)
    if expires is not None:
        given["exp"] = int(time.time()) + expires
    answer = server.ask(method, path, "Bearer " + token(**given))
    must(answer.status == right, answer, right)
    if right == 401:
        must("bearer" in answer.headers.get("www-authenticate", "").lower(), answer.headers, "a challenge for Bearer (RFC 6750, 3)")
