# Sourced by ./run: Debian packages and the Python environment.

# shellcheck disable=SC2034  # used by the other parts
SERVER_PACKAGES="python3-venv postgresql redis-server libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore"
# shellcheck disable=SC2034
TEST_PACKAGES="chromium poppler-utils age rsync"
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

# .venv works if it lies where it was made (a copied checkout's programs would run the other one's) and its Python is
# still the one it was made with (not after an upgrade of Debian).
virtual_environment_works() {
    grep -qsF "$ROOT/.venv" .venv/bin/activate || return 1
    version=$(.venv/bin/python -c 'import ssl, subprocess, sys; assert sys.version_info >= (3, 11); print("%d.%d." % sys.version_info[:2])' 2>/dev/null) || return 1
    grep -qsE "^version(_info)? = $version" .venv/pyvenv.cfg
}

# virtual_environment server|dev
virtual_environment() {
    wanted="$(cat requirements.lock requirements-dev.lock pyproject.toml | cksum) $ROOT $UV_VERSION"
    for group in "$1" dev; do
        if [ "$(cat "$DATA/venv.$group" 2>/dev/null)" = "$wanted" ] && [ -x .venv/bin/python ]; then return 0; fi
    done
    rm -f "$DATA/venv.server" "$DATA/venv.dev"

    if ! virtual_environment_works; then
        python=$(base_python) || die "Python 3.11 or newer with its venv module is needed (Debian: python3-venv)."
        say "Python environment in .venv / Môi trường Python"
        rm -rf .venv
        "$python" -m venv .venv
    fi
    if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
        # From an environment that uv itself made, uv would take pip and uv away again.
        sed -i '/^uv = /d' .venv/pyvenv.cfg
        if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then quietly pip-install .venv/bin/python -m ensurepip; fi
        quietly uv-install .venv/bin/python -m pip install --disable-pip-version-check "uv==$UV_VERSION"
    fi
    say "Python packages / Gói Python"
    install_locked "$1" >"$LOGS/python-packages.log" 2>&1 || {
        tail -n 20 "$LOGS/python-packages.log" >&2
        die "The Python packages could not be installed (whole log: .data/log/python-packages.log)."
    }
    echo "$wanted" >"$DATA/venv.$1"
}

# The locks hold versions and hashes, no addresses: whatever index is configured on the machine serves, for uv or for pip
# alone. The demo does not take away what a developer's tests need; the tests want exactly what is locked.
install_locked() {
    export UV_NO_PROGRESS=1 VIRTUAL_ENV="$ROOT/.venv"
    if [ "$1" = dev ]; then
        .venv/bin/uv pip sync --require-hashes requirements-dev.lock && return
        set -- requirements-dev.lock
    else
        .venv/bin/uv pip install --no-deps --require-hashes -r requirements.lock && return
        set -- requirements.lock
    fi
    echo "uv could not install them; trying pip"
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip
    .venv/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r "$1"
}
