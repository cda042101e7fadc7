#!/bin/bash
# The part of tests/install/run.sh that runs inside a new system.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -qq -o Dpkg::Use-Pty=0 "$@" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }; }
say() { printf -- '-- %s\n' "$*"; }
as_user() { setpriv --reuid=user --regid=user --init-groups env -i HOME=/home/user PATH=/usr/bin:/bin LANG=C.UTF-8 "$@"; }
on_display() { as_user xvfb-run -a -s "-screen 0 1366x768x24" "$@"; }
# All files except those of the kernel, of apt and dpkg, and of the home folder.
files() { find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /root -o -path /home/user \
    -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache/apt -o -path /var/log \) -prune -o -print | sort; }
smoke() {
    local passed=0 i
    for i in $(seq "$1"); do
        if on_display rnnstudio --smoke >/tmp/smoke.log 2>&1; then passed=$((passed + 1)); else cat /tmp/smoke.log; fi
    done
    cat /tmp/smoke.log
    say "--smoke: $passed of $1"
    [ "$passed" = "$1" ]
}

useradd --create-home user
apt update
say "dependencies of rnnstudio, and a display for the tests"
apt install --no-install-recommends xvfb xauth xdotool openbox xz-utils
# Its dependencies remain after the removal, so they are installed before the files are counted.
apt install --no-install-recommends $(dpkg-deb -f /root/old.deb Depends | sed 's/([^)]*)//g; s/,/ /g')
files >/tmp/before

say "installation of the older version"
apt install --no-install-recommends /root/old.deb
as_user rnnstudio train echo --updates 300 | tail -n 1
as_user rnnstudio train airline --updates 20 | tail -n 1
before=$(as_user rnnstudio list runs --json)

say "upgrade"
apt install --no-install-recommends /root/new.deb
dpkg-query -W -f '${Version}\n' rnnstudio
[ "$before" = "$(as_user rnnstudio list runs --json)" ] || { echo "the upgrade changed the list of runs" >&2; exit 1; }
as_user rnnstudio forecast airline-1 --steps 2 | tail -n 1
as_user rnnstudio doctor | grep bundle
smoke "$TIMES"

say "closing the window while TensorFlow compiles"
on_display /tmp/quit_while_compiling.sh "$TIMES"

say "removal"
apt purge rnnstudio
files >/tmp/after
diff /tmp/before /tmp/after || { echo "the removal left files, or removed other files" >&2; exit 1; }
echo "files left in the system: none"
echo "files left in the home folder:"
(cd /home/user && find . -mindepth 1 -not -path './.cache/rnnstudio/compiled/*' -not -path './.local/share/rnnstudio/runs/*/*' | sort)

say "the .run, for one user"
rm -rf /home/user && install -d -o user -g user /home/user
chmod 755 /root && cp /root/rnnstudio.run /tmp/ && chmod 755 /tmp/rnnstudio.run
as_user TMPDIR=/var/tmp /tmp/rnnstudio.run --quiet
as_user /home/user/.local/bin/rnnstudio train echo --updates 30 | tail -n 1
on_display /home/user/.local/bin/rnnstudio --smoke
as_user TMPDIR=/var/tmp /tmp/rnnstudio.run --quiet >/dev/null # install it again over itself
as_user /home/user/.local/bin/rnnstudio list runs | grep -q echo-1
as_user /home/user/.local/lib/rnnstudio/uninstall
echo "files left in the home folder:"
(cd /home/user && find . -mindepth 1 -not -path './.cache/rnnstudio/compiled/*' -not -path './.local/share/rnnstudio/runs/*/*' | sort)
[ -z "$(find /home/user/.local -path '*/share/rnnstudio' -prune -o -type f -print)" ]
