set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
kept=$policy.kept
restore() {
    rm -f "$policy"
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$policy" ] && ! grep -q '^# cardwright xtask setup$' "$policy"; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\n# cardwright xtask setup\nexit 101\n' > "$policy"
chmod 755 "$policy"
apt-get -o DPkg::Lock::Timeout=300 -q update
apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install "$@"
