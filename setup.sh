#!/bin/sh
# Set up what is missing, then become the command given:  ./setup.sh run|test|notebooks [COMMAND ...]
#
#   run         system packages, virtual environment from requirements.lock, what the map needs in the browser
#   test        the same from requirements-dev.lock, a browser for the pictures, and the programs of GDAL that ask the service
#   notebooks   the same as run from requirements-notebooks.lock, which has JupyterLab
#
# What was done is stamped by the hash of its input, so a second start only compares hashes.
# The full output of every step goes to .local/setup.log; a failing step shows the end of it.
set -u
unset PYTHONDONTWRITEBYTECODE

main() {
    for_what=$1
    shift
    mkdir -p .local || exit 1
    trap interrupted INT TERM
    one_at_a_time
    provide_packages
    provide_environment
    provide_project
    provide_assets
    exec 8>&- 9>&-
    [ $# -eq 0 ] || exec "$@"
}

# --- Steps and words ------------------------------------------------------------------------------------------------

# To the terminal, wherever a step's own output goes.
exec 8>&2
say() { printf '%s\n' "$*" >&8; }

fail() {
    say "$@"
    exit 1
}

# Run a command quietly: step NAME COMMAND ...
# In the background, so that Ctrl-C and SIGTERM are answered at once and not when pip has finished.
step() {
    name=$1
    shift
    began=$(date +%s)
    printf '%s … ' "$name" >&8
    printf '\n== %s: %s\n' "$(date)" "$name" >>.local/setup.log
    "$@" >>.local/setup.log 2>&1 8>&- 9>&- &
    child=$!
    wait "$child" || failed_step "$name"
    child=
    say "done in $(($(date +%s) - began)) s"
}

failed_step() {
    say "failed. The end of .local/setup.log:"
    # From the heading of this step on, long lines cut.
    tail -n 200 .local/setup.log | awk '/^== /{text = ""} {text = text substr("    " $0, 1, 200) "\n"} END {printf "%s", text}' | tail -n 25 >&8
    fail "Set-up stopped at: $1. Start it again when the cause is gone; what was done before is kept."
}

# Leave without an error, so that make adds no trace of its own.
interrupted() {
    trap '' INT TERM
    [ -z "${child-}" ] || kill "$child" 2>/dev/null
    wait
    say "
Set-up stopped; the next start goes on from here."
    exit 0
}

# Two terminals may start at once; the second one waits. Without flock (not Linux) this is the user's care.
one_at_a_time() {
    command -v flock >/dev/null || return 0
    exec 9>.local/setup.lock
    flock -n 9 && return
    say "Another set-up is at work here; waiting for it."
    flock 9
}

hash_of() {
    { if command -v sha256sum >/dev/null; then cat "$@" | sha256sum; else cat "$@" | shasum -a 256; fi; pwd; } | tr -d ' \n-'
}

# --- System packages ------------------------------------------------------------------------------------------------

provide_packages() {
    lacking=
    find_python || lacking="$lacking python"
    [ -n "${QUYHOACH_DATABASE_URL-}" ] || has_postgis || lacking="$lacking postgis"
    [ "$for_what" != test ] || has_browser || lacking="$lacking browser"
    [ "$for_what" != test ] || has_gdal || lacking="$lacking gdal"
    [ -n "$lacking" ] || return 0
    command -v apt-get >/dev/null || fail_without_apt
    install_packages
    find_python || fail "No Python 3.11 or newer with the venv module was found, even after installing it."
    [ -n "${QUYHOACH_DATABASE_URL-}" ] || has_postgis || fail "PostgreSQL with PostGIS was not found, even after installing it."
}

# Set $python to a Python 3.11 or newer that can make virtual environments.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    return 1
}

has_postgis() {
    for server in /usr/lib/postgresql/*/bin/postgres; do
        version=${server#/usr/lib/postgresql/}
        [ -x "$server" ] && [ -e "/usr/share/postgresql/${version%%/*}/extension/postgis.control" ] && return
    done
    for config in "$(command -v pg_config)" /usr/pgsql-*/bin/pg_config /opt/homebrew/opt/postgresql*/bin/pg_config; do
        [ -x "$config" ] && [ -x "$("$config" --bindir)/postgres" ] && [ -e "$("$config" --sharedir)/extension/postgis.control" ] && return
    done
    return 1
}

# A browser, and what the program that steers it is linked to. Where there is none the pictures are skipped by the tests:
# without apt, and on Ubuntu, whose only browser is a snap that neither a container nor a service can use.
has_browser() {
    command -v apt-get >/dev/null && ! grep -qs '^ID=ubuntu' /etc/os-release || return 0
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || return 1
    for library in /usr/lib/*/libatomic.so.1; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}

# Without apt the tests that need them are skipped.
has_gdal() {
    command -v ogr2ogr >/dev/null || ! command -v apt-get >/dev/null
}

install_packages() {
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || fail_without_root
    as_root true || fail_without_root
    step "Package lists" as_root apt-get update -o DPkg::Lock::Timeout=120
    packages=$(packages_for "$lacking") || exit 1
    # shellcheck disable=SC2086
    packages=$(not_installed $packages)
    say "Missing system packages:$packages"
    # In the foreground: apt must come to an end by itself, a killed dpkg leaves the system half configured.
    printf 'Installing them with apt … ' >&8
    began=$(date +%s)
    # shellcheck disable=SC2086
    as_root sh "$PWD/setup.sh" apt $packages >>.local/setup.log 2>&1 8>&- 9>&- || {
        [ $? -ne 130 ] || interrupted
        failed_step "apt-get install$packages"
    }
    say "done in $(($(date +%s) - began)) s"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# By names that every release knows, for the lists of packages may not have been fetched yet.
fail_without_root() {
    say "System packages are missing, and they need the rights of root. As root, once:"
    names=$(echo "$lacking" | sed 's/python/python3-venv/; s/postgis/postgresql-postgis/; s/browser/chromium libatomic1/; s/gdal/gdal-bin/')
    say "    apt-get update && apt-get install --no-install-recommends$names"
    fail "(on Ubuntu 22.04 python3.11-venv in place of python3-venv)"
}

# Name the packages for what is lacking, as this release calls them.
packages_for() {
    for lack in $1; do
        case $lack in
        python) python_package || exit 1 ;;
        postgis) postgis_packages || exit 1 ;;
        browser) printf ' chromium libatomic1' ;;
        gdal) printf ' gdal-bin' ;;
        esac
    done
}

not_installed() {
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
    done
}

# It brings the Python it is for.
python_package() {
    with_venv=$(newest '^python3\.1[1-9]-venv$')
    [ -n "$with_venv" ] || fail "No package python3.11-venv or newer is on offer; on Ubuntu enable universe and updates, then start again."
    printf ' %s' "$with_venv"
}

# PostGIS for a PostgreSQL that is there already, otherwise the newest on offer.
postgis_packages() {
    major=
    for server in $(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -rV); do
        major=${server#/usr/lib/postgresql/}
        major=${major%%/*}
        [ -z "$(newest "^postgresql-$major-postgis-3\$")" ] || break
        major=
    done
    with_postgis=$(newest "^postgresql-${major:-[0-9]+}-postgis-3\$")
    [ -n "$with_postgis" ] || fail "No package postgresql-NN-postgis-3 is on offer; on Ubuntu enable universe, then start again."
    printf ' %s %s' "${with_postgis%-postgis-3}" "$with_postgis"
}

# Newest package whose name matches.
newest() {
    apt-cache search --names-only "$1" | cut -d' ' -f1 | sort -V | tail -n 1
}

# As root: install without the default database cluster and service that the packages would make for themselves.
apt_install() {
    no_cluster=/etc/postgresql-common/createcluster.d/quyhoach.conf
    trap 'rm -f "$no_cluster"; rmdir "${no_cluster%/*}" 2>/dev/null' EXIT
    trap 'exit 130' INT TERM  # without it the shell would be gone before it tidies up
    mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' >"$no_cluster"
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold "$@"
}

fail_without_apt() {
    say "This system is without apt, so its packages are yours to install:"
    case $(for tool in dnf zypper pacman apk brew; do command -v $tool; done | head -n 1) in
    */dnf) say "    sudo dnf install python3.12 postgresql-server postgis" ;;
    */zypper) say "    sudo zypper install python312 postgresql17-server postgresql17-postgis" ;;
    */pacman) say "    sudo pacman -S python postgresql postgis" ;;
    */apk) say "    apk add python3 postgresql17 postgis" ;;
    */brew) say "    brew install python@3.13 postgresql@17 postgis" ;;
    *) say "    Python 3.11 or newer with its venv module; PostgreSQL 14 or newer with PostGIS 3.2 or newer" ;;
    esac
    fail "Lacking here:$lacking. In place of a PostgreSQL on this machine, QUYHOACH_DATABASE_URL may name any PostGIS 3.3 or newer."
}

# --- Virtual environment --------------------------------------------------------------------------------------------

# What was provided for once is provided for again when the environment is made anew.
provide_environment() {
    run_key=$(hash_of requirements.lock)
    stages=$for_what
    if ! stamped run "$run_key" || ! .venv/bin/python -c pass 2>/dev/null; then
        for stage in test notebooks; do
            [ "$stage" = "$for_what" ] || [ ! -e ".venv/.$stage" ] || stages="$stages $stage"
        done
        step "Virtual environment" "$python" -m venv --clear .venv
    fi
    for stage in $stages; do
        provide_stage "$stage"
    done
}

# Each lock holds all of requirements.lock, so that whichever came first, what runs is there.
provide_stage() {
    case $1 in
    run) lock=requirements.lock key=$run_key ;;
    test) lock=requirements-dev.lock key=$(hash_of requirements.lock requirements-dev.lock) ;;
    notebooks) lock=requirements-notebooks.lock key=$(hash_of requirements.lock requirements-notebooks.lock) ;;
    esac
    stamped "$1" "$key" && return
    provide_pinned "$lock"
    stamp "$1" "$key"
    stamp run "$run_key"
}

stamped() { [ "$(cat ".venv/.$1" 2>/dev/null)" = "$2" ]; }

stamp() { printf '%s\n' "$2" >".venv/.$1"; }

# The lock is complete: nothing is resolved and nothing is built from source. The byte code is made on all processors,
# and here, because Python may be told to keep none (PYTHONDONTWRITEBYTECODE): then every start would compile anew.
provide_pinned() {
    step "Python packages ($(grep -c '^[a-z].*==' "$1") pinned in $1)" \
        .venv/bin/python -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes --only-binary :all: --no-compile -r "$1"
    # Some libraries carry files for other versions of Python, which are no reason to stop.
    step "Byte code" sh -c ".venv/bin/python -m compileall -q -j 0 .venv/lib || true"
}

provide_project() {
    key=$(hash_of pyproject.toml)
    stamped project "$key" && [ -x .venv/bin/quyhoach ] && return
    step "The project itself" \
        .venv/bin/python -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index -e .
    stamp project "$key"
}

# --- What the map needs in the browser ------------------------------------------------------------------------------

provide_assets() {
    [ -e gis/assets.py ] && [ -e package-lock.json ] || return 0
    key=$(hash_of package-lock.json)
    stamped assets "$key" && [ -d "${QUYHOACH_LOCAL_DIR:-.local}/assets" ] && return
    step "Map scripts and styles" env NODE_DISABLE_COMPILE_CACHE=1 .venv/bin/python -m gis.assets
    stamp assets "$key"
}

# --------------------------------------------------------------------------------------------------------------------

cd "$(dirname "$0")" || exit 1
case ${1-} in
run | test | notebooks) main "$@" ;;
apt)
    shift
    apt_install "$@"
    ;;
*) fail "usage: ./setup.sh run|test|notebooks [COMMAND ...]" ;;
esac
