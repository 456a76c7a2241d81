#!/bin/sh
# Has schemathesis test a fresh server against the documents that it hands out, of every generation of CertiFlow and of
# MIM CM. Usage: schemathesis.sh CARDWRIGHT SCHEMATHESIS EXAMPLES: both programs, and the number of examples for each call.
# Ends with the worst exit code.
set -u
cardwright=${1:?} schemathesis=${2:?} examples=${3:?}
# Each at the end by which clients know it, and none beside another one.
generations=g1,g2=/g2/icmapi,g3=/g3/icmapi,g4=/g4/icmapi,g5,g6=/g6/certiflow/api,g7
config=$(cd "$(dirname "$0")" && pwd)/schemathesis.toml
work=$(mktemp -d) || exit 1
"$cardwright" serve --switch sign-in-delays=off --listen 127.0.0.1:0 --cards 60 \
    --certiflow "$generations" --log --color never >"$work/served" 2>"$work/log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The last line that it prints before it waits.
for _ in $(seq 300); do
    grep -q 'Anybody who reads' "$work/served" && break
    kill -0 "$server" 2>/dev/null || exit 1
    sleep 0.1
done
CARDWRIGHT_USER=$(sed -n 's/.*CARDWRIGHT_USER=\([^ ]*\) .*/\1/p' "$work/served")
CARDWRIGHT_PASSWORD=$(sed -n 's/.*CARDWRIGHT_PASSWORD=//p' "$work/served")
origin=$(sed -n 's/.*CARDWRIGHT_URL=\(.*\)\/certiflow\/api$/\1/p' "$work/served")
export CARDWRIGHT_USER CARDWRIGHT_PASSWORD
[ -n "$origin" ] && [ -n "$CARDWRIGHT_PASSWORD" ] || { cat "$work/served"; exit 1; }

# It leaves files where it runs.
cd "$work" || exit 1
worst=0
for base in icmapi g2/icmapi g3/icmapi g4/icmapi cm/api g6/certiflow/api certiflow/api CertificateManagement; do
    # The older generations refuse with 500, as their documents say. What is a fault of the server, its log tells.
    case $base in *icmapi) none=negative_data_rejection,not_a_server_error ;; *) none=negative_data_rejection ;; esac
    document=$base/swagger/v1/swagger.json
    [ $base != CertificateManagement ] || document=$base/api/openapi.json
    "$schemathesis" --no-color --config-file "$config" run "$origin/$document" \
        --exclude-checks "$none" --max-examples "$examples" --seed 1 \
        --generation-database none --request-timeout 20 || worst=$?
done
if grep '"status":500,.*"cause":' "$work/log"; then worst=1; fi
[ "$(grep -c '"status":500,' "$work/log")" -gt 0 ] || { echo 'no refusal of an older generation is in the log'; worst=1; }
exit "$worst"
