# Sourced by ./run: measuring, in a PostgreSQL and a Redis of their own (.data/bench) that are kept as production's are.

bench() {
    one_at_a_time
    # shellcheck disable=SC2086
    packages $SERVER_PACKAGES
    virtual_environment server
    mkdir -p "$DATA/bench"
    exec 8>"$DATA/bench/in-use"
    flock -n 8 || die "Another ./run bench is measuring in this checkout / Một lệnh ./run bench khác đang đo."
    service_places bench
    ENV_FILE=$DATA/bench/bench.env
    tool environment bench "$ENV_FILE" --data "$DATA/bench" --pg-socket "$PG_SOCKET" --redis-socket "$REDIS_SOCKET" \
        --port 8000 --bind 127.0.0.1
    start_services bench
    exec 9>&-
    trap stop_services EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    load "$ENV_FILE"
    static_files "$DATA/bench"
    status=0
    .venv/bin/python manage.py bench "$@" 8>&- || status=$?
    exit $status
}
