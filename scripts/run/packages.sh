#!/bin/sh
# Runs as root: installs the Debian packages named as arguments, without starting a service of theirs.
# Called by ./run; what it changes for the time of the installation it puts back.
set -eu
umask 022
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

POLICY=/usr/sbin/policy-rc.d
CLUSTER=/etc/postgresql-common/createcluster.conf
MARK="# hocbaso: only while its packages are installed"

restore() {
    # Only a file with our mark is ours to remove, also one that a killed run left behind.
    if grep -qsF "$MARK" "$POLICY"; then rm -f "$POLICY"; fi
    if grep -qsF "$MARK" "$CLUSTER"; then
        if [ -e "$CLUSTER.hocbaso-saved" ]; then
            mv -f "$CLUSTER.hocbaso-saved" "$CLUSTER"
        elif [ -e "$CLUSTER.ucf-dist" ]; then
            # The package brought its own and put it aside because ours was there.
            mv -f "$CLUSTER.ucf-dist" "$CLUSTER"
        else
            rm -f "$CLUSTER"
        fi
    fi
}

# Two checkouts may install at the same time; apt's own waiting does not cover "update".
mkdir -p /run/lock
exec 7>/run/lock/hocbaso-packages.lock
flock -w 900 7
restore
trap restore EXIT
trap 'exit 1' HUP INT TERM

# Debian starts what it installs. Our PostgreSQL and Redis are private, so Debian's must neither start nor be created.
if [ ! -e "$POLICY" ]; then
    printf '#!/bin/sh\n%s\nexit 101\n' "$MARK" >"$POLICY"
    chmod 755 "$POLICY"
fi
mkdir -p "${CLUSTER%/*}"
if [ -e "$CLUSTER" ]; then cp -p "$CLUSTER" "$CLUSTER.hocbaso-saved"; fi
printf '%s\ncreate_main_cluster = false\n' "$MARK" >"$CLUSTER"

had_redis=$(dpkg-query -W -f '${db:Status-Status}' redis-server 2>/dev/null || true)
# A source that cannot be reached (a company's third-party list, say) must not stop us if Debian's own can.
apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 update 7>&- || echo "apt-get update had errors; trying the installation all the same"
apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@" </dev/null 7>&-

# It did not start now, and it shall not start after the next boot either. One that was there before stays as it was.
if [ "$had_redis" != installed ] && command -v update-rc.d >/dev/null; then
    update-rc.d redis-server disable >/dev/null 2>&1 || true
fi
