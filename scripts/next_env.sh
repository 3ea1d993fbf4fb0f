#!/bin/sh
# Make an environment with the living fork of pylti1p3 and run the LTI contract in it: sh scripts/next_env.sh [pytest options]
#
# The fork has the same import name, so the two cannot live in one environment. This one holds the fork alone, installed
# from its pin and hash, and borrows everything else from the developer's environment (VENV, default .venv), which must be
# there: its own folder of packages comes first on the path. NEXT_VENV is where it lives (default .venvs/next).
set -eu

venv=${VENV:-.venv}
next=${NEXT_VENV:-.venvs/next}
requirements=requirements/next.txt
packages='import sysconfig; print(sysconfig.get_path("purelib"))'

borrowed=$(cd "$venv" && bin/python -c "$packages")
hash=$({ cat "$requirements"; echo "$borrowed"; } | sha256sum | cut -d' ' -f1)
if [ "$(cat "$next/.stamp" 2>/dev/null || true)" != "$hash" ]; then
    rm -rf "$next"
    "$venv/bin/python" -m venv --without-pip "$next"
    "$venv/bin/python" -m pip --python "$next/bin/python" --disable-pip-version-check --no-input --quiet \
        install --require-hashes --no-deps -r "$requirements"
    own=$("$next/bin/python" -c "$packages")
    echo "import site; site.addsitedir('$borrowed')" >"$own/borrowed.pth"
    echo "$hash" >"$next/.stamp"
fi

"$next/bin/python" -c '
import pathlib, sys, pylti1p3
from importlib import metadata
where = pathlib.Path(pylti1p3.__file__).resolve()
if pathlib.Path(sys.prefix).resolve() not in where.parents:
    sys.exit(f"this environment took pylti1p3 from {where}")
print("pylti1p3next", metadata.version("pylti1p3next"))
'
# What the library takes part in is tried in full; bent launches mostly test our own layer, a fifth of them is enough here.
IEP_TEST_MUTATIONS=${IEP_TEST_MUTATIONS:-0.2}
export IEP_TEST_MUTATIONS
exec "$next/bin/python" -m pytest -p no:cacheprovider tests/contract/lti tests/unit/door/test_library_seams.py "$@"
