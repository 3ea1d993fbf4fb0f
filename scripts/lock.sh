#!/bin/sh
# Write requirements/*.txt again: exact pins with the hashes of every file, for Python 3.11 to 3.13 on any platform.
#
# Extras stay in the pins: pip 23 does not hold coverage[toml], which pytest-cov asks for, to a plain coverage==X, and takes
# a newer release without a hash on the day there is one.
#
# Called by `make lock`. No index, host or path of this machine may enter the files; a guard test looks.
set -eu

venv=${VENV:-.venv}
upgrade=${1:-}

compile() {
    output=requirements/$1
    shift
    env -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS "$venv/bin/uv" --quiet pip compile "$@" $upgrade \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-strip-extras --custom-compile-command "make lock" --output-file "$output"
    echo "$output: $(grep -c '^[a-z].*==' "$output") packages"
}

# The demo first: the developer's set keeps to the versions that people run.
compile demo.txt pyproject.toml --extra lti --group build
compile dev.txt pyproject.toml --all-extras --group build --group dev --group docs --group e2e \
    --constraints requirements/demo.txt
compile lock.txt --group lock
# The fork that the LTI contract is also run against, alone: the rest of its environment is the developer's.
compile next.txt requirements/next.in --no-deps
# The clients that the roster bench measures ours against, alone with what they need.
compile bench.txt requirements/bench.in
