"""More rows of the same families: other servers, accounts and variables."""

import base64

import world as w
from rows import (CA, CARDS, CAUSE, DIRECT, FIND, GIVEN, IIS, ME, NEGOTIATE, NO_ADVICE, NONE, NTLM, OPEN, PLAIN, PROXY_ACCOUNT, PROXY_USER, SOCKS, SQUID, TLS, TO,
                  VIA, WEB, as_user, client, for_whom, proxy, row, tls, url)
from rows_kit import DONE, Fails, at_most, never, through

GSS = ("gssapi",)

# The domain

row("user-locked", "KDC_ERR_CLIENT_REVOKED again: too many wrong passwords.", CARDS + url(WEB, 80, False) + NEGOTIATE + as_user("locked"),
    Fails((5,), [r"disabled|locked|revoked"], ["not found", *GIVEN]), needs=GSS)
row("user-ended", "The account itself has expired (accountExpires).", CARDS + url(WEB, 80, False) + NEGOTIATE + as_user("ended"),
    Fails((5,), [r"expired|disabled|locked|revoked"], ["not found", *GIVEN]), needs=GSS)
row("user-unknown-auto", "With auto the same: what the KDC said is not lost.", CARDS + url(WEB, 83, False)
    + ["--user", f"nobody@{w.REALM}", "--password-file", "{secret:Pw-x-123}"], Fails((5,), [r"not found|unknown|no such|not known|does not know"], GIVEN), needs=GSS)
row("realm-unknown", "A realm that nobody knows.", CARDS + url(WEB, 80, False) + NEGOTIATE
    + ["--user", "operator@NOWHERE.EXAMPLE", "--password-file", "{secret:Pw-x-123}"], Fails((5,), [r"realm|domain|does not know|KDC"], GIVEN), needs=GSS)
row("netbios-auto", r"DOMAIN\name where all schemes are offered.", CARDS + url(WEB, 83, False) + as_user(ME, f"{w.DOMAIN}\\{ME}"), DONE, needs=GSS)
row("netbios-lower", "The domain in lower case.", CARDS + url(WEB, 82, False) + NTLM + as_user(ME, f"{w.DOMAIN.lower()}\\{ME}"), DONE, needs=GSS)
row("upn-ntlm", "A UPN by NTLM.", CARDS + url(WEB, 82, False) + NTLM + as_user(ME), DONE, needs=GSS)
row("upn-suffix-auto", "An enterprise name where all schemes are offered.", CARDS + url(WEB, 83, False) + as_user("jane", w.USERS["jane"]["upn"]), DONE, needs=GSS)
row("upn-suffix-wrong", "A wrong password with an enterprise name counts one.", CARDS + url(WEB, 83, False)
    + ["--user", f"WRONG4@{w.REALM.lower()}", "--password-file", "{secret:not-it}"], Fails((5,), ["password|preauthentication"]), counted=("wrong4",), needs=GSS)
row("spn-of-another", "The host's SPN is another account's: the server cannot read the ticket. NTLM goes.", CARDS + url(w.PROXY, 83, False) + as_user(ME), DONE,
    Fails((5,), ["SPN|service principal|ticket|refused|accept"], GIVEN), needs=GSS)
row("iis-384-bound", "The binding of a certificate that is signed with SHA-384.", CARDS + CA + url(IIS, 444) + NTLM + as_user(ME, f"{w.DOMAIN}\\{ME}"), DONE, needs=("iis",))
row("iis-384-kerberos", "The same by Kerberos.", CARDS + CA + url(IIS, 444) + NEGOTIATE, DONE, ticket=ME, needs=("iis", "ad"))
row("iis-single", "A server that forgets the sign-in after each request.", CARDS + url(IIS, 82, False) + NTLM + as_user(ME, f"{w.DOMAIN}\\{ME}"), DONE, needs=("iis",))
row("basic-domain", r"Basic with DOMAIN\name.", CARDS + CA + url(WEB, 445) + ["--auth", "basic"] + as_user(ME, f"{w.DOMAIN}\\{ME}"), DONE,
    Fails((5,), ["password|user"]), needs=GSS)

# Proxies

row("proxy-digest-wrong", "A wrong password by Digest is sent once.", FIND + TO, Fails((5, 6), ["proxy", "password|user"]),
    env={"HTTPS_PROXY": proxy(3132, f"{PROXY_USER}:bad")}, needs=SQUID, seen={"squid-digest": at_most(2, " 407 ")})
row("proxy-digest-plain", "Digest for plain http.", FIND + PLAIN, DONE, env={"HTTP_PROXY": proxy(3132, PROXY_ACCOUNT)}, needs=SQUID,
    seen={"squid-digest": through(f"GET http://.* 200 {PROXY_USER}")})
row("proxy-negotiate-plain", "Negotiate for plain http.", FIND + PLAIN, DONE, env={"HTTP_PROXY": proxy(3130)}, ticket=ME, needs=("squid", "nginx", "ad"),
    seen={"squid-negotiate": through("GET http://.* 200")})
row("proxy-ntlm-plain", "NTLM for plain http.", FIND + PLAIN, DONE, env={"HTTP_PROXY": proxy(3131, f"{w.DOMAIN}%5C{ME}:{w.USERS[ME]['password']}")},
    needs=("squid", "nginx", "ad"), seen={"squid-ntlm": through("GET http://.* 200")})
row("proxy-basic-plain-wrong", "A wrong password for plain http is sent once.", FIND + PLAIN, Fails((5, 6), ["proxy", "407|password"]),
    env={"HTTP_PROXY": proxy(3129, f"{PROXY_USER}:bad")}, needs=SQUID, seen={"squid-basic": at_most(1, "407")})
row("proxy-basic-plain-nobody", "No account for plain http.", FIND + PLAIN + ["--proxy", proxy(3129)], Fails((5, 6), ["proxy", "407|sign.in"]), needs=SQUID,
    seen={"squid-basic": at_most(1, "407")})
row("proxy-tls-plain", "A proxy reached by TLS, for plain http.", FIND + PLAIN + ["--proxy", proxy(3134, scheme="https")], DONE, needs=("squid", "nginx", "squid-tls"))
row("proxy-and-server", "A proxy that wants Negotiate before a server that wants it too.", CARDS + CA + url(WEB, 443) + NEGOTIATE, DONE,
    env={"HTTPS_PROXY": proxy(3130)}, ticket=ME, needs=("squid", "gssapi"), seen={"squid-negotiate": through("CONNECT")})
row("proxy-and-server-plain", "The same for plain http, where both are on one connection.", CARDS + url(WEB, 80, False) + NEGOTIATE, DONE,
    env={"HTTP_PROXY": proxy(3130)}, ticket=ME, needs=("squid", "gssapi"), seen={"squid-negotiate": through("GET http://")})
row("proxy-encoded", "A password with reserved characters, percent-encoded.", FIND + TO, DONE, env={"HTTPS_PROXY": proxy(3129, "puser:p%70ass")}, needs=SQUID,
    seen={"squid-basic": through(f"CONNECT .* 200 {PROXY_USER}")})
for name, address in (("port", f"http://{w.PROXY}:99999"), ("scheme", f"ftp://{w.PROXY}:21"), ("no-host", "http://:3128")):
    row(f"proxy-wrong-{name}", "An address that cannot be used is an error at set-up.", FIND + TO + ["--proxy", address], Fails((2,), ["proxy"]), needs=("nginx",),
        seen={"nginx": never("GET")})
for_whom("env-lower-first", "The lower-case variable takes precedence over the upper-case one.", {"https_proxy": OPEN, "HTTPS_PROXY": proxy(9)}, VIA)
for_whom("env-upper-http", "HTTP_PROXY in capitals is taken, too.", {"HTTP_PROXY": OPEN}, VIA, PLAIN)
for_whom("env-all-lower", "all_proxy is taken.", {"all_proxy": OPEN}, VIA, PLAIN)
for_whom("noproxy-port", "A name with a port is for that port.", {"HTTPS_PROXY": OPEN, "NO_PROXY": f"{TLS}:8445"}, DIRECT)
for_whom("noproxy-other-port", "And for no other.", {"HTTPS_PROXY": OPEN, "NO_PROXY": f"{TLS}:8446"}, VIA)
for_whom("noproxy-blanks", "Blanks alone may stand between names.", {"HTTPS_PROXY": OPEN, "no_proxy": f"localhost {TLS}"}, DIRECT)
for_whom("noproxy-address", "An address.", {"HTTPS_PROXY": OPEN, "NO_PROXY": "10.53.0.4"}, DIRECT, url("10.53.0.4", 8445))
for_whom("noproxy-other-network", "Another network.", {"HTTPS_PROXY": OPEN, "NO_PROXY": "10.54.0.0/16"}, VIA, url("10.53.0.4", 8445))

# SOCKS

ACCOUNT = f"{w.PROXY}:1081"
row("socks-account", "RFC 1929: user and password.", FIND + TO, DONE, env={"ALL_PROXY": f"socks5h://{PROXY_ACCOUNT}@{ACCOUNT}"}, needs=("socks", "nginx"),
    seen={"socks-account": through("connect")})
row("socks-account-wrong", "A wrong password.", FIND + TO, Fails((5, 6), ["socks|proxy", "password|user|sign.in"]), env={"ALL_PROXY": f"socks5h://puser:bad@{ACCOUNT}"},
    needs=("socks", "nginx"), seen={"nginx": never("GET")})
row("socks-account-none", "None given.", FIND + TO + ["--proxy", f"socks5://{ACCOUNT}"], Fails((5, 6), ["socks|proxy", "password|user|sign.in|account"]), needs=("socks", "nginx"),
    seen={"nginx": never("GET")})
row("socks-plain", "Plain http through SOCKS.", FIND + PLAIN + ["--proxy", f"socks5h://{SOCKS}"], DONE, needs=("socks", "nginx"), seen={"socks": through("connect")})
for_whom("socks-noproxy", "NO_PROXY is for SOCKS, too.", {"ALL_PROXY": f"socks5://{w.PROXY}:9", "NO_PROXY": w.ZONE}, DIRECT)

# TLS

SYSTEM = ["--tls", "system"]
tls("tls-by-521", "A certificate that a P-521 authority has signed.", 8454, DONE, CAUSE, ca="ca521", gap=True)
tls("tls-bare", "The server leaves out the certificate between: it is unknown who signed.", 8456, Fails((6,), ["issuer|authority|CA|sign|trust"], [r"OtherError\("]))
tls("tls-not-yet", "A certificate of the future.", 8460, Fails((6,), ["not valid (yet|before)|valid from|future"], NO_ADVICE))
tls("tls-384", "The group P-384 alone.", 8463)
tls("tls-ecdsa-cbc", "ECDSA with CBC.", 8465, DONE, CAUSE, gap=True)
tls("tls-dhe", "DHE alone.", 8466, DONE, CAUSE, gap=True)
tls("tls-1.0", "TLS 1.0 alone.", 8467, Fails((6,), ["TLS 1|version|protocol|in common"], [r"--ca(\s|$)"]))
tls("tls-rsa-cbc", "RSA key exchange with CBC.", 8468, DONE, CAUSE, gap=True)
tls("tls-client-usage", "A certificate for clients alone.", 8472, Fails((6,), ["usage|purpose|client"], [r"OtherError\("]))
tls("tls-self-signed-ec", "CA:TRUE with an EC key.", 8477, DONE, ca="selfcaec")
tls("tls-self-signed-other", "Another self-signed certificate is none of this one's.", 8477, Fails((6,), ["CA|self.signed|trust"]), ca="selfca")
tls("tls-address", "An address in the certificate.", 8445, DONE, host="10.53.0.4")
tls("tls-optional-later", "Renegotiation for a certificate that need not be.", 449, DONE, Fails((5, 6, 1, 3), [r"--tls system|renegotiat"], NO_ADVICE), host=WEB, needs=("apache",), gap=True)
tls("tls-client-sec1", "A client's key as openssl ec writes it.", 8443, DONE, Fails((2,), [r"--tls system|P-?521"]), more=client("client521", "client521.sec1.key"), gap=True)
for name, port in (("1.2", 8445), ("1.3", 8446), ("ed25519", 8453), ("wildcard", 8459)):
    tls(f"tls-system-{name}", "The system's TLS does what rustls does.", port, more=SYSTEM)
tls("tls-system-client", "A client's certificate by it.", 8443, more=[*SYSTEM, *client("client")])
tls("tls-system-self", "A self-signed certificate by it.", 8475, ca="selfca", more=SYSTEM)
tls("tls-system-1.0", "TLS 1.0 stays out.", 8467, Fails((6,), ["TLS|version|protocol"], [r"--ca(\s|$)"]), more=SYSTEM)
for name, port, words in (("expired", 8457, ["expired"]), ("name", 8458, ["name"]), ("no-name", 8470, ["subjectAltName|name"]), ("not-yet", 8460, ["not valid|yet"])):
    tls(f"tls-system-{name}", "It refuses what rustls refuses, in the same words.", port, Fails((6,), words, NO_ADVICE), more=SYSTEM)
tls("tls-system-ca", "And an unknown authority.", 8446, Fails((6,), [r"--ca(\s|$)"]), ca="foreignca", more=SYSTEM)
row("tls-system-bound", "The channel binding by it.", CARDS + CA + SYSTEM + url(IIS, 443) + NTLM + as_user(ME, f"{w.DOMAIN}\\{ME}"), DONE, needs=("iis",))
row("tls-system-proxy", "Through a proxy by it.", FIND + TO + SYSTEM + ["--proxy", proxy(3128)], DONE, needs=SQUID, seen={"squid-open": through("CONNECT")})

# One wrong password goes over the wire once: the frames are looked at. NTLM's proof is its third message, Digest's the response.

PROOF_NTLM, PROOF_DIGEST = "TlRMTVNTUAAD", 'response="'
WRONG = base64.b64encode(f"{PROXY_USER}:bad".encode()).decode()
USER_WRONG = base64.b64encode(b"wrong4:bad").decode()


def wire(name, why, command, words, env=None, needs=SQUID, code=(5, 6), count=1):
    # mod_auth_gssapi of Debian 12 crashes at a wrong password by Basic: the connection breaks.
    row(f"wire-{name}", why, command, Fails(code, ["password|user|connection broke"]), env=env, needs=needs, wire={words: count})


wire("proxy-basic", "Basic at a tunnel.", FIND + TO, WRONG, {"HTTPS_PROXY": proxy(3129, f"{PROXY_USER}:bad")})
wire("proxy-basic-plain", "Basic in absolute form.", FIND + PLAIN, WRONG, {"HTTP_PROXY": proxy(3129, f"{PROXY_USER}:bad")})
wire("proxy-digest", "Digest at a tunnel.", FIND + TO, PROOF_DIGEST, {"HTTPS_PROXY": proxy(3132, f"{PROXY_USER}:bad")})
wire("proxy-digest-plain", "Digest in absolute form.", FIND + PLAIN, PROOF_DIGEST, {"HTTP_PROXY": proxy(3132, f"{PROXY_USER}:bad")})
wire("proxy-ntlm", "NTLM at a tunnel.", FIND + TO, PROOF_NTLM, {"HTTPS_PROXY": proxy(3131, f"{w.DOMAIN}%5Cwrong3:bad")}, ("squid", "nginx", "ad"))
wire("proxy-ntlm-plain", "NTLM in absolute form.", FIND + PLAIN, PROOF_NTLM, {"HTTP_PROXY": proxy(3131, f"{w.DOMAIN}%5Cwrong3:bad")}, ("squid", "nginx", "ad"))
wire("server-ntlm", "NTLM at a server.", CARDS + url(WEB, 82, False) + NTLM + ["--user", f"{w.DOMAIN}\\wrong2", "--password-file", "{secret:bad}"], PROOF_NTLM,
     needs=GSS)
wire("server-basic", "Basic at a server that offers all.", CARDS + url(WEB, 83, False) + ["--auth", "basic", "--basic-in-clear", "--user", "wrong4", "--password-file", "{secret:bad}"],
     USER_WRONG, needs=GSS)
wire("server-auto", "Where all are offered, Basic and NTLM never see a password that the KDC refused.", CARDS + url(WEB, 83, False)
     + ["--basic-in-clear", "--user", f"wrong1@{w.REALM}", "--password-file", "{secret:bad}"], PROOF_NTLM, needs=GSS, count=0)
row("wire-seen", "The capture sees what is sent: a right password, for its one connection.", FIND + TO, DONE, needs=SQUID, env={"HTTPS_PROXY": proxy(3129, PROXY_ACCOUNT)},
    wire={base64.b64encode(PROXY_ACCOUNT.encode()).decode(): 1})
