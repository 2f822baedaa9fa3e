# Sourced by ./run: Debian packages and the Python environment.

# shellcheck disable=SC2034  # used by the other parts
SERVER_PACKAGES="python3-venv postgresql redis-server libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore"
# shellcheck disable=SC2034
TEST_PACKAGES="chromium"
UV_VERSION=0.13.9

# packages NAME...: installs those that are missing; asks apt nothing when none is.
packages() {
    if ! command -v dpkg-query >/dev/null; then
        command -v redis-server >/dev/null && [ -n "$(postgres_folder)" ] && return
        die "This is not Debian. Please install PostgreSQL 15 or newer, Redis 7 or newer, Python 3.11 or newer and Pango."
    fi
    missing=
    for package; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing="$missing $package"
        fi
    done
    [ -n "$missing" ] || return 0
    say "Installing Debian packages / Đang cài gói Debian:$missing"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null || die "Neither root nor sudo. As root, please run:  apt-get install$missing"
    fi
    # shellcheck disable=SC2086  # a list of words
    $as_root sh "$ROOT/scripts/run/packages.sh" $missing >"$LOGS/packages.log" 2>&1 8>&- 9>&- || {
        tail -n 20 "$LOGS/packages.log" >&2
        die "The packages could not be installed (whole log: .data/log/packages.log)."
    }
}

# The Python that makes .venv: Debian's own before any other of the PATH, so that everyone gets the same.
base_python() {
    for candidate in /usr/bin/python3 python3; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

python_minor() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

# virtual_environment server|dev
virtual_environment() {
    wanted="$(cat uv.lock pyproject.toml | cksum) $ROOT $UV_VERSION"
    for group in "$1" dev; do
        if [ "$(cat "$DATA/venv.$group" 2>/dev/null)" = "$wanted" ] && [ -x .venv/bin/python ]; then return 0; fi
    done
    rm -f "$DATA/venv.server" "$DATA/venv.dev"

    python=$(base_python) || die "Python 3.11 or newer with its venv module is needed (Debian: python3-venv)."
    if [ -e .venv ]; then
        # Copied from another checkout, or made by a Python that is gone: its programs would run something else.
        if ! grep -qsF "$ROOT/.venv" .venv/bin/activate || [ "$(python_minor .venv/bin/python)" != "$(python_minor "$python")" ]; then
            rm -rf .venv
        fi
    fi
    if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
        say "Python environment in .venv ($(python_minor "$python")) / Môi trường Python"
        "$python" -m venv .venv
        quietly uv-install .venv/bin/python -m pip install --disable-pip-version-check "uv==$UV_VERSION"
    fi
    say "Python packages of uv.lock / Gói Python"
    # The demo must not take away what a developer's tests need; the tests want exactly what is locked.
    if [ "$1" = dev ]; then groups=; else groups="--no-dev --inexact"; fi
    # shellcheck disable=SC2086
    if ! UV_PROJECT_ENVIRONMENT=.venv UV_NO_PROGRESS=1 .venv/bin/uv sync --frozen --no-python-downloads $groups \
        >"$LOGS/uv-sync.log" 2>&1; then
        packages_by_pip
    fi
    echo "$wanted" >"$DATA/venv.$1"
}

# The addresses in uv.lock are PyPI's. Where only a mirror can be reached, and it is configured for pip or uv in the
# environment, the same versions come from there: the hashes of uv.lock are checked all the same.
packages_by_pip() {
    say "uv could not install them; trying the package index configured on this machine"
    # shellcheck disable=SC2086
    .venv/bin/uv export --frozen --quiet --no-emit-project ${groups%--inexact} --output-file "$DATA/requirements.txt" \
        >>"$LOGS/uv-sync.log" 2>&1 || uv_failed
    if [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}${UV_INDEX:-}" ]; then
        set -- .venv/bin/uv pip install --python .venv/bin/python --no-progress
    else
        set -- .venv/bin/python -m pip install --disable-pip-version-check
    fi
    "$@" --no-deps --require-hashes -r "$DATA/requirements.txt" >>"$LOGS/uv-sync.log" 2>&1 || uv_failed
}

uv_failed() {
    tail -n 20 "$LOGS/uv-sync.log" >&2
    die "The Python packages could not be installed (whole log: .data/log/uv-sync.log)."
}
