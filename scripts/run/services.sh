# Sourced by ./run: a private PostgreSQL and a private Redis, reachable by unix sockets of this checkout only.
#
#   service_places demo|test|bench [SLOT]   sets where things lie: PG_DATA, PG_SOCKET, REDIS_DIR, REDIS_SOCKET
#   start_services KIND                     starts what is not running
#   stop_services                           stops them

CHECKOUT_ID=$(printf %s "$ROOT" | cksum | cut -d' ' -f1)

# Where Debian keeps the server programs: the newest version, or the one named.
postgres_folder() {
    for folder in /usr/lib/postgresql/${1:-*}/bin /usr/local/pgsql/bin; do
        [ -x "$folder/initdb" ] && echo "$folder"
    done | sort -V | tail -n 1
}

# -- Who runs PostgreSQL, and where ----------------------------------------------------------------------------------
# PostgreSQL refuses to run as root. Root therefore runs it in a user namespace where root is called 1000 (files stay
# root's, and a folder closed to others will do), or, where namespaces are not allowed, as Debian's user postgres; that
# user cannot enter a closed folder such as /root, so then the data lies under /var/lib/hocbaso.
pg_prefix() {
    case $1 in
        direct) echo ;;
        unshare) echo "unshare --user --map-user=1000 --map-group=1000 --" ;;
        setpriv) echo "setpriv --reuid=postgres --regid=postgres --init-groups --" ;;
    esac
}

# pg_works MODE HOME: can PostgreSQL keep files in HOME this way? Sets PG_AS and PG_HOME if so.
pg_works() {
    mkdir -p "$2" 2>/dev/null || return 1
    PG_AS=$(pg_prefix "$1")
    PG_HOME=$2
    if [ "$1" = setpriv ]; then
        id postgres >/dev/null 2>&1 || return 1
        case $2 in "$DATA"/*) chmod 711 "$DATA" "${2%/*}" ;; esac
        owner=$(id -u postgres):$(id -g postgres)
    else
        owner=$(id -u):$(id -g)
    fi
    if [ "$(stat -c %u "$2")" != "${owner%:*}" ]; then
        # The cluster was last run the other way (a container then, a whole machine now).
        [ "$(id -u)" -eq 0 ] || die "$2 belongs to another user. Please remove .data as that user, or work as that user."
        chown -R "$owner" "$2"
    fi
    # shellcheck disable=SC2016
    (cd / && $PG_AS sh -c 'mkdir -p "$1/data" && chmod 700 "$1" "$1/data" && : >"$1/.probe" && rm "$1/.probe"' sh "$2") 2>/dev/null
}

service_places() {
    if [ "$1" = demo ]; then PLACE=$DATA; else PLACE=$DATA/$1; fi
    mkdir -p "$PLACE"
    elsewhere=/var/lib/hocbaso/$CHECKOUT_ID/$1
    if [ "$(id -u)" -ne 0 ]; then
        pg_works direct "$PLACE/pg" || die "PostgreSQL cannot write to $PLACE/pg."
    elif [ -d "$elsewhere/data" ]; then
        pg_works unshare "$elsewhere" || pg_works setpriv "$elsewhere" || die "PostgreSQL cannot write to $elsewhere."
    elif ! pg_works unshare "$PLACE/pg" && ! pg_works setpriv "$PLACE/pg"; then
        rmdir "$PLACE/pg/data" "$PLACE/pg" 2>/dev/null || true
        (umask 022 && mkdir -p "$elsewhere")
        pg_works setpriv "$elsewhere" || die "PostgreSQL can be run neither in a user namespace nor as the user postgres."
    fi
    PG_DATA=$PG_HOME/data
    PG_SOCKET=$(socket_folder "$PG_HOME/sock" "$1-pg" "$(stat -c %u "$PG_HOME")")
    REDIS_DIR=$PLACE/redis${2:+-$2}
    mkdir -p "$REDIS_DIR"
    REDIS_SOCKET=$(socket_folder "$REDIS_DIR" "${REDIS_DIR##*/}-$1" "$(id -u)")/redis.sock
}

# A socket's path must be shorter than 108 bytes, and PostgreSQL's setting takes no comma: else the socket lies in /tmp,
# in a folder that nobody but its owner can enter (and that nobody could have laid there for us).
socket_folder() {
    folder=$1
    case $folder in *[,\"\']*) folder= ;; esac
    if [ -z "$folder" ] || [ "$(printf %s "$folder" | wc -c)" -gt 88 ]; then folder=/tmp/hocbaso-$CHECKOUT_ID-$2; fi
    if [ ! -d "$folder" ] || [ -L "$folder" ]; then
        mkdir -m 700 "$folder"
        if [ "$(id -u)" -ne "$3" ]; then chown "$3" "$folder"; fi
    fi
    [ "$(stat -c %u "$folder")" = "$3" ] || die "$folder belongs to another user."
    chmod 700 "$folder"
    echo "$folder"
}

# -- PostgreSQL ------------------------------------------------------------------------------------------------------
# The process in postmaster.pid, if it really is this cluster's: process ids are used again after a crash.
pg_pid() {
    pid=$(head -n 1 "$PG_DATA/postmaster.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$PG_DATA" ]; then echo "$pid"; fi
}

# pg_sql KIND PART DATABASE: runs a part of the set-up on the stopped cluster, in single-user mode. The superuser has no
# password, and pg_hba.conf no line for it: it exists only here.
pg_sql() {
    tool sql "$1" "$2" "$ENV_FILE" | (cd / && $PG_AS "$PG_BIN/postgres" --single -D "$PG_DATA" "$3") \
        >"$LOGS/postgres-setup.log" 2>&1 6>&- 8>&- 9>&- || return 1
    ! grep -qE 'ERROR|FATAL|PANIC' "$LOGS/postgres-setup.log"
}

pg_processes() { tool processes "$PG_DATA" --name postgres; }

# pg_ready TENTHS: waits for it, as long as it lives
pg_ready() {
    tries=0
    until "$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -t 1; do
        tries=$((tries + 1))
        if [ $tries -gt "$1" ] || { [ $tries -gt 5 ] && [ -z "$(pg_processes)" ]; }; then return 1; fi
        sleep 0.1
    done
}

pg_configure() { # KIND
    grep -qs "hocbaso.conf" "$PG_DATA/postgresql.conf" || echo "include_if_exists = 'hocbaso.conf'" >>"$PG_DATA/postgresql.conf"
    {
        echo "# Written by ./run at every start."
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$PG_SOCKET'"
        echo "unix_socket_permissions = 0700"
        echo "port = 5432"
        echo "max_connections = 100"
        echo "log_line_prefix = '%m [%p] %u@%d '"
        if [ "$1" = test ]; then
            # A worker of autovacuum in a database that is to be dropped belongs to nobody, and stands in the way.
            printf '%s\n' "fsync = off" "synchronous_commit = off" "full_page_writes = off" "max_wal_size = 2GB" \
                "autovacuum = off"
        fi
    } >"$PG_DATA/hocbaso.conf"
    {
        echo "# Written by ./run: two roles, by password, by the unix socket, and nobody else."
        echo "local all hocbaso_owner scram-sha-256"
        echo "local all hocbaso_app scram-sha-256"
    } >"$PG_DATA/pg_hba.conf"
    # Written by us, read by the server's user; only root is ever another user than the server.
    if [ "$(id -u)" -eq 0 ]; then
        chown --reference="$PG_HOME" "$PG_DATA/postgresql.conf" "$PG_DATA/hocbaso.conf" "$PG_DATA/pg_hba.conf"
    fi
}

pg_create() { # KIND
    say "New PostgreSQL cluster / Tạo cơ sở dữ liệu ($1)"
    PG_BIN=$(postgres_folder)
    [ -n "$PG_BIN" ] || die "No PostgreSQL server programs found."
    rm -rf "$PG_DATA" "$PG_HOME/passwords"
    # "reject" is only for the moment: pg_configure writes the real rules.
    (cd / && $PG_AS "$PG_BIN/initdb" -D "$PG_DATA" -U postgres -E UTF8 --locale=C.UTF-8 --auth=reject --no-sync --no-instructions) \
        >"$LOGS/postgres-setup.log" 2>&1 6>&- 8>&- 9>&- || { cat "$LOGS/postgres-setup.log" >&2; die "initdb failed."; }
    pg_configure "$1"
    {
        pg_sql "$1" roles postgres &&
            { [ "$1" != test ] || pg_sql "$1" inside template1; } &&
            pg_sql "$1" database postgres &&
            pg_sql "$1" inside hocbaso
    } || { cat "$LOGS/postgres-setup.log" >&2; die "The database could not be prepared."; }
    sync
    # Only now is the cluster whole; without this file it is made again.
    : >"$PG_HOME/complete"
}

start_postgres() { # KIND
    words=$(tool sql "$1" passwords "$ENV_FILE" | sha256sum)
    if [ -n "$(pg_pid)" ] && [ -e "$PG_HOME/complete" ]; then
        PG_BIN=$(postgres_folder "$(cat "$PG_DATA/PG_VERSION")")
        if [ "$(cat "$PG_HOME/passwords" 2>/dev/null)" != "$words" ]; then
            stop_postgres
        elif pg_ready 600; then
            return 0
        fi
    fi
    # After a crash children may still hold the shared memory. With them gone, what the lock files say is void,
    # whoever has their process ids today.
    for pid in $(pg_processes); do kill -QUIT "$pid" 2>/dev/null || true; done
    for pid in $(pg_processes); do gone "$pid" 100 || kill -KILL "$pid" 2>/dev/null || true; done
    rm -f "$PG_DATA/postmaster.pid" "$PG_SOCKET/.s.PGSQL.5432" "$PG_SOCKET/.s.PGSQL.5432.lock"

    if [ ! -e "$PG_HOME/complete" ]; then pg_create "$1"; fi
    version=$(cat "$PG_DATA/PG_VERSION")
    PG_BIN=$(postgres_folder "$version")
    if [ -z "$PG_BIN" ]; then
        [ "$1" = test ] || die "$PG_DATA was made by PostgreSQL $version, which is not installed. Install postgresql-$version, or move .data away to begin anew."
        rm -f "$PG_HOME/complete"
        pg_create "$1"
    fi
    pg_configure "$1"
    # New passwords in the environment file (somebody removed it, say) become the cluster's.
    if [ "$(cat "$PG_HOME/passwords" 2>/dev/null)" != "$words" ]; then
        pg_sql "$1" passwords postgres || { cat "$LOGS/postgres-setup.log" >&2; die "The passwords of the database could not be set."; }
        echo "$words" >"$PG_HOME/passwords"
    fi
    # shellcheck disable=SC2086
    (cd / && exec $PG_AS setsid "$PG_BIN/postgres" -D "$PG_DATA") </dev/null >>"$LOGS/postgres-$1.log" 2>&1 6>&- 8>&- 9>&- &
    pg_ready 600
}

stop_postgres() {
    pid=$(pg_pid)
    [ -n "$pid" ] || return 0
    kill -INT "$pid" 2>/dev/null || true
    gone "$pid" 200 || { kill -QUIT "$pid" 2>/dev/null || true; gone "$pid" 50 || true; }
}

# -- Redis -----------------------------------------------------------------------------------------------------------
redis_pid() {
    pid=$(cat "$REDIS_DIR/redis.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$REDIS_DIR" ]; then echo "$pid"; fi
}

redis_answers() { [ "$(redis-cli -s "$REDIS_SOCKET" ping 2>/dev/null)" = PONG ]; }

start_redis() { # KIND
    if [ -n "$(redis_pid)" ] && redis_answers; then return; fi
    for pid in $(tool processes "$REDIS_DIR" --name redis-server); do kill -KILL "$pid" 2>/dev/null || true; done
    {
        echo "# Written by ./run at every start."
        echo "port 0"
        echo "unixsocket \"$REDIS_SOCKET\""
        echo "unixsocketperm 700"
        echo "dir \"$REDIS_DIR\""
        echo "daemonize no"
        echo "databases 64"
        if [ "$1" = test ]; then echo 'save ""'; else echo "save 300 1"; fi
        echo "stop-writes-on-bgsave-error no"
    } >"$REDIS_DIR/redis.conf"
    (cd / && exec setsid redis-server "$REDIS_DIR/redis.conf") </dev/null >>"$LOGS/redis-$1.log" 2>&1 6>&- 8>&- 9>&- &
    echo $! >"$REDIS_DIR/redis.pid"
    tries=0
    until redis_answers; do
        tries=$((tries + 1))
        if [ $tries -gt 100 ]; then tail -n 5 "$LOGS/redis-$1.log" >&2; die "Redis does not answer."; fi
        sleep 0.1
    done
}

stop_redis() {
    pid=$(redis_pid)
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        gone "$pid" 100 || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$REDIS_DIR/redis.pid"
}

# -- Both ------------------------------------------------------------------------------------------------------------
start_services() { # KIND; service_places and the environment file come first
    if ! start_postgres "$1"; then
        # The test cluster runs without fsync: after a power cut it may be past repair, and it holds nothing of value.
        if [ "$1" != test ]; then
            tail -n 15 "$LOGS/postgres-$1.log" >&2
            die "PostgreSQL did not start (whole log: .data/log/postgres-$1.log)."
        fi
        rm -f "$PG_HOME/complete"
        start_postgres "$1" || { tail -n 15 "$LOGS/postgres-$1.log" >&2; die "PostgreSQL did not start."; }
    fi
    start_redis "$1"
}

stop_services() {
    stop_redis
    stop_postgres
}
