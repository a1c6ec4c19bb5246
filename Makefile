# Every target prepares what it needs; `make help` lists them.
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export UV_PROJECT_ENVIRONMENT := $(VENV)
PARTS := check-format check-lint check-types check-imports check-architecture check-audit
PACKAGES := actors federation inbox maillage outbox web
CACHES := .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist

.PHONY: help setup demo test leaks check $(PARTS) fmt bench hooks clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

setup: $(VENV)/.ready ## prepare .venv with the locked versions and the maillage command

$(VENV)/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@test -x $(BIN)/python || echo 'Preparing $(VENV), once; about a minute…' >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install 'uv==$(UV_VERSION)'
	@$(BIN)/uv --quiet sync --frozen --inexact --compile-bytecode
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

demo: setup ## three nodes tell the story, then run; ONCE=1 ends after it, STEPS=json for programs
	@ONCE='$(ONCE)' STEPS='$(STEPS)' $(BIN)/python -m scripts.demo

test: setup ## all tests, on SQLite then on PostgreSQL; ARGS='-k delivery' for some
	@$(BIN)/python -m scripts.suites $(ARGS)

leaks: setup ## look for leaks: STEPS=2000 SEED=7 acts by chance, or SABOTAGE=all proves the search
	@STEPS='$(STEPS)' SEED='$(SEED)' SABOTAGE='$(SABOTAGE)' $(BIN)/python -m scripts.leaks

check: setup ## what must pass before a merge; all parts run, a summary says which did not
	@scripts/each $(PARTS)

check-format: setup ## is everything formatted
	@$(BIN)/ruff format --check .

check-lint: setup ## ruff's rules
	@$(BIN)/ruff check .

check-types: setup ## the strict type checker
	@$(BIN)/basedpyright --project .

check-imports: setup ## imports point one way
	@$(BIN)/lint-imports

check-architecture: setup ## the rules of the house
	@$(BIN)/python -m pytest -q tests/architecture

check-audit: setup ## known vulnerabilities of the locked versions
	@$(BIN)/python -m scripts.audit

fmt: setup ## format, and mend what can be mended by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## what each path costs; ROWS=ingest,home for some
	@$(BIN)/python -m benchmarks $(ROWS)

screenshots: setup ## a picture of every page into docs/screenshots; PAGES='home map' for some
	@ALL='$(ALL)' PAGES='$(PAGES)' $(BIN)/python -m tests.browser.gallery 2>/dev/null

hooks: ## let git run the checks before a commit and before a push
	@git config core.hooksPath scripts/hooks
	@echo 'pre-commit: make check-format check-lint check-imports; pre-push: make check'

clean: ## remove .venv, .demo and every cache
	@rm -rf $(VENV) .demo $(CACHES)
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
