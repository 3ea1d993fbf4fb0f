#!/bin/sh
# Make the Python environment and install one set of pinned requirements: sh scripts/env.sh demo|dev|lock
#
# Called by the Makefile. Nothing is done when the environment already holds that set: a stamp keeps a hash of the
# files that decide it. PYTHON selects the interpreter, VENV the folder (default .venv).
set -eu

set_name=$1
venv=${VENV:-.venv}
requirements=requirements/$set_name.txt
stamps=$venv/.stamps
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
version='import sys; print("%d.%d" % sys.version_info[:2])'

say() { printf '%s\n' "$*" >&2; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        chosen=$PYTHON
        if ! "$chosen" -c '' 2>/dev/null && command -v pyenv >/dev/null 2>&1; then
            # A shim of pyenv's that is not switched on: take the newest interpreter it stands for.
            chosen=$(pyenv root)/versions/$(pyenv whence "$PYTHON" 2>/dev/null | tail -n 1)/bin/$PYTHON
        fi
        "$chosen" -c '' 2>/dev/null || { say "No interpreter named $PYTHON was found."; exit 1; }
        "$chosen" -c "$supported" || {
            say "$PYTHON is Python $("$chosen" -c "$version"); 3.11, 3.12 or 3.13 is needed."
            exit 1
        }
        echo "$chosen"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$supported" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed and was not found. On Debian 12 or newer: apt-get install python3 python3-venv"
    exit 1
}

# Another interpreter was asked for than the one the environment has: start over, but only where we made it.
if [ -n "${PYTHON:-}" ] && [ -e "$venv/pyvenv.cfg" ]; then
    python=$(find_python)
    wanted=$("$python" -c "$version")
    present=$("$venv/bin/python" -c "$version" 2>/dev/null || echo none)
    if [ "$wanted" != "$present" ]; then
        if [ ! -e "$stamps/made" ]; then
            say "$venv holds Python $present and was not made by this Makefile. Remove it, or choose another folder: VENV=.venvs/$wanted"
            exit 1
        fi
        say "Replacing $venv (Python $present) by one with Python $wanted."
        rm -rf "$venv"
    fi
fi

if [ ! -x "$venv/bin/python" ]; then
    python=$(find_python)
    say "Making $venv with $("$python" --version)."
    if ! "$python" -c 'import venv, ensurepip; ensurepip.version()' 2>/dev/null ||
        ! "$python" -m venv "$venv" >/dev/null; then
        rm -rf "$venv"
        say "$python cannot make an environment: its venv module is a separate package here."
        say "On Debian: apt-get install python3-venv"
        exit 1
    fi
    mkdir -p "$stamps"
    : >"$stamps/made"
fi

hash=$(cat "$requirements" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamps/$set_name" 2>/dev/null || true)" = "$hash" ]; then
    exit 0
fi

say "Installing $requirements into $venv (once; a minute or two)."
mkdir -p "$stamps"
pip="$venv/bin/python -m pip --disable-pip-version-check --no-input --quiet --quiet"
$pip install --require-hashes -r "$requirements"
if [ "$set_name" != lock ]; then
    # The build backend is among the pins, so nothing else is fetched here.
    $pip install --no-deps --no-build-isolation --no-index --editable .
fi
echo "$hash" >"$stamps/$set_name"
