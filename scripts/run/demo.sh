# Sourced by ./run: the demo – web server, worker, their start and stop – and manage.py.

# What the running demo was made from; when none of it changed, a second ./run demo has nothing to do.
CODE="hocbaso schools records templates static manage.py pyproject.toml requirements.lock run scripts/run"

one_at_a_time() {
    exec 9>"$DATA/lock"
    flock -n 9 && return
    say "Another ./run is at work in this checkout; waiting / Đang chờ một lệnh ./run khác"
    flock 9
}

# -- The demo's processes --------------------------------------------------------------------------------------------
# A process is ours when its id is in our file, it works in this checkout, and it is the program we started.
process() { # NAME: prints the id
    pid=$(cat "$PIDS/$1.pid" 2>/dev/null || true)
    [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$ROOT" ] || return 0
    case $1 in web) program=gunicorn ;; *) program=celery ;; esac
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$program"; then echo "$pid"; fi
}

start_process() { # NAME COMMAND...
    name=$1
    shift
    if [ -s "$LOGS/$name.log" ]; then mv -f "$LOGS/$name.log" "$LOGS/$name.log.1"; fi
    (exec setsid "$@") </dev/null >"$LOGS/$name.log" 2>&1 6>&- 8>&- 9>&- &
    echo $! >"$PIDS/$name.pid"
}

# Each was started as the leader of its own process group, so its children are known even when it was killed itself.
stop_process() { # NAME
    pid=$(process "$1")
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        gone "$pid" 150 || true
    fi
    leader=$(cat "$PIDS/$1.pid" 2>/dev/null || true)
    [ -n "$leader" ] || return 0
    for pid in $(tool processes "$ROOT" --group "$leader"); do kill -KILL "$pid" 2>/dev/null || true; done
    rm -f "$PIDS/$1.pid"
}

# -- The port --------------------------------------------------------------------------------------------------------
# Asked for by name: that one or none. Otherwise the last one, or 8000, or the next free one.
choose_port() {
    running=$(cat "$PIDS/port" 2>/dev/null || true)
    if [ -n "$running" ] && [ "${ASKED_PORT:-$running}" = "$running" ] && [ -n "$(process web)" ]; then
        PORT=$running
        return
    fi
    if [ -n "$ASKED_PORT" ]; then
        case $ASKED_PORT in *[!0-9]*) die "HOCBASO_PORT must be a number, not '$ASKED_PORT'." ;; esac
        PORT=$(tool free-port "$BIND" "$ASKED_PORT" --exact) ||
            die "Port $ASKED_PORT (HOCBASO_PORT) is taken or not allowed / Cổng $ASKED_PORT đang được dùng."
    else
        PORT=$(tool free-port "$BIND" "${running:-8000}") || die "No free port from ${running:-8000} on."
    fi
}

address() {
    case $BIND in 0.0.0.0 | ::) echo "http://127.0.0.1:$PORT/" ;; *) echo "http://$BIND:$PORT/" ;; esac
}

# -- Commands --------------------------------------------------------------------------------------------------------
# Everything that manage.py needs: packages, environment file, database, Redis.
demo_ground() {
    # shellcheck disable=SC2086
    packages $SERVER_PACKAGES
    virtual_environment server
    service_places demo
    ENV_FILE=$DATA/demo.env
    PORT=${PORT:-$(cat "$PIDS/port" 2>/dev/null || echo 8000)}
    tool environment demo "$ENV_FILE" --data "$DATA" --pg-socket "$PG_SOCKET" --redis-socket "$REDIS_SOCKET" \
        --port "$PORT" --bind "$BIND" --hosts "$HOSTS"
    start_services demo
}

static_files() { # FOLDER: collects them in FOLDER/static, if they changed
    # shellcheck disable=SC2086
    static=$(tool fingerprint static requirements.lock)
    [ "$(cat "$1/static.of" 2>/dev/null)" != "$static" ] || return 0
    quietly collectstatic .venv/bin/python manage.py collectstatic --noinput --clear
    echo "$static" >"$1/static.of"
}

demo() {
    begin=$(date +%s)
    one_at_a_time
    for name in web worker; do
        if [ -z "$(process $name)" ]; then stop_process $name; fi
    done
    choose_port
    # shellcheck disable=SC2086
    now="$(tool fingerprint $CODE) $ROOT $BIND $PORT $HOSTS"
    if [ "$(cat "$PIDS/demo" 2>/dev/null)" = "$now" ] && [ -n "$(process web)" ] && [ -n "$(process worker)" ] &&
        tool answers "$(address)readyz" 2>/dev/null; then
        announce
        return
    fi
    rm -f "$PIDS/demo"

    demo_ground
    load "$ENV_FILE"
    say "Database tables and demo data / Bảng dữ liệu và dữ liệu mẫu"
    quietly migrate env HOCBASO_DATABASE_ROLE=owner .venv/bin/python manage.py migrate --noinput
    static_files "$DATA"
    quietly demo .venv/bin/python manage.py demo
    if [ -s "$LOGS/demo.log" ]; then cp "$LOGS/demo.log" "$DATA/accounts.txt"; fi

    say "Web server and worker / Máy chủ web và tiến trình nền"
    stop_process web
    stop_process worker
    echo "$PORT" >"$PIDS/port"
    start_process web .venv/bin/gunicorn hocbaso.wsgi:application --bind "$BIND:$PORT" --workers 3 \
        --timeout 60 --limit-request-line 0 --no-control-socket
    start_process worker .venv/bin/celery -A hocbaso worker -B -s "$DATA/beat-schedule" --concurrency 2 \
        --loglevel INFO --without-gossip --without-mingle
    tenths=0
    until tool answers "$(address)readyz" 2>"$LOGS/ready.log"; do
        tenths=$((tenths + 3))
        if [ -z "$(process web)" ] || [ $tenths -gt 600 ]; then
            tail -n 20 "$LOGS/web.log" >&2
            cat "$LOGS/ready.log" >&2
            die "The web server does not answer (whole log: .data/log/web.log)."
        fi
        sleep 0.3
    done
    tenths=0
    until grep -qs ' ready\.$' "$LOGS/worker.log"; do
        tenths=$((tenths + 3))
        if [ -z "$(process worker)" ] || [ $tenths -gt 600 ]; then
            tail -n 20 "$LOGS/worker.log" >&2
            die "The worker did not start (whole log: .data/log/worker.log)."
        fi
        sleep 0.3
    done
    echo "$now" >"$PIDS/demo"
    say "Ready after $(($(date +%s) - begin)) s / Sẵn sàng"
    announce
}

announce() {
    if [ -s "$DATA/accounts.txt" ]; then
        say ""
        cat "$DATA/accounts.txt"
    fi
    say ""
    say "Open / Mở:   $(address)"
    say "Stop / Dừng: ./run stop"
}

stop() {
    one_at_a_time
    stop_process web
    stop_process worker
    rm -f "$PIDS/demo"
    if [ -d "$DATA/redis" ]; then
        service_places demo
        stop_services
    fi
    if [ -d "$DATA/bench/redis" ] && flock -n "$DATA/bench/in-use" true; then
        # What a killed measurement left behind.
        service_places bench
        stop_services
    fi
    if [ -d "$DATA/test/pg" ] && ! flock -n "$DATA/test/in-use" true; then
        say "Tests are running; their servers stop with them / Kiểm tra đang chạy"
    else
        # What a killed test run left behind.
        for folder in "$DATA"/test/redis-*; do
            [ -d "$folder" ] || continue
            service_places test "${folder##*-}"
            stop_services
        done
    fi
    say "Stopped / Đã dừng."
}

manage() {
    [ $# -gt 0 ] || set -- help
    one_at_a_time
    demo_ground
    exec 9>&-
    load "$ENV_FILE"
    # The app's role may not change tables; these commands do nothing else.
    case $1 in migrate | flush | createcachetable) HOCBASO_DATABASE_ROLE=owner ;; esac
    # shellcheck disable=SC2034  # exported by load
    if [ -n "$ASKED_ROLE" ]; then HOCBASO_DATABASE_ROLE=$ASKED_ROLE; fi
    exec .venv/bin/python manage.py "$@"
}
