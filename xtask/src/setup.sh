set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
kept=$policy.kept
clusters=/etc/postgresql-common/createcluster.d
had_clusters=$(if [ -d "$clusters" ]; then echo yes; fi)
restore() {
    rm -f "$policy" "$clusters/cardwright-xtask-setup.conf"
    [ -n "$had_clusters" ] || rmdir -p "$clusters" 2>/dev/null || :
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$policy" ] && ! grep -q '^# cardwright xtask setup$' "$policy"; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\n# cardwright xtask setup\nexit 101\n' > "$policy"
chmod 755 "$policy"
mkdir -p "$clusters"
echo 'create_main_cluster = false' > "$clusters/cardwright-xtask-setup.conf"
apt-get -o DPkg::Lock::Timeout=300 -q update
apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install "$@"
