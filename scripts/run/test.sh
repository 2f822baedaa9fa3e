# Sourced by ./run: every check in the order of CI, against a PostgreSQL and a Redis of their own (.data/test).

# Several runs in one checkout may go on at once (a developer's and an editor's). Each makes databases of its own in the
# one PostgreSQL (tests/conftest.py) and takes a slot with a Redis of its own; the last one to leave stops PostgreSQL.
test_ground() {
    mkdir -p "$DATA/test"
    one_at_a_time
    # shellcheck disable=SC2086
    packages $SERVER_PACKAGES $TEST_PACKAGES
    virtual_environment dev
    exec 8>"$DATA/test/in-use"
    flock -s 8
    slot=0
    while exec 6>"$DATA/test/slot-$slot" && ! flock -n 6; do slot=$((slot + 1)); done
    service_places test $slot
    ENV_FILE=$DATA/test/test.env
    if [ $slot -gt 0 ]; then ENV_FILE=$DATA/test/test-$slot.env; fi
    tool environment test "$ENV_FILE" --secrets-from "$DATA/test/test.env" --data "$DATA/test" \
        --pg-socket "$PG_SOCKET" --redis-socket "$REDIS_SOCKET" --port 8000 --bind 127.0.0.1
    start_services test
    exec 9>&-
    trap leave_test_ground EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    load "$ENV_FILE"
    export PATH="$ROOT/.venv/bin:$PATH"
}

leave_test_ground() {
    stop_redis
    if flock -n -x 8; then stop_postgres; fi
}

check() { # NAME COMMAND...: one line when it holds, the output when it does not
    check_name=$1
    shift
    started=$(date +%s)
    if "$@" >"$LOGS/check.log" 2>&1; then
        say "ok    $check_name ($(($(date +%s) - started)) s)"
    else
        cat "$LOGS/check.log"
        say "FAIL  $check_name:  $*"
        failed="$failed $check_name"
    fi
}

# Django's own list for production, with settings as production has them.
deploy_holds() {
    env HOCBASO_DEMO=off HOCBASO_HTTPS=on HOCBASO_SECOND_FACTOR=on HOCBASO_DATABASE_ROLE=app HOCBASO_TRUSTED_PROXIES=1 \
        HOCBASO_ALLOWED_HOSTS=hocba.example.vn HOCBASO_ORIGINS=https://hocba.example.vn \
        HOCBASO_EMAIL_URL=smtp://localhost:25 python manage.py check --deploy --fail-level WARNING
}

# What schools will quarrel about: no branch of the rules that no test of theirs has gone through, without a database.
rules_are_tried() {
    export COVERAGE_FILE="$DATA/test/coverage"
    python -m coverage run --branch --source=records/rules,schools/rules -m pytest --noconftest -q -p no:randomly \
        -p no:cacheprovider tests/records/rules tests/schools/rules &&
        python -m coverage report --show-missing --skip-covered --fail-under=100
}

run_checks() {
    test_ground
    failed=
    check lock python scripts/lock.py --check
    check format ruff format --check .
    check lint ruff check .
    check imports lint-imports
    check types mypy
    check migrations python manage.py makemigrations --check --dry-run
    check rules rules_are_tried
    say "--    tests (pytest, journeys in Chromium included)"
    python -m pytest -n 2 8>&- || failed="$failed tests"
    check deploy deploy_holds
    if [ -n "$failed" ]; then
        say "Not all checks hold / Chưa đạt:$failed"
        exit 1
    fi
    say "All checks hold / Mọi kiểm tra đều đạt"
}

run_pytest() {
    test_ground
    status=0
    python -m pytest "$@" 8>&- || status=$?
    exit $status
}
