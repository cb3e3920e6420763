# Everything starts here: `make report OFFICE=panzhihua YEAR=2023` on a fresh machine sets itself up first.
OFFICE ?= panzhihua
YEAR ?= 2023
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The first interpreter that is new enough; PYTHON=... overrides it.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)

.PHONY: help setup report check test lint format lab lock clean
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "  OFFICE=$(OFFICE) YEAR=$(YEAR) unless you say otherwise"

setup: $(STAMP)  ## Set up .venv alone: every dependency pinned, with hashes

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "nianbao needs Python 3.11 or newer (PYTHON=... says where it is)"; exit 2; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

report: $(STAMP)  ## Make one report: OFFICE=panzhihua YEAR=2023
	$(BIN)/nianbao report $(OFFICE) $(YEAR) $(if $(PROFILE),--profile $(PROFILE)) $(if $(DRAFT),--draft)

check: $(STAMP)  ## Check the inputs of every office and year
	$(BIN)/nianbao check

test: $(STAMP)  ## Run the tests
	$(BIN)/python -m pytest -n auto

lint: $(STAMP)  ## Check code, types, import rules and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nianbao lint

format: $(STAMP)  ## Put the code in its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lab: $(STAMP)  ## Open JupyterLab on the section notebooks
	$(BIN)/jupyter lab --notebook-dir=. notebooks/01_overview.ipynb

lock: $(STAMP)  ## Resolve the dependencies anew into requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--extra dev --quiet pyproject.toml --output-file requirements.lock

clean:  ## Remove what can be made again: outputs, caches, the store of steps (not .venv)
	find outputs -mindepth 3 ! -name SHA256SUMS -type f -delete 2>/dev/null || true
	rm -rf .nianbao .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
