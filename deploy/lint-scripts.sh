#!/bin/sh
# Checks what neither the compiler nor Clippy reads: shell scripts, and Lua as Redis runs it. A
# checker that is missing is said and passed over, unless CI is set: there it has to be.
set -eu
cd "$(dirname "$0")/.."

have() {
    if command -v "$1" >/dev/null; then return 0; fi
    echo "$1 is not installed: $2 are not checked" >&2
    if [ -n "${CI:-}" ]; then exit 1; fi
    return 1
}

# What every script but those of their own kind has in front, and what those that claim have after it.
lua_source() {
    case "$1" in
        lua/reset.lua | lua/cache_put.lua | lua/limit.lua) cat "$1" ;;
        lua/look.lua) cat lua/prelude.lua "$1" ;;
        lua/reserve.lua | lua/change.lua | lua/block.lua | lua/confirm.lua)
            cat lua/prelude.lua lua/changes.lua lua/verbs.lua lua/claim.lua "$1"
            ;;
        *) cat lua/prelude.lua lua/changes.lua lua/verbs.lua "$1" ;;
    esac
}

if have shellcheck "shell scripts"; then
    shellcheck .ci/run deploy/*.sh src/embedded/*.sh
    echo "shellcheck: nothing found"
fi

if have luacheck "Lua scripts"; then
    for script in lua/*.lua; do
        case "$script" in
            lua/prelude.lua | lua/changes.lua | lua/verbs.lua) continue ;;
        esac
        if ! said=$(lua_source "$script" | luacheck - --filename "$script" -q); then
            echo "$said" >&2
            exit 1
        fi
    done
    echo "luacheck: nothing found"
fi
