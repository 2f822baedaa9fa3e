#!/bin/sh
# Tries a backup: restores it into a scratch cluster, lets the program check it, and throws it away. Touches nothing of
# the running system; best done on another machine, as the secret key should not be brought to the server.
#
#   restore_drill.sh SET --key FILE --history-key FILE [--wal FOLDER [--until 'YYYY-MM-DD HH:MM:SS+07']]
#                    [--files SET] [--bundles FOLDER] [--keep]
#
#   SET            a folder sets/… (pg_dump) or base/… (pg_basebackup) of deploy/backup.sh
#   --key          the secret age key
#   --history-key  a file with HOCBASO_HISTORY_KEY, which signed the history's roots
#   --wal          the WAL archive, for a base backup: goes on to the last change archived, or to --until
#   --files        for a base backup: the set sets/… that holds the files
#   --bundles      the folder of files that came after the set
#   --keep         leaves the scratch cluster running and says where it is (this is how a real restore begins)
#   SCRATCH=/var/tmp   where there is room for the whole database
set -eu
umask 077
export LC_ALL=C.UTF-8
unset PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGPASSFILE 2>/dev/null || true

die() { printf 'drill: %s\n' "$*" >&2; exit 1; }
say() { printf 'drill: %s\n' "$*"; }
usage() { sed -n '5,15s/^# \{0,1\}//p' "$0" >&2; exit 2; }

ROOT=$(cd "$(dirname "$0")/.." && pwd)
[ $# -ge 1 ] || usage
set_folder=$(cd "$1" && pwd) || usage
shift
key='' history_key='' wal='' until='' files_of='' bundles='' keep=''
while [ $# -gt 0 ]; do
    case $1 in
        --key) key=$(readlink -f "$2") && shift 2 ;;
        --history-key) history_key=$(readlink -f "$2") && shift 2 ;;
        --wal) wal=$(readlink -f "$2") && shift 2 ;;
        --until) until=$2 && shift 2 ;;
        --files) files_of=$(readlink -f "$2") && shift 2 ;;
        --bundles) bundles=$(readlink -f "$2") && shift 2 ;;
        --keep) keep=yes && shift ;;
        *) usage ;;
    esac
done
if [ ! -r "$key" ] || [ ! -r "$history_key" ]; then usage; fi
PYTHON=$ROOT/.venv/bin/python
[ -x "$PYTHON" ] || die "No $PYTHON: prepare the checkout first (docs/deploy.md)."
PG_BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)

began=$(date +%s)
scratch=$(mktemp -d "${SCRATCH:-/var/tmp}/hocbaso-drill.XXXXXX")
data=$scratch/data socket=$scratch/socket
mkdir "$data" "$socket"
cp "$key" "$scratch/key"
as_server=
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL does not run as root.
    as_server="setpriv --reuid=postgres --regid=postgres --init-groups --"
    chown -R postgres:postgres "$scratch"
fi
run_as_server() { (cd / && $as_server "$@"); }

finish() {
    status=$?
    trap - EXIT
    rm -f "$scratch/key"
    if [ -n "$keep" ] && [ $status -eq 0 ]; then
        say "kept: $data (socket $socket, user postgres)"
        exit 0
    fi
    run_as_server "$PG_BIN/pg_ctl" stop -s -m immediate -D "$data" >/dev/null 2>&1 || true
    rm -rf "$scratch"
    exit $status
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

decrypt() { age --decrypt --identity "$key" "$1.age"; }
sql() { run_as_server psql --no-psqlrc -qAtX -v ON_ERROR_STOP=1 -h "$socket" -U postgres --dbname "${2:-hocbaso}" -c "$1"; }
figure() { sed -n "s/^$1=//p" "$set_folder/figures.txt"; }

if [ -e "$set_folder/files.tar.age" ]; then files_of=$set_folder; fi
for folder in "$set_folder" "$files_of"; do
    [ -z "$folder" ] || (cd "$folder" && sha256sum --quiet --check SHA256SUMS) || die "The set is damaged: $folder"
done
say "checksums hold"

# Settings of its own, whatever the old server's were: private, and in a folder closed to others.
configure() {
    {
        printf "listen_addresses = ''\nunix_socket_directories = '%s'\nport = 5432\nhot_standby = off\narchive_mode = off\n" "$socket"
        printf "max_connections = 20\nshared_buffers = 256MB\nmaintenance_work_mem = 256MB\nfsync = off\nmax_wal_size = 4GB\n"
    } >"$data/postgresql.conf"
    echo "local all all trust" >"$data/pg_hba.conf"
    : >"$data/pg_ident.conf"
    if [ -n "$as_server" ]; then chown postgres:postgres "$data"/*.conf; fi
}
start() { run_as_server "$PG_BIN/pg_ctl" start -s -w -t 86400 -D "$data" -l "$scratch/server.log" || { tail -n 20 "$scratch/server.log" >&2; die "The restored cluster does not start."; }; }

if [ -e "$set_folder/database.dump.age" ]; then
    run_as_server "$PG_BIN/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync >/dev/null
    configure
    start
    for role in hocbaso_owner hocbaso_app; do sql "CREATE ROLE $role LOGIN" postgres; done
    sql "CREATE DATABASE hocbaso OWNER hocbaso_owner" postgres
    sql "REVOKE ALL ON DATABASE hocbaso FROM PUBLIC" postgres
    sql "GRANT CONNECT ON DATABASE hocbaso TO hocbaso_app" postgres
    # As a stream: the plain dump never lies on a disk.
    : >"$scratch/failed"
    { decrypt "$set_folder/database.dump" && rm "$scratch/failed"; } |
        run_as_server "$PG_BIN/pg_restore" -h "$socket" -U postgres --dbname hocbaso --exit-on-error
    [ ! -e "$scratch/failed" ] || die "The dump could not be decrypted."
elif [ -e "$set_folder/base.tar.age" ]; then
    : >"$scratch/failed"
    { decrypt "$set_folder/base.tar" && rm "$scratch/failed"; } | run_as_server tar -C "$data" -xf -
    [ ! -e "$scratch/failed" ] || die "The base backup could not be decrypted."
    chmod 700 "$data"
    PG_BIN=/usr/lib/postgresql/$(cat "$data/PG_VERSION")/bin
    [ -x "$PG_BIN/postgres" ] || die "This backup needs PostgreSQL $(cat "$data/PG_VERSION")."
    rm -f "$data/postgresql.auto.conf"
    configure
    if [ -n "$wal" ]; then
        mkdir "$scratch/wal"
        cp "$wal"/*.age "$scratch/wal/"
        {
            printf "restore_command = 'age --decrypt --identity \"%s/key\" \"%s/wal/%%f.gz.age\" | gzip -dc >\"%%p\"'\n" "$scratch" "$scratch"
            if [ -n "$until" ]; then printf "recovery_target_time = '%s'\nrecovery_target_action = 'promote'\n" "$until"; fi
        } >>"$data/postgresql.conf"
        : >"$data/recovery.signal"
    fi
    if [ -n "$as_server" ]; then chown -R postgres:postgres "$data" "$scratch/wal" 2>/dev/null || true; fi
    start
    tries=0
    while [ "$(sql 'SELECT pg_is_in_recovery()' postgres 2>/dev/null)" != f ]; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || die "The recovery does not end."
        sleep 1
    done
    if [ -n "$wal" ]; then
        # Recovery ends without a word where a segment is missing, though later ones are there.
        newest=$(find "$scratch/wal" -name '*.gz.age' | sed -n 's/.*\/\([0-9A-F]\{24\}\)\.gz\.age$/\1/p' | sort | tail -n 1)
        [ -n "$until" ] || grep -q "restored log file \"$newest\"" "$scratch/server.log" || die "The WAL has a gap before $newest."
        say "last change: $(sql 'SELECT pg_last_xact_replay_timestamp()' postgres)"
    fi
else
    die "$set_folder is no set of backup.sh."
fi
say "restored in $(($(date +%s) - began)) s"

# The program itself, with the app's rights only.
manage() {
    (
        cd "$ROOT"
        HOCBASO_SECRET_KEY=only-for-the-drill-only-for-the-drill-only-for-the-drill \
            HOCBASO_HISTORY_KEY=$(cat "$history_key") HOCBASO_SECRETS_KEY=only-for-this-drill HOCBASO_ALLOWED_HOSTS=localhost HOCBASO_REDIS_URL="unix://$scratch/none?db=0" \
            HOCBASO_DATABASE_URL="postgresql://hocbaso_app@/hocbaso?host=$socket" HOCBASO_DATABASE_ROLE=app \
            HOCBASO_FILES="$scratch/files" "$PYTHON" manage.py "$@"
    )
}
manage migrate --check >/dev/null || say "note: this checkout has newer migrations than the backup"
manage verify_history || die "The history does not hold."

at_least() { # FIGURE FOUND
    expected=$(figure "$1")
    if [ -n "$expected" ] && [ "$2" -lt "$expected" ]; then die "$1: $2 restored, $expected expected."; fi
    say "$1: $2 (at least ${expected:-0} expected)"
}
at_least entries "$(sql 'SELECT count(*) FROM schools_historyentry')"
at_least students "$(sql 'SELECT count(*) FROM schools_student')"
root=$(figure root)
if [ -n "$root" ]; then
    [ "$(sql "SELECT encode(root, 'hex') FROM schools_historyroot WHERE \"on\" = '${root% *}'")" = "${root#* }" ] ||
        die "The root of ${root% *} in the database is not the one written down when the backup was made."
    say "root of ${root% *}: the same"
fi
unpack() { # ARCHIVE, without .age
    : >"$scratch/failed"
    { decrypt "$1" && rm "$scratch/failed"; } | tar -C "$scratch/files" -xf - || : >"$scratch/failed"
    [ ! -e "$scratch/failed" ] || die "The files could not be decrypted: $1"
}
if [ -n "$files_of" ]; then
    mkdir -p "$scratch/files"
    unpack "$files_of/files.tar"
    if [ -n "$bundles" ]; then
        for bundle in "$bundles"/*.tar.age; do
            name=${bundle##*/}
            # What was bundled before the set began is in the set.
            if [ -e "$bundle" ] && expr "$name" \> "${files_of##*/}" >/dev/null; then unpack "${bundle%.age}"; fi
        done
    fi
    files=$(sed -n "s/^files=//p" "$files_of/figures.txt")
    found=$(find "$scratch/files" -type f | wc -l)
    [ "$found" -ge "${files:-0}" ] || die "files: $found restored, $files expected."
    say "files: $found (at least ${files:-0} expected)"
    # The roots that were laid beside the files are a second witness of the history.
    for file in "$scratch"/files/history-roots/*.json; do
        [ -e "$file" ] || continue
        day=$(basename "$file" .json)
        kept=$(sed -n 's/.*"root": "\([0-9a-f]*\)".*/\1/p' "$file")
        found=$(sql "SELECT encode(root, 'hex') FROM schools_historyroot WHERE \"on\" = '$day'")
        # A root of the last minutes may be in the files and not yet in the dump.
        [ -z "$found" ] || [ "$found" = "$kept" ] || die "The root of $day beside the files differs from the database's."
    done
    manage verify_pages || die "A page's file is missing, or is not the one that was signed."
else
    say "note: no files were given (--files), so pages were not checked"
fi
say "everything holds; $(($(date +%s) - began)) s in all"
