"""Causes and hints: each cause is made for real, and the step that the hint names is done and helps.

A command fails, and its line `next:` names a step; the step is done, by `change` or by the words of `then`; the command succeeds.
"""

import world as w
from rows import API, CA, CARDS, IIS, ME, NEGOTIATE, NONE, NTLM, PLAIN, PROXY_ACCOUNT, PROXY_USER, TO, as_user, client, proxy, url

TLS, WEB = w.TLS, w.WEB


class Hint:
    curl = file = None
    counted = logs = ()
    wire = {}

    def __init__(self, name, why, command, step, then=None, change=None, codes=(6,), env=None, then_env=None, ticket=None, then_ticket=None,
                 needs=("nginx",), line="next:"):
        self.name, self.why, self.command, self.step, self.then, self.change = f"hint-{name}", why, command, step, then, change
        self.codes, self.env, self.ticket, self.needs = codes, env or {}, ticket, needs
        self.line = line
        self.then_env = self.env if then_env is None else then_env
        self.then_ticket = ticket if then_ticket is None else then_ticket


HINTS = []


def hint(*given, **more):
    HINTS.append(Hint(*given, **more))


def renewed(name):
    return lambda lab: lab.new_certificate(name)


OPEN = CARDS + NONE
FIND = CARDS + CA + NONE

# The way

hint("refused", "Nobody listens at this port.", FIND + url(TLS, 9, False), "address|port", FIND + PLAIN)
hint("no-name", "No such host.", FIND + url("nobody." + w.ZONE, 8080, False), "name|address|DNS", FIND + PLAIN)
hint("proxy-dead", "Nobody listens at the proxy's port.", FIND + TO + ["--proxy", proxy(9)], "--proxy", FIND + TO + ["--proxy", "none"])
hint("proxy-nobody", "The proxy wants an account.", FIND + TO + ["--proxy", proxy(3129)], "HTTPS_PROXY=http://USER:PASSWORD@", FIND + TO,
     codes=(5, 6), then_env={"HTTPS_PROXY": proxy(3129, PROXY_ACCOUNT)}, needs=("squid", "nginx"))
hint("proxy-wrong", "The proxy's password is wrong.", FIND + TO, "password", codes=(5, 6), env={"HTTPS_PROXY": proxy(3129, f"{PROXY_USER}:bad")},
     then_env={"HTTPS_PROXY": proxy(3129, PROXY_ACCOUNT)}, needs=("squid", "nginx"))
hint("proxy-ticket", "The proxy wants a Kerberos ticket, and there is none.", FIND + TO, "kinit", codes=(5, 6), env={"HTTPS_PROXY": proxy(3130)},
     then_ticket=ME, needs=("squid", "nginx", "ad"))
hint("proxy-forbids", "The proxy lets nobody through to this port.", FIND + TO + ["--proxy", proxy(3133)], "--proxy none",
     FIND + TO + ["--proxy", "none"], codes=(3, 6), needs=("squid", "nginx"))

# TLS

hint("unknown-ca", "The organisation's own CA.", OPEN + TO, r"--ca FILE", FIND + TO)
hint("self-signed", "A self-signed certificate.", OPEN + url(TLS, 8475), r"--ca FILE", OPEN + url(TLS, 8475) + ["--ca", "{ca}/selfca.pem"])
hint("other-name", "The certificate is another host's.", FIND + url(TLS, 8458), w.OTHER.replace(".", r"\."), FIND + url(w.OTHER, 8458))
hint("cbc", "Only cipher suites that rustls does not have.", FIND + url(TLS, 8461), "--tls system", FIND + url(TLS, 8461) + ["--tls", "system"])
hint("rsa-kx", "Only RSA key exchange.", FIND + url(TLS, 8462), "--tls system", FIND + url(TLS, 8462) + ["--tls", "system"])
hint("dhe", "Only DHE.", FIND + url(TLS, 8466), "--tls system", FIND + url(TLS, 8466) + ["--tls", "system"])
hint("p521", "A P-521 certificate.", FIND + url(TLS, 8452), "--tls system", FIND + url(TLS, 8452) + ["--tls", "system"])
hint("p521-group", "Only the group P-521.", FIND + url(TLS, 8464), "--tls system", FIND + url(TLS, 8464) + ["--tls", "system"])
hint("renegotiation", "The client's certificate is asked for by renegotiation.", FIND + url(WEB, 447) + client("client"), "--tls system",
     FIND + url(WEB, 447) + client("client") + ["--tls", "system"], codes=(1, 5, 6), needs=("apache",))
hint("client-missing", "The server wants a certificate of the client.", FIND + url(TLS, 8443), "--client-cert FILE",
     FIND + url(TLS, 8443) + client("client"), codes=(1, 5, 6))
hint("client-foreign", "The server wants a certificate of another CA.", FIND + url(TLS, 8443) + client("foreign"), "--client-cert",
     FIND + url(TLS, 8443) + client("client"), codes=(1, 5, 6))
hint("client-p521", "The client's key is on P-521.", FIND + url(TLS, 8443) + client("client521"), "--tls system",
     FIND + url(TLS, 8443) + client("client521") + ["--tls", "system"], codes=(2,), line="error:")
hint("no-tls", "The server speaks no TLS at this port.", FIND + url(TLS, 8080), "http://", FIND + PLAIN)
hint("tls-here", "The server speaks TLS at this port.", FIND + url(TLS, 8445, False), "https://", FIND + TO, codes=(1, 2, 6))
# The last to use these certificates.
hint("expired", "The certificate has expired.", FIND + url(TLS, 8457), "new certificate", change=renewed("expired"))
hint("not-yet", "The certificate is not valid yet.", FIND + url(TLS, 8460), "clock|new certificate", change=renewed("notyet"))
hint("no-names", "The certificate names nobody.", FIND + url(TLS, 8470), "subjectAltName", change=renewed("cnonly"))

# The sign-in

WHERE = url(WEB, 80, False)
hint("nothing-given", "A ticket is at hand, and nothing asks for it.", CARDS + WHERE, "--auth negotiate", CARDS + WHERE + NEGOTIATE,
     codes=(5,), ticket=ME, needs=("gssapi",))
hint("nobody", "Nothing is given, and nothing is at hand.", CARDS + WHERE, "--user", CARDS + WHERE + as_user(ME), codes=(5,), needs=("gssapi",))
hint("no-ticket", "There is no ticket.", CARDS + WHERE + NEGOTIATE, "kinit", codes=(5,), then_ticket=ME, needs=("gssapi",))
hint("user-unknown", "The domain does not know the name.", CARDS + WHERE + NEGOTIATE + as_user(ME, f"operater@{w.REALM}"), "name",
     CARDS + WHERE + NEGOTIATE + as_user(ME), codes=(5,), needs=("gssapi",))
hint("password-wrong", "The password is wrong.", CARDS + WHERE + NEGOTIATE + ["--user", f"wrong4@{w.REALM}", "--password-file", "{secret:x}"],
     "password", CARDS + WHERE + NEGOTIATE + as_user("wrong4"), codes=(5,), needs=("gssapi",))
hint("disabled", "The account is disabled.", CARDS + WHERE + NEGOTIATE + as_user("gone"), "administrator",
     change=lambda lab: lab.account("enable", "gone"), codes=(5,), needs=("gssapi",))
hint("expired-password", "The password must be changed.", CARDS + WHERE + NEGOTIATE + as_user("expired"), "change",
     change=lambda lab: lab.account("setpassword", "expired", "--newpassword=" + w.USERS["expired"]["password"]), codes=(5,), needs=("gssapi",))
hint("no-spn", "No account has the host's SPN.", CARDS + url(w.NOSPN, 83, False) + NEGOTIATE, "setspn|SPN", CARDS + url(WEB, 83, False) + NEGOTIATE,
     codes=(5,), ticket=ME, needs=("gssapi",))
BOUND = CARDS + CA + url(IIS, 443) + NTLM + as_user(ME, f"{w.DOMAIN}\\{ME}")
hint("unbound", "The server wants the channel binding.", BOUND + ["--channel-binding", "off"], "--channel-binding", BOUND, codes=(5,), needs=("iis",))

# The answer


def base(path):
    return ["--api", "certiflow", "--url", f"http://{TLS}:8080{path}"]


hint("sign-in-page", "A portal's page, with a status of success.", FIND + base("/portal/"), "base address", FIND + base(API), codes=(1, 2))
hint("moved", "The server points to a page.", FIND + base("/moved/"), "base address", FIND + base(API), codes=(1, 2))
hint("no-api", "A page says that there is nothing.", FIND + base("/none/"), "base address", FIND + base(API), codes=(1, 2))
hint("behind", "What stands in front does not get to the server.", FIND + base("/down/"), "in front", FIND + base(API), codes=(1, 6))
