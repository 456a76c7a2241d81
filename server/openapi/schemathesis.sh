#!/bin/sh
# Has schemathesis test a fresh server against the documents that it hands out.
# Usage: schemathesis.sh CARDWRIGHT SCHEMATHESIS, both programs. Ends with the worst exit code.
set -u
cardwright=${1:?} schemathesis=${2:?}
config=$(cd "$(dirname "$0")" && pwd)/schemathesis.toml
work=$(mktemp -d) || exit 1
"$cardwright" serve --switch sign-in-delays=off --listen 127.0.0.1:0 --cards 60 --color never >"$work/served" &
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
for document in certiflow/api/swagger/v1/swagger.json CertificateManagement/api/openapi.json; do
    "$schemathesis" --no-color --config-file "$config" run "$origin/$document" \
        --exclude-checks negative_data_rejection --max-examples 30 --seed 1 \
        --generation-database none --request-timeout 20 || worst=$?
done
exit "$worst"
