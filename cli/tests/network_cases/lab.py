"""A network in namespaces of its own: an AD domain, web servers, proxies, TLS of all kinds.

`enter()` puts the process into new mount, network, PID, IPC and UTS namespaces; `Lab` starts the servers there. Nothing
outside is changed: /etc is a copy, /run, /var/lib/samba and the like are empty file systems of the namespace.
"""

import base64
import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import world as w

HERE = Path(__file__).resolve().parent
LIBC = ctypes.CDLL(None, use_errno=True)
NAMESPACES = 0x00020000 | 0x40000000 | 0x20000000 | 0x08000000 | 0x04000000
MS_REC, MS_PRIVATE, MS_BIND = 0x4000, 0x40000, 0x1000
DC, WEB, PROXY, TLS, IIS, NOSPN = (f"10.53.0.{n}" for n in (1, 2, 3, 4, 6, 7))
API = 18080
ADMIN = "Adm1nPassw0rd!"
APACHE = "/usr/lib/apache2/modules"

NGINX = {  # port: certificate, directives, name
    8443: ("rsa", "ssl_verify_client on; ssl_client_certificate {ca}/ca.pem; ssl_verify_depth 3;"),
    8444: ("rsa", "ssl_verify_client optional; ssl_client_certificate {ca}/ca.pem; ssl_verify_depth 3;"),
    8445: ("rsa", "ssl_protocols TLSv1.2;"),
    8446: ("ec", "ssl_protocols TLSv1.3;"),
    8447: ("rsa", "ssl_protocols TLSv1.2; ssl_verify_client on; ssl_client_certificate {ca}/ca.pem; ssl_verify_depth 3;"),
    8452: ("ec521", ""),
    8453: ("ed", ""),
    8454: ("ec_by_521", ""),
    8456: ("bare", ""),
    8457: ("expired", ""),
    8458: ("other", ""),
    8459: ("wild", ""),
    8460: ("notyet", ""),
    8461: ("rsa", "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA;"),
    8462: ("rsa", "ssl_protocols TLSv1.2; ssl_ciphers AES128-GCM-SHA256:AES256-GCM-SHA384;"),
    8463: ("ec", "ssl_ecdh_curve secp384r1;"),
    8464: ("ec", "ssl_ecdh_curve secp521r1;"),
    8465: ("ec", "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA;"),
    8466: ("rsa", "ssl_protocols TLSv1.2; ssl_ciphers DHE-RSA-AES256-GCM-SHA384; ssl_dhparam {ca}/dh.pem;"),
    8467: ("rsa", "ssl_protocols TLSv1; ssl_ciphers ALL:@SECLEVEL=0;"),
    8468: ("rsa", "ssl_protocols TLSv1.2; ssl_ciphers AES256-SHA256:AES128-SHA;"),
    8470: ("cnonly", ""),
    8472: ("clientusage", ""),
    8475: ("selfca", ""),
    8476: ("selfleaf", ""),
    8477: ("selfcaec", ""),
}


class Missing(Exception):
    """What a row needs is not installed, or did not start."""


def namespaces():
    """Becomes process 1 of new namespaces in a child; the parent returns its exit status."""
    if os.geteuid() != 0:
        return None
    if LIBC.unshare(NAMESPACES) != 0:
        return None
    child = os.fork()
    if child == 0:
        LIBC.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG: with the parent all end
        signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
        return True
    def stop(number, _):
        os.kill(child, signal.SIGKILL)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    _, status = os.waitpid(child, 0)
    shutil.rmtree(os.environ["CASES_FOLDER"], ignore_errors=True)
    sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)


def mount(source, target, kind=None, flags=0, options=None):
    code = [None if x is None else str(x).encode() for x in (source, target, kind)]
    if LIBC.mount(*code, flags, options.encode() if options else None) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")


def enter():
    """New namespaces with an /etc of their own; False where that may not be."""
    folder = tempfile.mkdtemp(prefix="networks-")
    os.environ["CASES_FOLDER"] = folder
    os.chmod(folder, 0o755)
    if not namespaces():
        shutil.rmtree(folder, ignore_errors=True)
        return False
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("proc", "/proc", "proc")
    subprocess.run(["cp", "-a", "/etc", f"{folder}/etc"], check=False, stderr=subprocess.DEVNULL)
    mount(f"{folder}/etc", "/etc", None, MS_BIND)
    for place in ("/run", "/dev/shm", "/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/var/spool/squid",
                  "/var/lib/nginx", "/var/log/nginx"):
        if os.path.isdir(place):
            mount("none", place, "tmpfs", 0, "mode=755")
    os.chmod("/dev/shm", 0o1777)
    for place in ("/run/samba", "/run/lock", "/var/lib/samba/private", "/run/squid"):
        os.makedirs(place, exist_ok=True)
    return True


def wait_for(address, port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((address, port), 1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


class Lab:
    def __init__(self, binary):
        self.binary, self.folder = binary, Path(os.environ["CASES_FOLDER"])
        self.lacks, self.children, self.caches = {}, [], {}
        for name in ("log", "ca", "home", "secrets", "squid", "httpd"):
            (self.folder / name).mkdir()
        os.chmod(self.folder / "log", 0o777)
        os.chmod(self.folder / "squid", 0o777)
        self.ca = self.folder / "ca"

    # What is run

    def sh(self, *command, check=True, **more):
        more.setdefault("timeout", 60)
        done = subprocess.run([str(x) for x in command], capture_output=True, text=True, **more)
        if check and done.returncode != 0:
            raise Missing(f"{command[0]} fails: {(done.stderr or done.stdout).strip()[-300:]}")
        return done

    def daemon(self, name, *command, env=None):
        out = open(self.folder / "log" / f"{name}.out", "wb")
        child = subprocess.Popen(
            [str(x) for x in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder,
            env={**os.environ, "KRB5RCACHETYPE": "none", **(env or {})}, start_new_session=True,
        )
        self.children.append(child)
        return child

    def log(self, name):
        path = self.folder / "log" / f"{name}.log"
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    def secret(self, text):
        path = self.folder / "secrets" / f"s{len(list((self.folder / 'secrets').iterdir()))}"
        path.write_text(text + "\n")
        path.chmod(0o600)
        return str(path)

    # What is there

    def start(self):
        parts = [
            ("net", self.network, ()),
            ("api", self.api, ()),
            ("certificates", self.certificates, ("net",)),
            ("ad", self.domain, ("net",)),
            ("apache", self.apache, ("certificates", "api")),
            ("iis", self.iis, ("certificates", "api", "ad")),
            ("squid", self.squid, ("net", "ad")),
            ("socks", self.socks, ("net",)),
            ("nginx", self.nginx, ("certificates", "api")),
        ]
        for name, start, needs in parts:
            lacking = [need for need in needs if need in self.lacks and need != "ad"]
            if lacking:
                self.lacks[name] = self.lacks[lacking[0]]
                continue
            try:
                start()
            except (Missing, OSError, subprocess.TimeoutExpired) as why:
                self.lacks[name] = str(why).strip().splitlines()[-1][:200]

    def program(self, name, package):
        path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        if not path:
            raise Missing(f"no {name}: Debian's {package}")
        return path

    def network(self):
        ip = self.program("ip", "iproute2")
        self.sh(ip, "link", "set", "lo", "up")
        for n in range(1, 10):
            self.sh(ip, "addr", "add", f"10.53.0.{n}/24", "dev", "lo")
        socket.sethostname("dc1")
        names = [("127.0.0.1", "localhost"), (DC, f"{w.DC} dc1"), (WEB, f"{w.WEB} web"), (PROXY, f"{w.PROXY} proxy"),
                 (TLS, w.TLS), (TLS, w.OTHER), (IIS, w.IIS), (NOSPN, w.NOSPN)]
        for name in ("hosts", "resolv.conf", "krb5.conf", "nsswitch.conf"):
            Path("/etc", name).unlink(missing_ok=True)
        Path("/etc/hosts").write_text("".join(f"{a} {n}\n" for a, n in names))
        Path("/etc/resolv.conf").write_text(f"nameserver {DC}\n")
        Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        Path("/etc/krb5.conf").write_text(
            f"[libdefaults]\n default_realm = {w.REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n"
            f"[realms]\n {w.REALM} = {{\n  kdc = {DC}\n }}\n[domain_realm]\n .{w.ZONE} = {w.REALM}\n"
        )

    def api(self):
        self.daemon("api", self.binary, "serve", "--listen", f"127.0.0.1:{API}", "--cards", "50",
                    env={"HOME": str(self.folder / "home")})
        if not wait_for("127.0.0.1", API):
            raise Missing("cardwright serve does not start")
        for _ in range(50):
            said = (self.folder / "log/api.out").read_text()
            if found := re.search(r"CARDWRIGHT_USER=(\S+) CARDWRIGHT_PASSWORD=(\S+)", said):
                break
            time.sleep(0.1)
        else:
            raise Missing("cardwright serve tells no account")
        self.back = "Basic " + base64.b64encode(f"{found[1]}:{found[2]}".encode()).decode()

    def certificates(self):
        openssl, ca = self.program("openssl", "openssl"), self.ca
        keys = {"rsa": ["RSA", "rsa_keygen_bits:2048"], "ec": ["EC", "ec_paramgen_curve:P-256"],
                "ec384": ["EC", "ec_paramgen_curve:P-384"], "ec521": ["EC", "ec_paramgen_curve:P-521"]}

        def key(name, kind):
            if kind == "ed":
                self.sh(openssl, "genpkey", "-algorithm", "ED25519", "-out", ca / f"{name}.key")
            else:
                algorithm, option = keys[kind]
                self.sh(openssl, "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", ca / f"{name}.key")

        def root(name, kind, subject, *extra):
            key(name, kind)
            self.sh(openssl, "req", "-x509", "-new", "-key", ca / f"{name}.key", "-out", ca / f"{name}.pem", "-days", "20",
                    "-subj", subject, *extra)

        def leaf(name, kind, issuer, names, usage="serverAuth", hash="sha256", start=None, end=None):
            key(name, kind)
            self.sh(openssl, "req", "-new", "-key", ca / f"{name}.key", "-subj", f"/CN={w.TLS if not names else name}",
                    "-out", ca / f"{name}.csr")
            basic = "CA:TRUE" if usage == "ca" else "CA:FALSE"
            lines = [f"basicConstraints=critical,{basic}"]
            if usage == "ca":
                lines.append("keyUsage=critical,keyCertSign,cRLSign")
            else:
                lines += ["keyUsage=digitalSignature" + (",keyEncipherment" if kind == "rsa" else ""), f"extendedKeyUsage={usage}"]
            if names:
                lines.append(f"subjectAltName={names}")
            (ca / f"{name}.ext").write_text("\n".join(lines) + "\n")
            if start:
                base = ca / f"{name}.db"
                base.mkdir()
                (base / "index").write_text("")
                (base / "cnf").write_text(
                    f"[ca]\ndefault_ca=d\n[d]\ndatabase={base}/index\nnew_certs_dir={base}\nrand_serial=yes\n"
                    "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
                self.sh(openssl, "ca", "-batch", "-config", base / "cnf", "-in", ca / f"{name}.csr", "-cert", ca / f"{issuer}.pem",
                        "-keyfile", ca / f"{issuer}.key", "-startdate", start, "-enddate", end, "-extfile", ca / f"{name}.ext",
                        "-notext", "-out", ca / f"{name}.crt")
            else:
                self.sh(openssl, "x509", "-req", "-in", ca / f"{name}.csr", "-CA", ca / f"{issuer}.pem", "-CAkey",
                        ca / f"{issuer}.key", "-CAcreateserial", "-days", "20", f"-{hash}", "-extfile", ca / f"{name}.ext",
                        "-out", ca / f"{name}.crt")
            text = (ca / f"{name}.crt").read_text()
            (ca / f"{name}.pem").write_text(text)
            (ca / f"{name}.chain").write_text(text + ("" if issuer == "ca" else (ca / f"{issuer}.pem").read_text()))

        authority = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        # A configuration of its own: the system's would add basicConstraints twice.
        (ca / "req.cnf").write_text("[req]\ndistinguished_name=dn\n[dn]\n")
        own = ("-config", str(ca / "req.cnf"))
        root("ca", "rsa", "/CN=Case Root", *own, *authority)
        root("ca521", "ec521", "/CN=Case Root P-521", *own, *authority)
        root("foreignca", "rsa", "/CN=Foreign Root", *own, *authority)
        names = ",".join([f"DNS:{n}" for n in (w.WEB, w.PROXY, w.TLS, w.IIS, w.NOSPN)] + [f"IP:{TLS}", f"IP:{IIS}"])
        leaf("sub", "rsa", "ca", None, "ca")
        leaf("rsa", "rsa", "sub", names)
        leaf("ec", "ec", "ca", names)
        leaf("ec384", "ec384", "ca", names, hash="sha384")
        leaf("ec521", "ec521", "ca", names, hash="sha512")
        leaf("ed", "ed", "ca", names)
        leaf("ec_by_521", "ec", "ca521", names, hash="sha512")
        leaf("expired", "ec", "ca", names, start="20240101000000Z", end="20240201000000Z")
        leaf("notyet", "ec", "ca", names, start="20990101000000Z", end="20991201000000Z")
        leaf("other", "ec", "ca", f"DNS:{w.OTHER}")
        leaf("wild", "ec", "ca", f"DNS:*.{w.ZONE}")
        leaf("cnonly", "ec", "ca", None)
        leaf("clientusage", "ec", "ca", names, "clientAuth")
        leaf("bare", "rsa", "sub", names)
        (ca / "bare.chain").write_text((ca / "bare.crt").read_text())  # without the one that vouches for it
        leaf("client", "rsa", "sub", "DNS:operator", "clientAuth")
        leaf("clientec", "ec", "ca", "DNS:operator", "clientAuth")
        leaf("client521", "ec521", "ca", "DNS:operator", "clientAuth")
        leaf("foreign", "rsa", "foreignca", "DNS:operator", "clientAuth")
        san = ("-addext", f"subjectAltName=DNS:{w.TLS}")
        root("selfca", "rsa", f"/CN={w.TLS}", *own, *san, "-addext", "basicConstraints=critical,CA:TRUE")
        root("selfcaec", "ec", f"/CN={w.TLS}", *own, *san, "-addext", "basicConstraints=critical,CA:TRUE")
        root("selfleaf", "rsa", f"/CN={w.TLS}", *own, *san, "-addext", "basicConstraints=critical,CA:FALSE")
        for name in ("selfca", "selfcaec", "selfleaf"):
            shutil.copy(ca / f"{name}.pem", ca / f"{name}.chain")
        self.sh(openssl, "pkcs12", "-export", "-in", ca / "client.crt", "-inkey", ca / "client.key", "-passout", "pass:", "-out", ca / "client.p12")
        self.sh(openssl, "pkey", "-in", ca / "client.key", "-aes128", "-passout", "pass:locked", "-out", ca / "client.locked.key")
        self.sh(openssl, "ec", "-in", ca / "client521.key", "-out", ca / "client521.sec1.key")
        self.sh(openssl, "x509", "-in", ca / "ca.pem", "-outform", "DER", "-out", ca / "ca.der")
        self.sh(openssl, "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", ca / "dh.pem")
        for path in ca.iterdir():
            if path.is_file():
                path.chmod(0o600 if path.name.startswith("client") and path.suffix == ".key" else 0o644)

    def domain(self):
        tool, samba = self.program("samba-tool", "samba"), self.program("samba", "samba")
        self.program("kinit", "krb5-user")
        Path("/etc/samba").mkdir(exist_ok=True)
        Path("/etc/samba/smb.conf").unlink(missing_ok=True)
        options = [f"interfaces = {DC}/32", "bind interfaces only = yes", "posix:eadb=/var/lib/samba/private/eadb.tdb",
                   "vfs objects = dfs_samba4 acl_xattr xattr_tdb", "dns forwarder =", "log level = 1",
                   "ldap server require strong auth = no", "ntlm auth = ntlmv2-only", "winbind max domain connections = 4"]
        self.sh(tool, "domain", "provision", f"--realm={w.REALM}", f"--domain={w.DOMAIN}", "--host-name=DC1", f"--host-ip={DC}",
                "--server-role=dc", "--dns-backend=SAMBA_INTERNAL", f"--adminpass={ADMIN}", *[f"--option={o}" for o in options],
                timeout=120)
        keytab = {str(self.folder / "http.keytab"): [f"HTTP/{h}" for h in (w.WEB, w.IIS, w.TLS)],
                  str(self.folder / "proxy.keytab"): [f"HTTP/{w.PROXY}"]}
        for user, facts in w.USERS.items():
            if facts.get("keytab"):
                keytab[str(self.folder / f"{user}.keytab")] = [f"{user}@{w.REALM}"]
        plan = {"users": w.USERS, "keytabs": keytab, "services": {
            "svc-web": [f"HTTP/{h}" for h in (w.WEB, w.IIS, w.TLS)], "svc-proxy": [f"HTTP/{w.PROXY}"]}}
        self.sh("/usr/bin/python3", HERE / "adsetup.py", input=json.dumps(plan), timeout=120)
        self.daemon("samba", samba, "-F", "--no-process-group")
        if not (wait_for(DC, 88, 40) and wait_for(DC, 389, 40)):
            raise Missing("samba does not start")
        for _ in range(100):
            if self.sh("wbinfo", "-p", check=False).returncode == 0 and Path("/var/lib/samba/winbindd_privileged/pipe").exists():
                break
            time.sleep(0.2)
        self.sh("chgrp", "winbindd_priv", "/var/lib/samba/winbindd_privileged", check=False)
        for user in ("www-data", "proxy"):
            self.sh("usermod", "-a", "-G", "winbindd_priv", user, check=False)
        for user in w.USERS:
            if w.USERS[user].get("ticket", user == next(iter(w.USERS))):
                self.ticket(user)

    def ticket(self, user):
        """A credential cache with a ticket of this user's."""
        if user not in self.caches:
            cache = f"FILE:{self.folder}/cc-{user}"
            facts = w.USERS[user]
            name = ["-E", facts["upn"]] if "upn" in facts else [f"{user}@{w.REALM}"]
            self.sh("kinit", *name, input=facts["password"] + "\n", env={**os.environ, "KRB5CCNAME": cache})
            self.caches[user] = cache
        return self.caches[user]

    def bad_passwords(self, user):
        """How many wrong passwords the domain counts for the account."""
        said = self.sh("ldbsearch", "-H", "/var/lib/samba/private/sam.ldb", f"(sAMAccountName={user})", "badPwdCount").stdout
        found = re.search(r"^badPwdCount: (\d+)", said, re.M)
        return int(found[1]) if found else 0

    def apache(self):
        apache = self.program("apache2", "apache2")
        gss = os.path.exists(f"{APACHE}/mod_auth_gssapi.so")
        modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_basic", "headers", "env", "proxy", "proxy_http",
                   "ssl", "socache_shmcb", "setenvif"] + (["auth_gssapi"] if gss else [])
        ca, chain = self.ca, f"SSLEngine on\nSSLCertificateFile {self.ca}/rsa.chain\nSSLCertificateKeyFile {self.ca}/rsa.key\nProtocols http/1.1\n"
        back = f'RequestHeader set Authorization "{self.back}"'
        krb, ntlm = "GssapiAllowedMech krb5\n", "GssapiAllowedMech ntlmssp\n"
        bound = "GssapiConnectionBound On\n"

        def signed(address, port, how, tls=False):
            return (f"Listen {address}:{port}{' https' if tls else ''}\n<VirtualHost {address}:{port}>\n{chain if tls else ''}"
                    f"ProxyPass / http://127.0.0.1:{API}/\n<Location />\nAuthName cases\nAuthType GSSAPI\n{how}"
                    f"Require valid-user\n{back}\n</Location>\n</VirtualHost>\n")

        def located(port, protocol, verify):
            return (f"Listen {WEB}:{port} https\n<VirtualHost {WEB}:{port}>\n{chain}SSLProtocol {protocol}\n"
                    f"SSLCACertificateFile {ca}/ca.pem\nSSLVerifyDepth 3\nProxyPass / http://127.0.0.1:{API}/\n"
                    f"<Location /certiflow>\nSSLVerifyClient {verify}\n{back}\n</Location>\n</VirtualHost>\n")

        hosts = ""
        if gss and "ad" not in self.lacks:
            hosts += signed(WEB, 80, krb) + signed(WEB, 81, krb + bound) + signed(WEB, 82, ntlm + bound)
            hosts += signed(WEB, 83, krb + ntlm + bound + "GssapiBasicAuth On\n") + signed(NOSPN, 83, krb + ntlm + bound)
            hosts += signed(PROXY, 83, krb + ntlm + bound)  # whose SPN is another account's
            hosts += signed(WEB, 443, krb + ntlm + bound, True) + signed(WEB, 445, krb + "GssapiBasicAuth On\n", True)
        hosts += located(447, "all -TLSv1.3", "require") + located(448, "TLSv1.3", "require") + located(449, "all -TLSv1.3", "optional")
        conf = self.folder / "httpd/httpd.conf"
        conf.write_text(
            f"ServerRoot {self.folder}/httpd\nPidFile {self.folder}/httpd/pid\nServerName {w.WEB}\nUser www-data\nGroup www-data\n"
            + "".join(f"LoadModule {m}_module {APACHE}/mod_{m}.so\n" for m in modules)
            + f'ErrorLog {self.folder}/log/httpd-error.log\nLogFormat "%{{local}}p %h:%{{remote}}p %u \\"%r\\" %>s %{{OAUTH}}e" c\n'
            f'SetEnvIf Authorization "^([A-Za-z]+) (.......)" OAUTH=$1_$2\nCustomLog {self.folder}/log/httpd.log c\n'
            f"DocumentRoot {self.folder}/httpd\nKeepAlive On\nKeepAliveTimeout 5\nProxyPreserveHost On\n"
            f"SSLSessionCache shmcb:{self.folder}/httpd/scache(512000)\n" + hosts)
        self.daemon("apache", apache, "-f", conf, "-DFOREGROUND", env={
            "KRB5_KTNAME": f"FILE:{self.folder}/http.keytab", "NETBIOS_DOMAIN_NAME": w.DOMAIN, "NETBIOS_COMPUTER_NAME": "WEB"})
        if not wait_for(WEB, 448):
            raise Missing("apache2 does not start: " + (self.folder / "log/apache.out").read_text()[-300:])
        if "ad" in self.lacks or not gss:
            self.lacks["gssapi"] = self.lacks.get("ad", "no libapache2-mod-auth-gssapi")
        elif not list(Path("/etc/gss/mech.d").glob("*ntlm*")):
            self.lacks["gssapi"] = "no gss-ntlmssp"

    def iis(self):
        pythons = [os.environ.get("CASES_PYTHON"), sys.executable, "/usr/bin/python3"]
        for python in filter(None, pythons):
            if self.sh(python, "-c", "import spnego, gssapi, cryptography", check=False).returncode == 0:
                break
        else:
            raise Missing("no pyspnego: set CASES_PYTHON to a Python that has it")
        users = self.folder / "ntlm.users"
        users.write_text("".join(f"{domain}:{user}:{facts['password']}\n" for user, facts in w.USERS.items()
                                 for domain in (w.DOMAIN, w.ZONE)))
        for port, modes, name in ((80, "negotiate,ntlm", "rsa"), (443, "tls,cb,negotiate,ntlm", "rsa"), (444, "tls,cb,negotiate,ntlm", "ec384"),
                                  (445, "tls,cb,ntlm", "ed"), (449, "tls,cb,negotiate,ntlm", "ec521"), (82, "negotiate,ntlm,single", "rsa")):
            self.daemon(f"iis-{port}", python, HERE / "iis.py", IIS, port, self.folder / f"log/iis-{port}.log", modes,
                        self.ca / f"{name}.chain", self.ca / f"{name}.key", API, self.back,
                        env={"NTLM_USER_FILE": str(users), "KRB5_KTNAME": f"FILE:{self.folder}/http.keytab"})
        for port in (80, 443, 444, 445, 449, 82):
            if not wait_for(IIS, port):
                raise Missing(f"iis.py does not start on {port}: " + (self.folder / f"log/iis-{port}.out").read_text()[-200:])

    def squid(self):
        squid = self.program("squid", "squid")
        helpers = next((p for p in ("/usr/lib/squid", "/usr/libexec/squid") if os.path.isdir(p)), "/usr/lib/squid")
        (self.folder / "squid/passwd").write_text("".join(
            f"{user}:{self.sh('openssl', 'passwd', '-apr1', password).stdout.strip()}\n" for user, password in w.PROXY_USERS.items()))
        (self.folder / "squid/digest").write_text("".join(
            f"{u}:proxy:{hashlib.md5(f'{u}:proxy:{p}'.encode()).hexdigest()}\n" for u, p in w.PROXY_USERS.items()))
        login = "acl a proxy_auth REQUIRED\nhttp_access allow a\nhttp_access deny all\n"
        kinds = {
            "open": (3128, "http_access allow all\n"),
            "basic": (3129, f"auth_param basic program {helpers}/basic_ncsa_auth {self.folder}/squid/passwd\nauth_param basic realm proxy\n{login}"),
            "negotiate": (3130, f"auth_param negotiate program {helpers}/negotiate_kerberos_auth -r -s HTTP/{w.PROXY}@{w.REALM} "
                                f"-k {self.folder}/proxy.keytab\nauth_param negotiate children 2\n{login}"),
            "ntlm": (3131, f"auth_param ntlm program /usr/bin/ntlm_auth --helper-protocol=squid-2.5-ntlmssp\nauth_param ntlm children 2\n{login}"),
            "digest": (3132, f"auth_param digest program {helpers}/digest_file_auth -c {self.folder}/squid/digest\nauth_param digest realm proxy\n{login}"),
            "default": (3133, "acl SSL_ports port 443\nhttp_access deny CONNECT !SSL_ports\nhttp_access allow all\n"),
        }
        tls = subprocess.run([squid, "-v"], capture_output=True, text=True).stdout
        if "openssl" in tls or "gnutls" in tls:
            kinds["tls"] = (3134, "http_access allow all\n")
        else:
            self.lacks["squid-tls"] = "this squid has no TLS"
        for name, (port, rules) in kinds.items():
            if "ad" in self.lacks and name in ("negotiate", "ntlm"):
                self.lacks[f"squid-{name}"] = self.lacks["ad"]
                continue
            listen = f"https_port {PROXY}:{port} tls-cert={self.ca}/ec.chain tls-key={self.ca}/ec.key" if name == "tls" else f"http_port {PROXY}:{port}"
            conf = self.folder / f"squid/{name}.conf"
            conf.write_text(
                f"{listen}\npid_filename {self.folder}/squid/{name}.pid\ncache_log {self.folder}/squid/{name}.cache\n"
                f"logformat x %>a %rm %ru %>Hs %un %{{Proxy-Authorization}}>h\naccess_log stdio:{self.folder}/log/squid-{name}.log x\n"
                f"buffered_logs off\ncache deny all\ncoredump_dir {self.folder}\nhosts_file /etc/hosts\nshutdown_lifetime 1 seconds\n"
                f"visible_hostname {w.PROXY}\npinger_enable off\nnetdb_filename none\n{rules}")
            self.daemon(f"squid-{name}", squid, "-N", "-n", name, "-f", conf)
        for name, (port, _) in kinds.items():
            if f"squid-{name}" not in self.lacks and not wait_for(PROXY, port):
                self.lacks[f"squid-{name}"] = "squid does not start: " + (self.folder / f"log/squid-{name}.out").read_text()[-200:]

    def socks(self):
        user, password = next(iter(w.PROXY_USERS.items()))
        for name, port, account in (("socks", 1080, ()), ("socks-account", 1081, (user, password))):
            self.daemon(name, sys.executable, HERE / "socks.py", PROXY, port, self.folder / f"log/{name}.log", *account)
            if not wait_for(PROXY, port):
                raise Missing("socks.py does not start")
        time.sleep(0.2)
        for name in ("socks", "socks-account"):
            (self.folder / f"log/{name}.log").write_text("")

    def nginx(self):
        nginx = self.program("nginx", "nginx-light")
        servers = ""
        ask = f"proxy_set_header Authorization '{self.back}'; proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:{API};"
        for port, (name, more) in NGINX.items():
            more = more.format(ca=self.ca)
            servers += (f"server {{ listen {TLS}:{port} ssl; ssl_certificate {self.ca}/{name}.chain; "
                        f"ssl_certificate_key {self.ca}/{name}.key; {more} location / {{ {ask} }} }}\n")
        page = "default_type text/html; return 200 '<!DOCTYPE html><title>Sign in</title>';"
        servers += (f"server {{ listen {TLS}:8080; location / {{ {ask} }} location /portal/ {{ {page} }} "
                    "location /moved/ { return 302 /portal/; } location /none/ { return 404; } location /down/ { return 502; } }\n")
        temp = "".join(f"{kind}_temp_path {self.folder}/ngx-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf = self.folder / "nginx.conf"
        conf.write_text(
            f"user www-data; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/log/nginx-error.log warn;\n"
            "events { worker_connections 256; }\nhttp { log_format c '$server_port $remote_addr \"$request\" $status $ssl_protocol "
            f"$ssl_cipher cc=$ssl_client_verify'; access_log {self.folder}/log/nginx.log c; {temp}\n{servers}}}\n")
        self.renew_nginx = lambda: self.sh(nginx, "-c", conf, "-s", "reload")
        self.daemon("nginx", nginx, "-c", conf, "-g", "daemon off;")
        if not wait_for(TLS, 8443):
            raise Missing("nginx does not start: " + (self.folder / "log/nginx.out").read_text()[-300:])

    # What an administrator does

    def new_certificate(self, name):
        """Puts a good certificate in the place of this one, and has nginx read it."""
        for ending in ("chain", "key"):
            shutil.copy(self.ca / f"rsa.{ending}", self.ca / f"{name}.{ending}")
        self.renew_nginx()
        time.sleep(0.5)

    def account(self, *words):
        self.sh(self.program("samba-tool", "samba"), "user", *words)
