# The verbs of this project. `make` alone lists them. CI runs the same ones (.ci/run).
#
# PYTHON=python3.13   which interpreter the environment is made with (3.11, 3.12 or 3.13)
# VENV=.venv          where the environment lives
# ARGS="..."          passed on to the program a verb runs
# PART=unit           which part of the tests: unit, contract, guard or e2e (all of them when empty)
# COV=1               measure coverage while testing
# TIMES=20            how many times as much `make fuzz` tries as a normal run

VENV ?= .venv
PYTHON ?=
ARGS ?=
PART ?=
COV ?=
TIMES ?= 20
# Two workers suit a small machine; the browser's tests run one after the other.
WORKERS ?= auto
export VENV PYTHON

BIN := $(VENV)/bin
TESTS := $(if $(PART),tests/$(PART),tests/unit tests/contract tests/guard tests/e2e)
# What `make e2e` runs.
BROWSED ?= tests/e2e
COVERAGE := $(if $(COV),--cov --cov-append --cov-report=)
# Branch coverage asked of the domain library, and of everything else, in percent.
COVERAGE_IEPCORE ?= 100
COVERAGE_REST ?= 90

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types walls guard e2e docs bench fuzz reference-report lock coverage coverage-report env-demo env-dev clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z][a-z0-9-]*:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

demo: env-demo ## Start the tool and a practice LMS on this machine (ARGS=--fresh starts over, ARGS=--check walks the loop)
	@exec $(BIN)/iep demo $(ARGS)

test: env-dev ## Run the tests (PART=unit|contract|guard|e2e, PYTHON=python3.13)
	@$(BIN)/python -m pytest $(if $(filter e2e,$(PART)),,-n $(WORKERS) --dist loadfile) $(TESTS) $(COVERAGE) $(ARGS)

check: lint types walls guard ## Lint, types, the walls between the rooms, and the guard tests

lint: env-dev
	$(BIN)/ruff check .

types: env-dev
	$(BIN)/mypy

walls: env-dev
	$(BIN)/lint-imports --no-logo

guard: env-dev
	$(BIN)/python -m pytest -q tests/guard

e2e: env-dev ## Run the browser's tests with Debian's Chromium
	@$(BIN)/python -m pytest $(BROWSED) $(COVERAGE) $(ARGS)

docs: env-dev ## Build the documentation into docs/_build/html (a warning is an error)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -b html -q docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

bench: env-dev ## Measure (writes a JSON file; never part of the tests)
	@$(BIN)/python -m pytest tests/bench -m bench $(ARGS)

fuzz: env-dev ## Bend valid launches for longer, with fresh random examples (TIMES=20: how many times a normal run)
	@IEP_TEST_HYPOTHESIS=default IEP_TEST_MUTATIONS=$(TIMES) $(BIN)/python -m pytest -n $(WORKERS) --dist load --timeout 0 \
		tests/contract/lti/test_mutations.py $(ARGS)

reference-report: env-dev ## Hold iepcore.progress against the shared reference values, and count them
	@$(BIN)/python -m scripts.reference_report $(ARGS)

lock: ## Write the exact pins with hashes again (UPGRADE=1 takes newer releases)
	@sh scripts/env.sh lock
	@sh scripts/lock.sh $(if $(UPGRADE),--upgrade)

coverage: env-dev ## Test with branch coverage and hold it against the two thresholds
	@rm -f .coverage .coverage.*
	@$(MAKE) --no-print-directory test PART= COV=1
	@$(MAKE) --no-print-directory coverage-report

coverage-report: env-dev
	@$(BIN)/coverage combine --append --quiet 2>/dev/null || true
	@failed=0; \
	$(BIN)/coverage report --include='iepcore/*' --fail-under=$(COVERAGE_IEPCORE) || failed=1; \
	$(BIN)/coverage report --include='connectors/*,lti_app/*' --fail-under=$(COVERAGE_REST) || failed=1; \
	exit $$failed

clean: ## Remove what the verbs made (not the environment)
	@rm -rf .coverage .coverage.* htmlcov docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

env-demo:
	@sh scripts/env.sh demo

env-dev:
	@sh scripts/env.sh dev
