#!/bin/sh
# Make the environment of the clients that the roster bench measures beside ours: sh scripts/bench_env.sh
#
# canvasapi and google-api-python-client with all they need, from their pins and hashes, and nothing of ours. VENV is the
# developer's environment whose Python is used (default .venv); BENCH_VENV is where this one lives (default .venvs/bench).
# Without it `make bench` reports their columns as not measured.
set -eu

venv=${VENV:-.venv}
bench=${BENCH_VENV:-.venvs/bench}
requirements=requirements/bench.txt

hash=$({ cat "$requirements"; "$venv/bin/python" -V; } | sha256sum | cut -d' ' -f1)
if [ "$(cat "$bench/.stamp" 2>/dev/null || true)" != "$hash" ]; then
    rm -rf "$bench"
    "$venv/bin/python" -m venv --without-pip "$bench"
    "$venv/bin/python" -m pip --python "$bench/bin/python" --disable-pip-version-check --no-input --quiet \
        install --require-hashes --no-deps -r "$requirements"
    echo "$hash" >"$bench/.stamp"
fi
"$bench/bin/python" -c '
from importlib import metadata
for name in ("canvasapi", "google-api-python-client"):
    print(name, metadata.version(name))
'
