"""Names of this pack's world: realm, hosts and accounts. lab.py makes it, rows.py speaks of it."""

REALM = "AD.EXAMPLE.COM"
DOMAIN = "ADEX"
ZONE = "ad.example.com"
SUFFIX = "example.com"  # a second UPN suffix, which is no realm

DC = f"dc1.{ZONE}"
WEB = f"web.{ZONE}"  # Apache, mod_auth_gssapi
PROXY = f"proxy.{ZONE}"  # squid, SOCKS
TLS = f"tls.{ZONE}"  # nginx
IIS = f"iis.{ZONE}"  # as IIS with Extended Protection
NOSPN = f"nospn.{ZONE}"  # Apache under a name that no service account has
OTHER = f"other.{ZONE}"  # a name that nginx's default certificate lacks

# name: password, and what is particular to the account
USERS = {
    "operator": {"password": "Pw-operator-123"},
    "umlaut": {"password": "Pä ßwörd-€1"},
    "jane": {"password": "Pw-jane-123", "upn": f"jane.doe@{SUFFIX}"},
    "gone": {"password": "Pw-gone-123", "disabled": True},
    "expired": {"password": "Pw-expired-123", "must_change": True},
    "locked": {"password": "Pw-locked-123", "locked": True},
    "ended": {"password": "Pw-ended-123", "account_expired": True},
    "batch": {"password": "Pw-batch-123", "keytab": True},
    "wrong1": {"password": "Pw-wrong-123"},
    "wrong2": {"password": "Pw-wrong-123"},
    "wrong3": {"password": "Pw-wrong-123"},
    "wrong4": {"password": "Pw-wrong-123"},
}
PROXY_USERS = {"puser": "ppass"}
