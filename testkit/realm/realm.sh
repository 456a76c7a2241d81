#!/bin/sh
# A Kerberos realm and an Apache that signs in by Kerberos, NTLM and Basic, on loopback alone. Runs until its
# standard input ends, and takes its folder along.
#   lab.sh FOLDER KDC_PORT HTTP_PORT TLS_PORT BACKEND_PORT
# Debian: krb5-kdc krb5-admin-server krb5-user apache2 libapache2-mod-auth-gssapi gss-ntlmssp
set -eu
root=$1 kdc=$2 http=$3 tls=$4 backend=$5
PATH=$PATH:/usr/sbin:/sbin
unset KRB5CCNAME KRB5_KTNAME KRB5_CLIENT_KTNAME

# To the one end of all.
pids=
end() {
    [ -z "$pids" ] || kill $pids 2>/dev/null || :
    wait 2>/dev/null || :
    rm -rf "$root"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$root/kdc" "$root/www"
chmod 755 "$root" "$root/www"
export KRB5_CONFIG="$root/krb5.conf" KRB5_KDC_PROFILE="$root/kdc.conf"
cat >"$KRB5_CONFIG" <<END
[libdefaults]
  default_realm = EXAMPLE.TEST
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  default_ccache_name = FILE:$root/none
[realms]
  EXAMPLE.TEST = {
    kdc = 127.0.0.1:$kdc
  }
  DOWN.TEST = {
    kdc = 127.0.0.1:1
  }
[domain_realm]
  localhost = EXAMPLE.TEST
END
cat >"$KRB5_KDC_PROFILE" <<END
[kdcdefaults]
  kdc_listen = 127.0.0.1:$kdc
  kdc_tcp_listen = 127.0.0.1:$kdc
[realms]
  EXAMPLE.TEST = {
    database_name = $root/kdc/principal
    key_stash_file = $root/kdc/stash
    acl_file = $root/kdc/acl
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = FILE:$root/kdc.log
END
: >"$root/kdc/acl"
kdb5_util -r EXAMPLE.TEST create -s -P master-of-the-test
kadmin.local -r EXAMPLE.TEST <<END
addprinc +requires_preauth -pw operator-password operator
addprinc +requires_preauth -pw gone-password -allow_tix gone
addprinc +requires_preauth -pw stale-password +needchange stale
addprinc +requires_preauth -pw past-password -expire 2020-01-01 past
addprinc +requires_preauth -pw once-password once
addprinc +requires_preauth -pw right-password wrong-a
addprinc +requires_preauth -pw right-password wrong-b
addprinc +requires_preauth -pw right-password wrong-c
addprinc -randkey HTTP/localhost
ktadd -k $root/http.keytab HTTP/localhost
addprinc +requires_preauth -randkey batch
ktadd -k $root/batch.keytab batch
END
printf 'CORP:anna:Anna-Passw0rd\nCORP:bert:Bert-Passw0rd\n' >"$root/ntlm.users"
printf 'anna:{SHA}%s\n' "$(printf Anna-Passw0rd | openssl dgst -sha1 -binary | openssl base64)" >"$root/basic.users"
openssl req -x509 -nodes -newkey rsa:2048 -sha384 -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
    -keyout "$root/tls.key" -out "$root/tls.pem" 2>/dev/null
# A page of refusal that is larger than what a client reads along the way.
head -c 200000 /dev/zero | tr '\0' x >"$root/www/refused.html"

user=
if [ "$(id -u)" = 0 ]; then
    user='User www-data
Group www-data'
    chown www-data "$root/http.keytab" "$root/ntlm.users"
fi
modules=/usr/lib/apache2/modules
{
    for module in mpm_event authn_core authn_file authz_core authz_user auth_basic auth_gssapi dir env headers proxy \
        proxy_http ssl; do
        echo "LoadModule ${module}_module $modules/mod_$module.so"
    done
    cat <<END
ServerRoot $root
PidFile $root/httpd.pid
Mutex file:$root default
ServerName localhost
$user
Listen 127.0.0.1:$http
Listen 127.0.0.1:$tls
ErrorLog $root/error.log
LogLevel warn
LogFormat "%{remote}p %k %u %>s %<m %{User-Agent}i" kept
CustomLog $root/access.log kept
DocumentRoot $root/www
KeepAlive On
KeepAliveTimeout 5
MaxKeepAliveRequests 0
StartServers 1
ThreadsPerChild 25
ErrorDocument 401 /refused.html
ProxyPass /refused.html !
ProxyPassMatch "^/[a-z-]+/(.*)" "http://127.0.0.1:$backend/\$1"
RequestHeader set Authorization "Basic $(printf %s "${BACKEND_ACCOUNT:-tester:a password}" | openssl base64 -A)"
RequestHeader unset Via
<Location /kerberos>
  AuthType GSSAPI
  AuthName Kerberos
  GssapiCredStore keytab:$root/http.keytab
  GssapiAllowedMech krb5
  Require valid-user
</Location>
<Location /bound>
  AuthType GSSAPI
  AuthName Bound
  GssapiCredStore keytab:$root/http.keytab
  GssapiAllowedMech krb5
  GssapiConnectionBound On
  Require valid-user
</Location>
<Location /ntlm>
  AuthType GSSAPI
  AuthName NTLM
  GssapiAllowedMech ntlmssp
  GssapiConnectionBound On
  GssapiNegotiateOnce Off
  Require valid-user
</Location>
<Location /basic>
  AuthType Basic
  AuthName "Basic, and nothing else"
  AuthUserFile $root/basic.users
  Require valid-user
</Location>
<VirtualHost 127.0.0.1:$http>
</VirtualHost>
<VirtualHost 127.0.0.1:$tls>
  SSLEngine On
  SSLCertificateFile $root/tls.pem
  SSLCertificateKeyFile $root/tls.key
</VirtualHost>
END
} >"$root/httpd.conf"

krb5kdc -r EXAMPLE.TEST -n -P "$root/kdc.pid" >"$root/kdc.out" 2>&1 &
pids=$!
KRB5RCACHETYPE=none NTLM_USER_FILE="$root/ntlm.users" NETBIOS_DOMAIN_NAME=CORP NETBIOS_COMPUTER_NAME=CARDS \
    apache2 -f "$root/httpd.conf" -DFOREGROUND >"$root/httpd.out" 2>&1 &
pids="$pids $!"
i=0
until echo operator-password | kinit -c "$root/ccache" operator >/dev/null 2>&1 &&
    curl -s -o /dev/null "http://127.0.0.1:$http/refused.html"; do
    i=$((i + 1))
    if [ $i -gt 100 ]; then
        cat "$root/kdc.out" "$root/httpd.out" "$root/error.log" >&2
        exit 1
    fi
    sleep 0.1
done
echo ready
cat >/dev/null
