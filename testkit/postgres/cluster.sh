#!/bin/sh
# A cluster of PostgreSQL, on loopback alone. Its standard input says when it runs; where that ends, so does the
# cluster, and its folder is taken along.
#   cluster.sh FOLDER BIN
# FOLDER has postgresql.conf and pg_hba.conf, BIN the programs. Each word is answered by a line:
#   start PORT    ready, or failed
#   stop          stopped, at once, as after a crash
# Debian: postgresql
set -eu
root=$1 bin=$2
cd /

pid=
stop() {
    if [ -n "$pid" ]; then
        kill -QUIT "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
        pid=
    fi
}
# To the one end of all.
end() {
    trap '' HUP INT PIPE TERM
    stop
    rm -rf "$root"
}
trap end EXIT
trap 'exit 1' HUP INT PIPE TERM

# PostgreSQL refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id -u $user >/dev/null 2>&1 || user=nobody
    as="setpriv --reuid $user --regid $(id -g $user) --clear-groups --"
    chown -R $user "$root"
fi
$as "$bin/initdb" --no-sync --no-instructions --auth trust --username postgres --encoding UTF8 --locale C.UTF-8 \
    --pgdata "$root/data" </dev/null >"$root/initdb.log" 2>&1 || {
    cat "$root/initdb.log" >&2
    exit 1
}

start() {
    $as "$bin/postgres" -D "$root/data" -p "$1" -c config_file="$root/postgresql.conf" </dev/null \
        >>"$root/postgres.log" 2>&1 &
    pid=$!
    # By the socket in its folder: on the port, another may answer.
    until "$bin/pg_isready" -q -h "$root" -p "$1"; do
        kill -0 "$pid" 2>/dev/null || {
            pid=
            return 1
        }
        sleep 0.05
    done
}

echo ready
while read -r word port; do
    case $word in
    start) if start "$port"; then echo ready; else echo failed; fi ;;
    stop)
        stop
        echo stopped
        ;;
    esac
done
