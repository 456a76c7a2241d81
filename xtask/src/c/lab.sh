# Runs the programs of one folder with what they need: a server of cards, and, where DRIVER is set, a pcscd of
# their own with a card in one of its two readers. That needs mount, network and process namespaces, which
# the caller has created; everything that runs there ends with them.
#
# lab.sh SERVED PROGRAMS MEMORY: the program that serves, a folder, and what to put before a program to find out
# whether it loses memory ("" where it sees to that itself).
set -eu
served=$1 programs=$2 memory=$3
work=$(mktemp -d)
PATH="$PATH:/usr/sbin:/sbin"

if [ -n "${DRIVER:-}" ]; then
    ip link set lo up
    # vpcd writes a length and then a message, and TCP lets the second wait for the first to be acknowledged:
    # 40 ms for each APDU, unless that is done at once.
    ip route replace local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 quickack 1
    mount -t tmpfs tmpfs /run
    mkdir -p /run/pcscd /run/readers
    printf 'FRIENDLYNAME "Test PCD"\nDEVICENAME /dev/null:40123\nLIBPATH %s\nCHANNELID 40123\n' "$DRIVER" \
        >/run/readers/vpcd
    pcscd --foreground --config /run/readers >"$work/pcscd" 2>&1 &
fi
server= card=
trap 'kill $server $card; rm -rf "$work"' EXIT

# Waits for something to be so, 30 seconds at most.
until_so() {
    n=0
    until eval "$1"; do
        n=$((n + 1))
        [ $n -lt 300 ] || { echo "not in time: $1"; cat "$work"/*; exit 1; }
        sleep 0.1
    done
}

# Starts a server with the same cards as before.
serve() {
    [ -z "$server" ] || kill $server
    : >"$work/served"
    "$served" serve --cards 400 >"$work/served" 2>&1 &
    server=$!
    until_so 'grep -q CARDWRIGHT_PASSWORD "$work/served"'
    eval "$(grep -o 'export CARDWRIGHT.*' "$work/served")"
    CARDWRIGHT_OLD_URL=$(sed -n 's/^ *CertiFlow G1 *\([^ ]*\).*/\1/p' "$work/served")
    CARDWRIGHT_MIM_URL=$(sed -n 's/^ *MIM CM *\([^ ]*\).*/\1/p' "$work/served")
    export CARDWRIGHT_OLD_URL CARDWRIGHT_MIM_URL
}

serve
if [ -n "${DRIVER:-}" ]; then
    until_so '"$served" readers 2>&1 | grep -q "Test PCD 00 01"'
    "$served" virtual-card gids --port 40123 >"$work/card" 2>&1 &
    card=$!
    until_so '"$served" readers 2>&1 | grep -q 3B8D0180'
    export CARDWRIGHT_READER="Test PCD 00 00"
fi

# A program prints what a file has.
prints() {
    file=$1
    shift
    "$@" >"$work/printed"
    diff -u "$file" "$work/printed" || { echo "$* does not print $file"; exit 1; }
}
# A program ends with exit code 1.
refused() {
    code=0
    "$@" || code=$?
    [ $code = 1 ] || { echo "exit code $code, not 1: $*"; exit 1; }
}
here() { [ -x "$programs/$1" ]; }

if here atr; then
    prints examples/c/atr.txt "$programs/atr" "3B D5 18 FF 81 91 FE 1F C3 80 73 C8 21 10 0B"
    refused $memory "$programs/atr" "3B D5"
fi
# Before anything is changed.
if here expiring; then
    prints examples/c/expiring.txt "$programs/expiring" 3
    $memory "$programs/expiring" >/dev/null
fi
if here watch && [ -n "${DRIVER:-}" ]; then
    prints examples/c/watch.txt $memory "$programs/watch" 1
fi
if here revoke; then
    prints examples/c/revoke.txt "$programs/revoke" 02A1B3C4
    refused $memory "$programs/revoke" 02A1B3C4
    refused $memory "$programs/revoke" 'no such card'
fi
# The example in C: the cards are put on hold, all of them or none; then the journal says that nothing is left to do.
if here bulk && here revoke; then
    ids=$("$served" cards --state Issued --limit 2 --format csv | tail -n +2 | cut -d , -f 1)
    printf '%s\nno such card\n' "$ids" | refused $memory "$programs/bulk" "$work/missing.ndjson"
    [ ! -e "$work/missing.ndjson" ]
    [ "$(echo "$ids" | $memory "$programs/bulk" "$work/hold.ndjson")" = "2 of 2 cards are on hold" ]
    [ "$($memory "$programs/bulk" "$work/hold.ndjson" </dev/null)" = "2 of 2 cards are on hold" ]
fi
if here cards; then
    serial=$("$programs/cards" | head -n 1 | cut -d ' ' -f 1)
    [ "$("$programs/cards" "$serial")" = "$serial is revoked" ]
    $memory "$programs/cards" >/dev/null
    refused $memory "$programs/cards" "$serial"
    refused $memory "$programs/cards" 'no such card'
fi
if here bulk && here cards; then
    # The example in C++. A second start takes up the journal, and has nothing left to do.
    ids=$("$served" cards --state Issued --limit 2 --format csv | tail -n +2 | cut -d , -f 1)
    [ "$($memory "$programs/bulk" "$work/bulk.journal" $ids | tail -n 1)" = "2 of 2 cards are suspended" ]
    [ "$($memory "$programs/bulk" "$work/bulk.journal" | tail -n 1)" = "2 of 2 cards are suspended" ]
fi
if here results; then
    [ "$($memory "$programs/results" | wc -l)" -gt 3 ]
    CARDWRIGHT_PASSWORD=wrong refused $memory "$programs/results"
fi
for program in expiring cards; do
    if here $program; then
        CARDWRIGHT_PASSWORD=wrong refused $memory "$programs/$program"
    fi
done
if here walk; then
    serve
    "$programs/walk"
    if [ -n "$memory" ]; then
        serve
        $memory "$programs/walk"
    fi
fi
if here earlier; then
    "$programs/earlier"
    $memory "$programs/earlier"
fi
if here classes; then
    serve
    $memory "$programs/classes"
    $memory "$programs/without_exceptions"
fi
if here threads; then
    "$programs/threads"
    [ -z "$memory" ] || $memory "$programs/threads"
fi
