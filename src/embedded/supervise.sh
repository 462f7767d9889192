#!/bin/sh
# Runs one server, and stops it when whoever started it is gone.
#
#   supervise.sh STOP_SIGNAL GRACE_SECONDS REMOVE PROGRAM ARGUMENT...
#
# Standard input is the lifeline: a pipe whose other end only the owner has. The kernel closes it
# when the owner ends for any reason, SIGKILL included, and that is the order to stop. (The
# parent-death signal would not do: it fires when the *thread* that started the child ends.)
#
#   "stop"        STOP_SIGNAL, and SIGKILL after GRACE_SECONDS
#   "kill"        SIGKILL at once
#   end of file   as "stop"; then the directory REMOVE is removed, if one is named
#
# The first line of standard output is the server's pid; the server itself writes to standard error.
stop_signal=$1 grace_seconds=$2 remove=$3
shift 3
unset FRONTROW_SUPERVISE # This text; the server has no use for it.

# A background job's standard input becomes /dev/null, so the lifeline moves to descriptor 3,
# which the server must not inherit.
exec 3<&0
"$@" </dev/null >&2 3<&- &
server=$!

watch() {
    if read -r order <&3; then remove=; else order=stop; fi
    # From here on SIGTERM is the news that the server has ended, so no pid is signalled after
    # it was given to somebody else.
    ended=
    trap 'ended=yes' TERM
    case $order in
    kill) kill -s KILL "$server" ;;
    *) kill -s "$stop_signal" "$server" ;;
    esac
    twentieths=0
    while [ -z "$ended" ]; do
        sleep 0.05
        twentieths=$((twentieths + 1))
        if [ "$twentieths" -ge $((grace_seconds * 20)) ]; then
            kill -s KILL "$server"
        elif [ $((twentieths % 20)) -eq 0 ]; then
            # A server that had only just been started may have missed the first.
            kill -s "$stop_signal" "$server"
        fi
    done
    if [ -n "$remove" ]; then rm -rf -- "$remove"; fi
}

# The answer comes after the watch is set, and must not end this shell: an owner that is already
# gone does not read it.
watch >&2 &
watcher=$!
trap '' PIPE
echo "$server" 2>/dev/null
exec </dev/null >&2

wait "$server"
status=$?
kill -s TERM "$watcher" 2>/dev/null
wait "$watcher"
exit "$status"
