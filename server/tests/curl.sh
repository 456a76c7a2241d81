#!/bin/sh
# Drives both APIs with curl, on a server that has the story and nothing else changed.
# Needs CARDWRIGHT_URL, CARDWRIGHT_USER and CARDWRIGHT_PASSWORD; the account must be the story's user
# and an administrator. Prints a line for each check and ends at the first that fails.
set -eu

: "${CARDWRIGHT_URL:?}" "${CARDWRIGHT_USER:?}" "${CARDWRIGHT_PASSWORD:?}"
certiflow=$CARDWRIGHT_URL/certiflow/api
old=$CARDWRIGHT_URL/icmapi
mim=$CARDWRIGHT_URL/CertificateManagement
reply=$(mktemp)
trap 'rm -f "$reply"' EXIT INT TERM

quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# call METHOD URL [BODY]: leaves the status in $status and the body in the file. The credentials go
# through a configuration on stdin, so that no list of processes shows them.
call() {
    method=$1
    url=$2
    set -- ${3+--header "Content-Type: application/json" --data-raw "$3"}
    status=$(
        printf 'user = "%s:%s"\n' "$(quoted "$CARDWRIGHT_USER")" "$(quoted "$CARDWRIGHT_PASSWORD")" |
            curl --silent --show-error --max-time 30 --globoff --config - --request "$method" \
                --output "$reply" --write-out '%{http_code}' "$@" "$url"
    )
}

# check WHAT STATUS [TEXT]: the last call answered so, with this text in its body.
check() {
    if [ "$status" != "$2" ]; then
        printf 'FAILED %s: %s instead of %s: ' "$1" "$status" "$2"
        cat "$reply"
        exit 1
    fi
    if [ -n "${3-}" ] && ! grep -qF -- "$3" "$reply"; then
        printf 'FAILED %s: no %s in: ' "$1" "$3"
        cat "$reply"
        exit 1
    fi
    printf 'ok %s\n' "$1"
}

printf 'user = "nobody:wrong"\n' | curl --silent --config - --output "$reply" --write-out '%{http_code}' \
    "$certiflow/Cards" | grep -qx 401 || { echo 'FAILED a stranger is let in'; exit 1; }
echo 'ok a stranger is not let in'

call GET "$certiflow/Cards";                            check 'CertiFlow lists cards' 200 '"id":1065'
call GET "$certiflow/Cards?state=Issued&count=2";       check 'a filter by state' 200 '"state":"Issued"'
call GET "$certiflow/Cards?serialNumber=02A1B3C4";      check 'a filter by serial number' 200 '[{"id":1013,'
call GET "$certiflow/Cards?state=Broken";               check 'a wrong state is named' 400 '"errors":{"state":'
call POST "$certiflow/Cards/1065/Disable";              check 'a card is disabled' 200
call GET "$certiflow/Cards/1065";                       check 'it is disabled' 200 '"state":"Disabled"'
call POST "$certiflow/Cards/1065/Disable";              check 'twice is refused' 409 'Disable is not allowed in the state Disabled'
call POST "$certiflow/Cards/1065/Enable";               check 'a card is enabled' 200
call POST "$certiflow/Cards/1065/Enable";               check 'an enabled card is not' 409 'Card 1065: Enable is not allowed in the state Issued'
call POST "$certiflow/Cards/1013/Revoke?reason=CardLost"; check 'a card is revoked' 200
call POST "$certiflow/Cards/1013/Enable";               check 'a revocation is final' 409 'a revocation is final'
call POST "$certiflow/Cards/1073/Revoke" '{"reason":5}'; check 'a reason in a body' 200
call GET "$certiflow/Cards/1";                          check 'an unknown card' 404

call GET "$old/user/getcards?name=aweber@demo.example"; check 'the old API lists a user'"'"'s cards' 200 '"id":"1065"'
call POST "$old/card/disable?id=1065";                  check 'it disables' 204
call POST "$old/card/disable?id=1065";                  check 'twice is a fault of the server' 500 '"ExceptionMessage":"Card 1065'
call POST "$old/card/revoke?id=1065" '{"reason":7}';    check 'it has no reason 7' 400 '"ModelState"'
call POST "$old/card/revoke?id=1065" '{"reason":5}';    check 'a reason in its body' 204

call GET "$mim/api/v1.0/smartcards";                    check 'MIM CM lists own cards' 200 '"Status":3'
card_id=$(grep -o '"Status":3,.*' "$reply" | grep -o '"SerialNumber":"{[^}]*}' | head -n 1 | cut -d '{' -f 2 | tr -d '}')
call GET "$mim/api/v1.0/smartcards?cardid=$card_id";    check 'a card by its CardID' 200 "{$card_id}"
card=$(sed 's/.*"Uuid":"\([^"]*\)","Status".*/\1/' "$reply")
call GET "$mim/api/v1.0/smartcards/$card/operations";   check 'what may be done' 200 '["renew","unblock","retire"]'
call POST "$mim/api/v1.0/requests" "{\"type\":\"Retire\",\"smartcard\":\"$card\",\"datacollection\":\"[]\",\"comment\":\"\"}"
check 'a request to retire it' 201 '"api/v1.0/requests/'
request=$(tr -d '"' <"$reply")
call GET "$mim/$request";                               check 'it is approved' 200 '"Status":3,'
call PUT "$mim/$request/smartcards/$card" '{"status":"Retired"}'; check 'the card is retired' 200 '"Status":6,'
call PUT "$mim/$request" '{"status":"Completed"}';      check 'the request is completed' 200 '"Status":8,'
call POST "$mim/api/v1.0/requests" "{\"type\":\"Retire\",\"smartcard\":\"$card\",\"datacollection\":\"[]\",\"comment\":\"\"}"
check 'its life is over' 409 'the life cycle is over'
call GET "$certiflow/Cards?serialNumber=$(printf '%s' "$card_id" | tr -d -)"; check 'CertiFlow has it no more' 200 '[]'
