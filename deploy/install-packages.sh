#!/bin/sh
# Installs the system packages Frontrow needs to start its own Redis and PostgreSQL, if they are
# missing and this user may install them; otherwise says in one line what to install.
#
# - With everything in place it does nothing, at once, and without the network.
# - No system service is started: Frontrow starts private servers when it needs them.
# - With the argument `site` it installs the browser too that the site is tested in, and with `ci`
#   also the linters of shell and Lua, which nobody needs to run Frontrow or to test it; with `chaos`
#   the library by which a process can be told a wrong time.
set -eu

for_site='' for_ci='' for_chaos=''
case "${1:-}" in
    "") ;;
    site) for_site=yes ;;
    ci) for_site=yes for_ci=yes ;;
    chaos) for_chaos=yes ;;
    *) echo "usage: $0 [site|ci|chaos]" >&2; exit 2 ;;
esac

REDIS_PACKAGE=redis-server
POSTGRES_PACKAGE=postgresql
SHELLCHECK_PACKAGE=shellcheck
LUACHECK_PACKAGE=lua-check
FAKETIME_PACKAGE=faketime
CHROMIUM_PACKAGE=chromium

has_redis() {
    for dir in $(echo "$PATH" | tr ':' ' ') /usr/local/bin /usr/bin /usr/sbin; do
        if [ -x "$dir/redis-server" ]; then return 0; fi
    done
    return 1
}

has_postgres() {
    # Debian keeps the programs of each major version off the PATH.
    for dir in /usr/lib/postgresql/*/bin $(echo "$PATH" | tr ':' ' '); do
        if [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && [ -x "$dir/psql" ]; then return 0; fi
    done
    return 1
}

has_faketime() {
    for library in /usr/lib/*/faketime/libfaketimeMT.so.1; do
        if [ -e "$library" ]; then return 0; fi
    done
    return 1
}

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/frontrow-installing.conf
mark="Placed by Frontrow's deploy/install-packages.sh, only while it installs packages."

# Sets `missing` to the packages that are.
look() {
    missing=
    if ! has_redis; then missing="$REDIS_PACKAGE"; fi
    if ! has_postgres; then
        missing="${missing:+$missing }$POSTGRES_PACKAGE"
    fi
    if [ -n "$for_chaos" ] && ! has_faketime; then
        missing="${missing:+$missing }$FAKETIME_PACKAGE"
    fi
    if [ -n "$for_site" ] && [ ! -x /usr/bin/chromium ]; then
        missing="${missing:+$missing }$CHROMIUM_PACKAGE"
    fi
    if [ -z "$for_ci" ]; then return; fi
    if ! command -v shellcheck >/dev/null; then missing="${missing:+$missing }$SHELLCHECK_PACKAGE"; fi
    if ! command -v luacheck >/dev/null; then missing="${missing:+$missing }$LUACHECK_PACKAGE"; fi
}

refuse() {
    echo "frontrow: $*" >&2
    exit 1
}

# Removes what `forbid_services` placed, and nothing else by that name.
allow_services() {
    for file in "$policy" "$no_cluster"; do
        if grep -qsF "$mark" "$file"; then $as_root rm -f "$file"; fi
    done
}

as_root=
if [ "$(id -u)" -eq 0 ]; then allow_services; fi # What a run left that was killed.
look
if [ -z "$missing" ]; then exit 0; fi

if ! command -v apt-get >/dev/null; then
    refuse "missing $missing: install them with this system's package manager (redis-server 7.0 or" \
        "newer; PostgreSQL 14 or newer with postgres, initdb and psql), and run this again"
fi
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then # Which also fails where there is no sudo.
        refuse "missing $missing: install with 'sudo apt-get install $missing', and run this again"
    fi
    as_root='sudo -n'
fi

# Writes standard input to a file that belongs to root.
write() {
    $as_root mkdir -p "$(dirname "$1")"
    $as_root tee "$1" >/dev/null
}

forbid_services() {
    # Somebody else's policy is respected. Ours forbids only while this script lives, in case it
    # is killed before it can remove it.
    if [ ! -e "$policy" ]; then
        write "$policy" <<END
#!/bin/sh
# $mark
if [ -d /proc/$$ ]; then exit 101; fi
exit 0
END
        $as_root chmod 755 "$policy"
    fi
    # Debian would make a cluster "main" and start it at the next boot. Nobody asked for that one,
    # and as this setting goes away again, the machine's own habit stays as it is.
    if [ ! -e "$no_cluster" ]; then
        write "$no_cluster" <<END
# $mark
create_main_cluster = false
END
    fi
}

install() {
    # shellcheck disable=SC2086 # Both are lists of words.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 \
        install --yes --no-install-recommends $missing </dev/null
}

trap allow_services EXIT
trap 'exit 130' HUP INT TERM
allow_services # What a run left that was killed, now that sudo may remove it too.
forbid_services

echo "frontrow: installing $missing (their system services are not started)"
# Fresh package lists take a while, so they are fetched only when those there do not do.
if ! install; then
    # shellcheck disable=SC2086 # A list of words.
    $as_root apt-get update || true
    install || refuse "could not install $missing: see above, or install it by hand"
fi

look
if [ -n "$missing" ]; then refuse "$missing is installed, but its programs are nowhere to be found"; fi
