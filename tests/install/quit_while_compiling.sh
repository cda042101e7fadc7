#!/bin/bash
# Closes the window in the middle of a compile, as a user does.   quit_while_compiling.sh TIMES [PROGRAM]
# Needs a display, xdotool and a window manager (openbox). Each time it waits a little longer before it quits.
set -euo pipefail
times=$1 program=${2:-rnnstudio}
openbox >/dev/null 2>&1 &
manager=$!
trap 'kill $manager' EXIT
passed=0
for i in $(seq "$times"); do
    home=$(mktemp -d)
    RNNSTUDIO_HOME=$home "$program" >"$home/log" 2>&1 &
    studio=$!
    window=$(timeout 60 xdotool search --sync --onlyvisible --name '^rnnstudio$' | head -n 1)
    sleep 1
    xdotool windowactivate --sync "$window" key F5 # trains what the form shows
    sleep "$(awk "BEGIN { print 0.3 + 0.2 * $i }")"
    xdotool key --clearmodifiers ctrl+q
    sleep 0.5
    xdotool key Return # "Stop and keep", where a training had begun
    code=0
    timeout 90 tail --pid=$studio -f /dev/null || { kill -9 $studio; code=timeout; }
    wait $studio || code=$?
    if [ "$code" = 0 ]; then passed=$((passed + 1)); else echo "exit $code:"; cat "$home/log"; fi
    rm -rf "$home"
done
echo "-- quit while compiling: $passed of $times with exit 0"
[ "$passed" = "$times" ]
