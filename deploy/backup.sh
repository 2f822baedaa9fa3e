#!/bin/sh
# Backups of hocbaso (docs/deploy.md, "Backups"). Every set is encrypted to public keys whose secret halves are not on
# this server, so whoever takes the server, or a backup, cannot read a backup.
#
#   backup.sh now               a set: the database (pg_dump), the files, a few figures, checksums
#   backup.sh base              a set for restoring to a minute: pg_basebackup, used together with the WAL
#   backup.sh wal PATH NAME     PostgreSQL's archive_command (runs as postgres)
#   backup.sh ship              every minute: new files, and what PostgreSQL has archived, to copy 1 and at once to copy 2
#   backup.sh copy              copy 2: sends what the other site has not got; never overwrites, never deletes there
#   backup.sh offline FOLDER    copy 3: the same, to a disk that is then unplugged
#   backup.sh prune             removes old sets of copy 1
#   backup.sh drilled           notes that a restore was tried today (deploy/restore_drill.sh)
#   backup.sh status            fails when something is missing, too old or damaged: for the machine that watches
set -eu
umask 077
export LC_ALL=C.UTF-8

# shellcheck disable=SC1090  # written by the administrator
. "${BACKUP_ENV:-/etc/hocbaso/backup.env}"
: "${BACKUP_FOLDER:?}" "${BACKUP_RECIPIENTS:?}" "${BACKUP_FILES:?}" "${BACKUP_DATABASE:?}"
STATE=$BACKUP_FOLDER/state

die() { printf 'backup: %s\n' "$*" >&2; exit 1; }
say() { printf 'backup: %s\n' "$*"; }
# From a folder that the other user may enter.
as_database() { if [ -n "${BACKUP_AS:-}" ]; then (cd / && runuser -u "$BACKUP_AS" -- "$@"); else "$@"; fi; }
encrypt() { age --encrypt --recipients-file "$BACKUP_RECIPIENTS"; }
one_value() { as_database psql --no-psqlrc -qAtX --dbname "$BACKUP_DATABASE" -c "$1"; }
in_order() { for folder in "$BACKUP_FOLDER/$1"/[0-9]*; do [ -d "$folder" ] && echo "${folder##*/}"; done | sort; }
newest() { in_order "$1" | tail -n 1; }

# stream NAME COMMAND...: encrypts the output of a command into NAME.age. A POSIX pipe forgets that its first half
# failed, and half a dump that looks like a backup is the worst of all, hence the mark.
stream() {
    name=$1
    shift
    : >"$work/failed"
    { "$@" && rm "$work/failed"; } | encrypt >"$work/$name.age"
    [ ! -e "$work/failed" ] || die "$1 failed; no set was made."
}

begin_set() { # KIND
    set_name=$(date -u +%Y-%m-%dT%H%M%SZ)
    mkdir -p "$BACKUP_FOLDER/$1" "$STATE"
    rm -rf "$BACKUP_FOLDER/$1"/.partial.*
    work=$BACKUP_FOLDER/$1/.partial.$set_name
    mkdir "$work"
    began=$(date +%s)
}

# Only a whole set gets its name.
end_set() { # KIND
    (cd "$work" && sha256sum -- * >SHA256SUMS)
    sync "$work"/* "$work"
    mv "$work" "$BACKUP_FOLDER/$1/$set_name"
    sync "$BACKUP_FOLDER/$1"
    say "$1/$set_name: $(du -sh "$BACKUP_FOLDER/$1/$set_name" | cut -f1), $(($(date +%s) - began)) s"
}

# Figures taken before the dump, so a restored database has at least these. No personal data: they stay readable, and
# the newest root in them is an anchor of the history outside the database.
figures() {
    printf 'at=%s\n' "$set_name"
    printf 'postgresql=%s\n' "$(one_value 'SHOW server_version')"
    printf 'entries=%s\n' "$(one_value 'SELECT count(*) FROM schools_historyentry')"
    printf 'students=%s\n' "$(one_value 'SELECT count(*) FROM schools_student')"
    printf 'root=%s\n' "$(one_value "SELECT \"on\" || ' ' || encode(root, 'hex') FROM schools_historyroot ORDER BY \"on\" DESC LIMIT 1")"
    printf 'files=%s\n' "$(find "$BACKUP_FILES" -type f | wc -l)"
}

# tar says 1 when a file grew while it was read: new files come all day, and the database of this set does not know them.
pack_files() { tar -C "$BACKUP_FILES" -cf - . || [ $? -eq 1 ]; }

now() {
    begin_set sets
    figures >"$work/figures.txt"
    stream database.dump as_database pg_dump --format=custom --dbname "$BACKUP_DATABASE"
    stream files.tar pack_files
    end_set sets
}

base() {
    begin_set base
    printf 'postgresql=%s\n' "$(one_value 'SHOW server_version')" >"$work/figures.txt"
    # "fetch" puts the WAL that the copy itself needs into it.
    stream base.tar as_database pg_basebackup --pgdata=- --format=tar --wal-method=fetch --checkpoint=fast
    end_set base
}

# PostgreSQL keeps the segment and asks again until this succeeds. It must never overwrite: two servers that believe to
# be the same one would spoil each other's archive.
wal() {
    target=$BACKUP_FOLDER/wal/$2.gz.age
    if [ -e "$target" ]; then
        # After a crash it may offer again what it has given already.
        [ "$(sha256sum <"$1")" = "$(cat "$target.of" 2>/dev/null)" ] && return
        die "$target is there and is another one."
    fi
    sha256sum <"$1" >"$target.of"
    # A segment that time closed is nearly empty.
    rm -f "$target.failed"
    { gzip -1 -c "$1" || : >"$target.failed"; } | encrypt >"$target.new"
    [ ! -e "$target.failed" ] || die "$1 could not be read."
    sync "$target.new"
    mv "$target.new" "$target"
    sync "$BACKUP_FOLDER/wal"
}

# Files made since the last time, as one encrypted bundle: a signed page cannot be signed again by the same act. By the
# time of the name, not of the content; two seconds twice rather than a moment never.
bundle_new_files() {
    since=$STATE/bundled
    [ -e "$since" ] || since=$BACKUP_FOLDER/sets/$(newest sets)/figures.txt
    [ -e "$since" ] || die "There is no set yet: backup.sh now"
    touch -d '2 seconds ago' "$STATE/bundled.next"
    (cd "$BACKUP_FILES" && find . -type f ! -name '*.part' -cnewer "$since" -print0) >"$STATE/bundle.list"
    if [ -s "$STATE/bundle.list" ]; then
        mkdir -p "$BACKUP_FOLDER/files"
        work=$BACKUP_FOLDER/files/.partial.$(date -u +%Y-%m-%dT%H%M%S.%NZ)
        rm -rf "$BACKUP_FOLDER"/files/.partial.*
        mkdir "$work"
        stream bundle.tar pack_listed
        sync "$work/bundle.tar.age"
        mv "$work/bundle.tar.age" "$BACKUP_FOLDER/files/${work##*/.partial.}.tar.age"
        rmdir "$work"
        sync "$BACKUP_FOLDER/files"
    fi
    mv "$STATE/bundled.next" "$STATE/bundled"
}

# A state of a page that was swept away meanwhile is contained in the next one.
pack_listed() { tar -C "$BACKUP_FILES" --ignore-failed-read --null --no-recursion --files-from="$STATE/bundle.list" -cf - || [ $? -eq 1 ]; }

# A file is on the disk before the database names it: what is archived is listed before the files are bundled, and
# rsync sends in the order of the names, "files" before "wal". So what the database names at the other site is there.
ship() {
    mkdir -p "$STATE"
    touch -d '2 seconds ago' "$STATE/shipped.next"
    newer() { if [ -e "$STATE/shipped" ]; then find "$1" -type f ! -name '*.new' -cnewer "$STATE/shipped"; else find "$1" -type f ! -name '*.new'; fi; }
    (cd "$BACKUP_FOLDER" && if [ -d wal ]; then newer wal; fi) >"$STATE/ship.list"
    bundle_new_files
    (cd "$BACKUP_FOLDER" && if [ -d files ]; then newer files; fi) >>"$STATE/ship.list"
    [ -n "${BACKUP_REMOTE:-}" ] || die "BACKUP_REMOTE is empty: there is no copy at another site!"
    if [ -s "$STATE/ship.list" ]; then
        rsync -t --timeout=60 --ignore-existing --files-from="$STATE/ship.list" "$BACKUP_FOLDER/" "$BACKUP_REMOTE/"
    fi
    mv "$STATE/shipped.next" "$STATE/shipped"
}

copy() {
    if [ -z "${BACKUP_REMOTE:-}" ]; then
        say "BACKUP_REMOTE is empty: there is no copy at another site!"
        return
    fi
    rsync -rt --ignore-existing --exclude '.partial.*' --exclude '*.new' --exclude /state "$BACKUP_FOLDER/" "$BACKUP_REMOTE/"
    date +%s >"$STATE/copied"
    say "copied to the other site"
}

offline() {
    [ -d "$1" ] || die "$1 is not a folder."
    mountpoint -q "$1" || [ "${BACKUP_TRIAL:-}" = yes ] || die "Nothing is mounted at $1: this would be a copy on the same disk."
    for kind in sets base files wal; do
        [ ! -d "$BACKUP_FOLDER/$kind" ] || rsync -rt --ignore-existing --exclude '.partial.*' --exclude '*.new' "$BACKUP_FOLDER/$kind" "$1/"
    done
    sync -f "$1"
    set_name=$(newest sets)
    (cd "$1/sets/$set_name" && sha256sum --quiet --check SHA256SUMS) || die "The set on $1 is damaged."
    date +%s >"$STATE/offline"
    say "offline copy of $set_name holds; unmount $1, unplug it and lock it away"
}

# Daily sets for BACKUP_KEEP_DAYS, the first of each month for 13 months, the first of each year for ever.
prune() {
    today=$(date +%s)
    month='' year=''
    for folder in "$BACKUP_FOLDER"/sets/[0-9]*; do
        [ -d "$folder" ] || continue
        day=${folder##*/}
        day=${day%%T*}
        age_in_days=$(((today - $(date -d "$day" +%s)) / 86400))
        first_of_month='' first_of_year=''
        [ "${day%-*}" = "$month" ] || first_of_month=yes
        [ "${day%%-*}" = "$year" ] || first_of_year=yes
        month=${day%-*} year=${day%%-*}
        if [ "$age_in_days" -gt "${BACKUP_KEEP_DAYS:-35}" ] && [ -z "$first_of_year" ]; then
            if [ -z "$first_of_month" ] || [ "$age_in_days" -gt 400 ]; then rm -rf "$folder"; fi
        fi
    done
    # Every set holds all files; bundles are for the time after the newest.
    if [ -d "$BACKUP_FOLDER/files" ]; then find "$BACKUP_FOLDER/files" -type f -mtime "+${BACKUP_KEEP_DAYS:-35}" -delete; fi
    # Two base backups and the WAL since the older one.
    for folder in $(in_order base | head -n -2); do rm -rf "$BACKUP_FOLDER/base/$folder"; done
    oldest=$(in_order base | head -n 1)
    if [ -n "$oldest" ] && [ -d "$BACKUP_FOLDER/wal" ]; then
        find "$BACKUP_FOLDER/wal" -type f ! -newer "$BACKUP_FOLDER/base/$oldest/figures.txt" -delete
    fi
}

drilled() {
    mkdir -p "$STATE"
    date +%s >"$STATE/drill"
}

too_old() { [ -e "$1" ] && [ $(($(date +%s) - $(cat "$1"))) -lt "$2" ] && return 1; return 0; }

status() {
    faults=0
    fault() { printf 'backup: %s\n' "$*" >&2; faults=$((faults + 1)); }
    set_name=$(newest sets)
    if [ -z "$set_name" ]; then
        fault "there is no set"
    else
        [ $(($(date +%s) - $(stat -c %Y "$BACKUP_FOLDER/sets/$set_name/SHA256SUMS"))) -lt 93600 ] || fault "the newest set is older than 26 hours: $set_name"
        (cd "$BACKUP_FOLDER/sets/$set_name" && sha256sum --quiet --check SHA256SUMS) || fault "the newest set is damaged: $set_name"
    fi
    ! too_old "$STATE/copied" 93600 || fault "nothing reached the other site for 26 hours"
    [ -n "$(find "$STATE/shipped" -mmin -15 2>/dev/null)" ] || fault "nothing was shipped to the other site for 15 minutes"
    ! too_old "$STATE/offline" 691200 || fault "the offline copy is older than 8 days"
    ! too_old "$STATE/drill" 8208000 || fault "no restore was tried for 95 days"
    failed_wal=$(one_value "SELECT last_failed_time IS NOT NULL AND (last_archived_time IS NULL OR last_failed_time > last_archived_time) FROM pg_stat_archiver" 2>/dev/null || echo unknown)
    [ "$failed_wal" != t ] || fault "PostgreSQL cannot archive its WAL"
    [ "$faults" -eq 0 ] || exit 1
    say "three copies in order; newest set $set_name"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command:$# in
    now:0 | base:0 | ship:0 | copy:0 | prune:0 | drilled:0 | status:0 | wal:2 | offline:1) "$command" "$@" ;;
    *)
        sed -n '2,14s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
