#!/bin/bash
# Closes the window while TensorFlow compiles, as a user does.   quit_while_compiling.sh TIMES [PROGRAM]
# Needs a display, xdotool and a window manager (openbox). Each time it waits a little longer before it closes it.
set -euo pipefail
times=$1 program=${2:-rnnstudio}
openbox >/dev/null 2>&1 &
manager=$!
trap 'kill $manager' EXIT
passed=0 asked=0
for i in $(seq "$times"); do
    home=$(mktemp -d)
    RNNSTUDIO_HOME=$home "$program" >"$home/log" 2>&1 &
    studio=$!
    window=$(timeout 60 xdotool search --sync --onlyvisible --name '^rnnstudio$' | head -n 1)
    sleep 1
    xdotool windowactivate --sync "$window" key F5 # starts the training
    sleep "$(awk "BEGIN { print 0.3 + 0.2 * $i }")"
    xdotool key --clearmodifiers ctrl+q
    for _ in $(seq 100); do # the default button is "Stop and keep" if a training has started
        question=$(xdotool search --onlyvisible --name 'A training is running' 2>/dev/null | head -n 1) || true
        if [ -n "$question" ]; then xdotool windowactivate --sync "$question" key Return; asked=$((asked + 1)); break; fi
        kill -0 $studio 2>/dev/null || break
        sleep 0.1
    done
    code=0
    timeout 90 tail --pid=$studio -f /dev/null || { kill -9 $studio; code=timeout; }
    wait $studio || code=$?
    if [ "$code" = 0 ]; then passed=$((passed + 1)); else echo "exit $code:"; cat "$home/log"; fi
    rm -rf "$home"
done
echo "-- closed while compiling: $passed of $times with exit code 0, $asked with a question about the training"
[ "$passed" = "$times" ]
[ "$asked" -gt $((times / 2)) ] # otherwise the keys did not reach the window
