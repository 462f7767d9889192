#!/bin/sh
# Says what is missing to build the site, if anything is. Debian's own Node.js may be too old for it,
# so that installing that would not help.
set -eu

LEAST=20.19

found=$(node --version 2>/dev/null | sed 's/^v//') || found=
if [ -n "$found" ] && [ "$(printf '%s\n%s\n' "$LEAST" "$found" | sort -V | head -n 1)" = "$LEAST" ] &&
    command -v npm >/dev/null; then
    exit 0
fi
echo "frontrow: Node.js $LEAST or newer with npm not found${found:+ (this is $found)}:" \
    "the site is built with it. Install it from https://nodejs.org, and run this again." \
    "'cargo run -- dev' starts the service without the site" >&2
exit 1
