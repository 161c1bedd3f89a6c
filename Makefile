# Everything a person or a machine runs here: `make help`.
# The environment lives in .venv and is made on demand; nothing asks a question.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help demo test check bench prove constraints clean

VENV := .venv
BIN := $(VENV)/bin
# The first Python of the supported range; `make PYTHON=/path/to/python3.12 test` overrides it.
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(SUITABLE)' 2>/dev/null && { echo "$$p"; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Progress bars in a log help nobody.
QUIET := --quiet --progress-bar off
# How many processes run the tests.
JOBS ?= 2
# Which benchmarks, and how: all without it.
BENCH ?=
# Which proofs of the promise book, and how: all without it.
PROVE ?=

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: $(VENV)/.core ## plan a realistic day and write everything into demo-out/
	@$(BIN)/flatbed demo --out demo-out

test: check ## every rule and every test
	@$(BIN)/python -m pytest -n $(JOBS)

check: $(VENV)/.dev ## lint, format, types and floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.dev ## measure speed and quality; BENCH="engines --short" for a part
	@$(BIN)/python -m tests.benchmarks $(BENCH)

prove: $(VENV)/.dev ## prove the promise book at length; PROVE="kills --scale 0.1" for a part
	@$(BIN)/python -m tests.prove $(PROVE)

constraints: $(VENV)/.dev ## pin every dependency again after pyproject.toml changed
	@$(PIP) install $(QUIET) 'uv>=0.9'
	@$(BIN)/uv pip compile --quiet --universal --upgrade --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml --all-extras -o constraints.txt

clean: ## remove what was made here, the environment too
	@rm -rf $(VENV) demo-out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache

# A Python without ensurepip (Debian's, before python3-venv is installed) lends its own pip.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { \
		echo "Flatbed needs Python 3.11, 3.12 or 3.13: install one," \
			"or name it with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c '$(SUITABLE)' || { \
		echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13:" \
			"name another with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making $(VENV) with $$("$(PYTHON)" --version)" >&2
	@"$(PYTHON)" -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
		"$(PYTHON)" -m venv --without-pip $(VENV) && \
		"$(PYTHON)" -m pip --python $(VENV)/bin/python install $(QUIET) pip; }

$(VENV)/.core: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing Flatbed into $(VENV) (a few minutes the first time)" >&2
	@$(PIP) install $(QUIET) -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "installing the tools for tests and checks" >&2
	@$(PIP) install $(QUIET) -c constraints.txt -e '.[dev,bench,scale]'
	@touch $@
